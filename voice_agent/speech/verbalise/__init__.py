"""Turns written text into spoken words; start at `verbaliser.py`."""
