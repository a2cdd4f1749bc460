"""Durable storage; start at `store.py`."""
