"""One turn thought through before a word is chosen; start at `thinker.py`."""
