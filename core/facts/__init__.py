"""Facts of one subject each, joined in `events.py`, and how they stand; start at `standing.py`."""
