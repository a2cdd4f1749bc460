"""Runs the process: sockets, workers, health, memory, traces. Start at `serving.py`."""
