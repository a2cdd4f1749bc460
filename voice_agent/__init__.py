"""Server layer; start at `app.py`."""
