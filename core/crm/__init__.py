"""What goes to a CRM and what comes from it; start at `sync.py`."""
