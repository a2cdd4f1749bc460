"""Checks of a company folder, one module a section of it. Start at `company.py`."""
