"""Facts by subject, combined in `events.py`, and their current status; start at `standing.py`."""
