"""Calls promised to buyers: what is due when, and whether the AI may dial. Start at `due.py`."""
