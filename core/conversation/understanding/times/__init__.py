"""What a turn says about times, calls and meetings; start at `choosing.py`."""
