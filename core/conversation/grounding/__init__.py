"""Whether a sentence claims only what was approved or agreed; start at `gate.py`."""
