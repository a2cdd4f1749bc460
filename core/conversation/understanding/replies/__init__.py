"""Answers to what we asked or offered, and courtesies; start at `yes_no.py`."""
