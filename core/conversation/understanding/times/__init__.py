"""What a turn says of times, calls and meetings; start at `choosing.py`."""
