"""An act into sentences; start at `realise.py`."""
