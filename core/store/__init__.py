"""What lasts; start at `unit_of_work.py`."""
