"""A conversation's state, understanding and wording; start at `state.py`."""
