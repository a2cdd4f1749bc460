"""Chat on the company's website; start at `routes.py`, then `socket.py` for one socket's life."""
