"""What others know of a buyer's company; start at `enrich.py`."""
