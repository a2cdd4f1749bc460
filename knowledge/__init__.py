"""Governed knowledge; start at `answer.py`."""
