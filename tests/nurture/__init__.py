"""Tests of nurture."""
