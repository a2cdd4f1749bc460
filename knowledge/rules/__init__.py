"""Criteria and routing changed without touching the file, and governed; start at `book.py`."""
