"""Signatures of what we hand out and are shown again, all from the server's one secret. Pure.

Each purpose signs apart from every other, so that nothing signed for one is good for another. What
lives long is signed with a label before its words, as it was before purposes had keys: mails, links
and chat sessions that are out there go on verifying. The others have a key derived for them.
"""

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purpose:
    """What something is signed for."""

    name: str
    label: bytes = b""
    """Signed before the words, with the server's own secret; empty: a key of its own signs."""

    def digest(self, secret: bytes, words: str) -> bytes:
        """The signature of these words, 32 bytes (HMAC-SHA-256)."""
        told = words.encode("utf-8", "surrogatepass")  # JSON may carry half a surrogate pair
        if self.label:
            return hmac.digest(secret, self.label + told, hashlib.sha256)
        key = hmac.digest(secret, f"voice-agent {self.name}".encode(), hashlib.sha256)
        return hmac.digest(key, told, hashlib.sha256)

    def hex(self, secret: bytes, words: str) -> str:
        """The same as text."""
        return self.digest(secret, words).hex()


CHAT = Purpose("chat session", b"chat session\x1f")
MAIL_REPLY = Purpose("mail reply", b"reply\x00")
MAIL_STOP = Purpose("unsubscribing", b"unsubscribe\x00")
WEEKLY_STOP = Purpose("weekly mail", b"weekly:")
SHARED = Purpose("shared page", b"share-link:")
PHONE = Purpose("browser phone", b"browser phone: ")
STREAM = Purpose("media stream")
FORM = Purpose("console form")
SIGN_IN = Purpose("sign-in elsewhere")
PEERS = Purpose("peers")


def same(given: object, wanted: str) -> bool:
    """Compare two secrets in constant time, whatever was given; an empty one is never right."""
    text = given if isinstance(given, str) else ""
    one, other = (t.encode("utf-8", "surrogatepass") for t in (text, wanted))
    return bool(wanted) and hmac.compare_digest(one, other)
