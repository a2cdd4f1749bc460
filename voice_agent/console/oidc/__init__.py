"""Sign-in at the company's own identity provider, by OpenID Connect; start at `doors.py`."""
