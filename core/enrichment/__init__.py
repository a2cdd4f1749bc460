"""What data sources know about a buyer's company; start at `enrich.py`."""
