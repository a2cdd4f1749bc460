"""The embedded recogniser, pocketsphinx in separate processes; start at `transcriber.py`."""
