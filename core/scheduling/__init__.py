"""Meetings: free times, what is offered, what is booked; start at `slots.py`."""
