"""Views derived from a conversation's facts, each for other readers; start at `document.py`."""
