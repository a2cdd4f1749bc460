"""What a person should look at in a conversation, and why; start at `rules.py`."""
