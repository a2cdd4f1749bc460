"""Finds the approved passage that answers a question, or none. Start at `index.py`."""
