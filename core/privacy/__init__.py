"""Keeps card numbers out of storage, and persons out of what remains; start at `cards.py`."""
