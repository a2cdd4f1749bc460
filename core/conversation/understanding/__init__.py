"""Turns words into commands; start at `embedded.py`, the rules, or `model.py`, a model."""
