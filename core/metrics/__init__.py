"""What the conversations amount to, computed from their logs: `report.py` ▸."""
