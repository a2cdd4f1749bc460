"""What the rep gets; start at `brief.py`."""
