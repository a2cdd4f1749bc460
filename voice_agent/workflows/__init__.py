"""Durable work; start at `durable.py`."""
