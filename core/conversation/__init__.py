"""What is known and said; start at `state.py`."""
