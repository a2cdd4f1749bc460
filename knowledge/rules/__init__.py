"""Governed changes to criteria and routing without editing the file; start at `book.py`."""
