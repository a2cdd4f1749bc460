"""Imports documents, price lists and calls as draft articles; start at `reader.py`."""
