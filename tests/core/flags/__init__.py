"""Tests of flags: what a person should look at."""
