"""The embedded recogniser, pocketsphinx in processes of its own; start at `transcriber.py`."""
