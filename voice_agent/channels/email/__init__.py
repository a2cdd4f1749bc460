"""Conversations by email; start at `inbox.py`."""
