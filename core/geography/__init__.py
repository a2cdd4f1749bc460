"""Places and their local time; start at `places.py`."""
