"""What a turn answers to what we asked or offered, and manners; start at `yes_no.py`."""
