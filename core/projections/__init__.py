"""What is read off the facts of a conversation, each for other eyes; start at `document.py`."""
