"""Who a buyer is across channels, and what is known about them; start at `decide.py`."""
