"""One call; start at `session.py`."""
