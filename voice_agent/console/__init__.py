"""The reps' console, rendered on the server; start at `routes.py`."""
