"""What is written as it is said; start at `verbaliser.py`."""
