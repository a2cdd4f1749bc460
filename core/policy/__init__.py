"""What to do next; start at `next_act.py`."""
