"""Telling people of matters: an inbox, and ways out of it; start at `telling.py`."""
