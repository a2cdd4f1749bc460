"""`drawn(…)`: a conversation's position in random samples. Pure."""

import hashlib


def drawn(conversation_id: str) -> float:
    """Its position in [0, 1), seeded by the id alone, so that it is the same on every call.

    A sampling share takes the positions below it; a larger share takes the same ones and more.
    """
    digest = hashlib.sha256(f"audit:{conversation_id}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64
