"""Speech recognition and synthesis; start at `ports.py`."""
