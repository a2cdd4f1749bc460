"""Promised calls: what is due when, and whether the AI may dial; start at `due.py`."""
