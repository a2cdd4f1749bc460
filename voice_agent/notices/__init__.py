"""Notices to people: an inbox, and channels out of it; start at `telling.py`."""
