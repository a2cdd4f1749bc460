"""Rules changed in place, drafted and published."""
