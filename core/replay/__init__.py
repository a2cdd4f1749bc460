"""Stored calls run again: the facts of what one was fed, and today's engine on them ▸ `run`."""
