"""Turns signals into a verdict; start at `verdict.py`."""
