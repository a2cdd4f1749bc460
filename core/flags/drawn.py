"""`drawn(…)`: where a conversation stands in a random sample. Pure."""

import hashlib


def drawn(conversation_id: str) -> float:
    """Its place in [0, 1), seeded by the id alone, so that asking again draws the same.

    A share takes those below it; a larger share takes the same ones and more.
    """
    digest = hashlib.sha256(f"audit:{conversation_id}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
