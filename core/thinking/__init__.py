"""Thinks one turn through before it is worded; start at `thinker.py`."""
