"""Signed webhooks to other systems; start at `sending.py`."""
