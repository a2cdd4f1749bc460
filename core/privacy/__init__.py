"""Cards kept out of what is stored, persons out of what stays; start at `cards.py`."""
