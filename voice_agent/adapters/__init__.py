"""Implementations of core's ports over the network."""
