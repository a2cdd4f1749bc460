"""Signals to verdict; start at `verdict.py`."""
