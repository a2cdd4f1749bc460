"""Authored conversations held with the engine and scored; start at `run.py`."""
