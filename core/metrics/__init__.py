"""Figures computed from conversation logs; start at `report.py`."""
