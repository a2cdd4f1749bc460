"""Conversations by email; start at `receiving.py`."""
