"""The JSON API for whoever holds the token; start at `calls.py`."""
