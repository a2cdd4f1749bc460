"""Twilio's protocols: webhooks, media streams, REST; start at `socket.py`."""
