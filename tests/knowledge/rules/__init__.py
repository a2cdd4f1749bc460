"""Tests of rules: edited in place, drafted and published."""
