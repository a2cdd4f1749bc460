"""Promised calls: kept by people or placed by the agent, and their doors. Start at `keeping.py`."""
