"""The sections of company.yaml, one module each; `profile.py` puts them together."""
