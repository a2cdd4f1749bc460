"""The stream token: proof that a media socket belongs to a call our own webhook answered."""

from voice_agent.signatures import STREAM, same

LIFETIME_S = 60


def issue(key: bytes, call_sid: str, caller: str, called: str, now_s: int) -> str:
    """A token bound to the call and its numbers, valid for one minute."""
    expires = now_s + LIFETIME_S
    return f"{expires}.{_digest(key, call_sid, caller, called, expires)}"


def valid(key: bytes, token: str, call_sid: str, caller: str, called: str, now_s: int) -> bool:
    """Whether the token was issued for this call and has not expired."""
    head, _, digest = token.partition(".")
    if not (head.isascii() and head.isdigit() and len(head) <= 12):
        return False
    expires = int(head)
    return same(digest, _digest(key, call_sid, caller, called, expires)) and now_s <= expires


def _digest(key: bytes, call_sid: str, caller: str, called: str, expires: int) -> str:
    return STREAM.hex(key, "\x1f".join((call_sid, caller, called, str(expires))))
