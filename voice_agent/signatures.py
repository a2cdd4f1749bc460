"""Signatures of what we hand out and get back, all derived from the server's one secret. Pure.

Each purpose signs separately, so that nothing signed for one is valid for another. Long-lived
tokens are signed with a label before the words, as before purposes had keys: mails, links and chat
sessions already handed out stay valid. The other purposes use a derived key.
"""

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a signature is for."""

    name: str
    label: bytes = b""
    """Prefix when signing with the server's own secret; empty: a derived key signs."""

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
    """Compare two secrets in constant time, whatever the type given; an empty one never matches."""
    text = given if isinstance(given, str) else ""
    one, other = (t.encode("utf-8", "surrogatepass") for t in (text, wanted))
    return bool(wanted) and hmac.compare_digest(one, other)
