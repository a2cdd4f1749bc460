"""The stream token: proof that a media socket belongs to a call our own webhook answered."""

import hashlib
import hmac

LIFETIME_S = 60


def issue(key: bytes, call_sid: str, caller: str, called: str, now_s: int) -> str:
    """A token bound to the call and its numbers, good for one minute."""
    expires = now_s + LIFETIME_S
    return f"{expires}.{_digest(key, call_sid, caller, called, expires)}"


def valid(key: bytes, token: str, call_sid: str, caller: str, called: str, now_s: int) -> bool:
    """Whether the token was issued for this call and is still young enough."""
    head, _, digest = token.partition(".")
    if not (head.isascii() and head.isdigit() and len(head) <= 12):
        return False
    expires = int(head)
    wanted = _digest(key, call_sid, caller, called, expires)
    return hmac.compare_digest(_bytes(digest), wanted.encode()) and now_s <= expires


def _digest(key: bytes, call_sid: str, caller: str, called: str, expires: int) -> str:
    text = "\x1f".join((call_sid, caller, called, str(expires)))
    return hmac.new(key, _bytes(text), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    """JSON may carry half a surrogate pair, which plain UTF-8 refuses."""
    return text.encode("utf-8", "surrogatepass")
