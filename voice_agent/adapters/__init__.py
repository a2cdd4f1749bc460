"""Implementations of core's ports over the network; JSON over HTTP is in `json_wire.py`."""
