"""Channels besides the telephone; start at `writing.py`, for conversations in writing."""
