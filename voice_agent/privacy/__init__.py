"""What a person may ask of their data, and what goes in its time; start at `routes.py`."""
