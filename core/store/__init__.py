"""Durable storage; start at `unit_of_work.py`."""
