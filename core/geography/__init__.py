"""Where somebody is and what time it is there; start at `places.py`."""
