"""Words an act as sentences; start at `realise.py`."""
