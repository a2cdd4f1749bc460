"""Channel-agnostic thinking; start at `engine.py`."""
