"""Chat on the company's website; start at `routes.py`, one socket's life is in `socket.py`."""
