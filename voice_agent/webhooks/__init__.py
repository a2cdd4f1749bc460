"""Telling other systems what happens, signed; start at `sending.py`."""
