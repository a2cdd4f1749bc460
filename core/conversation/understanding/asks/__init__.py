"""What a turn asks us; start at `questions.py`."""
