"""Samples; start at `pcm.py`."""
