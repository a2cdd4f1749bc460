"""Conversations by email; start at `reception.py`."""
