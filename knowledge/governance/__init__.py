"""Versions, approvals and the audit trail of a company's articles; start at `office.py`."""
