"""Hearing and speaking; start at `ports.py`."""
