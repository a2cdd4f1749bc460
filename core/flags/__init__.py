"""What a person should review in a conversation, and why; start at `rules.py`."""
