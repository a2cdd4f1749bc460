"""Stored calls run again: a call's recorded inputs through today's engine; start at `run.py`."""
