"""Promised calls, kept by people or placed by the agent; start at `timers.py`."""
