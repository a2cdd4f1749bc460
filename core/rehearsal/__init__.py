"""What edited rules would change, and the gaps in knowledge; start at `rehearse.py`."""
