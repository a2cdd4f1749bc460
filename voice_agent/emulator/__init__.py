"""An emulator of Twilio, for tests; start at `twilio.py`."""
