"""Conversations in text; start at `turn.py`."""
