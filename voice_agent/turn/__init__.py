"""Turn-taking: who holds the floor; start at `machine.py`."""
