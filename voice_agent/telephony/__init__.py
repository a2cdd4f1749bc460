"""The telephone company's wire; start at `socket.py`."""
