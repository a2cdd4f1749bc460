"""Words into commands; start at `embedded.py`, the rules, and `model.py`, a model beside them."""
