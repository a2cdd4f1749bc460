"""Third-party identity providers, started for tests; start at `standing.py`."""
