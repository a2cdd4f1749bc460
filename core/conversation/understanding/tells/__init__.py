"""What buyers say about themselves; start at `reading.py`, and `details.py` for who they are."""
