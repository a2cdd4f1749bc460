"""What edited rules would change, and what knowledge lacks; start at `rehearse.py`."""
