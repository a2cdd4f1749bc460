"""A person's rights over their data, and retention; start at `routes.py`."""
