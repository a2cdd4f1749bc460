"""Payment cards kept out of what is stored; start at `cards.py`."""
