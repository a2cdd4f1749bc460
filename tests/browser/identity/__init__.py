"""Identity providers by others, started for a test: `standing.py` ▸."""
