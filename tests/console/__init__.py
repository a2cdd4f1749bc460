"""The reps' console."""
