"""Conversations in writing; start at `turn.py`."""
