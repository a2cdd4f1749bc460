"""What a turn tells of who says it; start at `reading.py`, and `details.py` for who they are."""
