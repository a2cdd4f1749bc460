"""A telephone company to test with; start at `twilio.py`."""
