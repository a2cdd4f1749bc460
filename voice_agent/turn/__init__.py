"""Who holds the floor; start at `machine.py`."""
