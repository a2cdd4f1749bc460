"""Who takes a lead, and why not the others; start at `choose.py`."""
