"""The JSON API behind the API token; start at `calls.py`."""
