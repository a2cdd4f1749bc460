"""Channels besides the telephone; `writing` is the door to conversations in writing."""
