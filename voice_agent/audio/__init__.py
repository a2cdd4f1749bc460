"""Audio samples; start at `pcm.py`."""
