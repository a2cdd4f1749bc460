"""Runs authored conversations against the engine and scores them; start at `run.py`."""
