"""The handoff to a rep; start at `brief.py`."""
