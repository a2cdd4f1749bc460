"""Tests of keeping in touch."""
