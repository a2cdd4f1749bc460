"""A browser telephone that speaks Media Streams like Twilio; start at `routes.py`."""
