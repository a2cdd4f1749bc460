"""What words say by themselves: numbers, dates, money, names, places; start at `utterance.py`."""
