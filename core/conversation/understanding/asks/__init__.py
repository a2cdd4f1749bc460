"""What a turn asks of us; start at `questions.py`."""
