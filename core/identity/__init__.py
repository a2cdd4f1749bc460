"""Who a buyer is across channels, and what is known of them; start at `decide.py`."""
