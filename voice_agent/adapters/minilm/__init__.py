"""What all-MiniLM-L6-v2 (Apache-2.0) reads words as; used by `../embeddings_minilm.py`."""
