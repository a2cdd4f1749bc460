"""Durable workflows and jobs; start at `durable.py`."""
