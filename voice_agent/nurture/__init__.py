"""Nurture: keeping in touch with buyers who are not ready; start at `enrolment.py`."""
