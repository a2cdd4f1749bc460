"""Removes card numbers from a mail before it is stored, in every part and encoding. Pure."""

import email
import re
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32

from core.privacy.cards import CARD, Hidden, find, redacted
from voice_agent.channels.email.leaves import MOST_BYTES, decoded

_TAG = re.compile(r"<[^<>]*>|&#?\w{1,8};")


def scrubbed(raw: bytes) -> bytes:
    """The mail without card numbers; the same bytes if it has none. Never raises."""
    try:
        message = email.message_from_bytes(raw, policy=compat32)
        changed = _subject(message)
        for part in message.walk():
            if part.get_content_maintype() == "text" and not part.is_multipart():
                changed |= _text(part)
        return message.as_bytes() if changed else raw
    except Exception:  # the library's parser and writer trust their input
        text = raw.decode("latin-1")
        return redacted(text).encode("latin-1")


def _subject(message: Message) -> bool:
    given = message["subject"]
    if given is None:
        return False
    subject = str(make_header(decode_header(str(given))))
    if (kept := redacted(subject)) == subject:
        return False
    message.replace_header("subject", kept)
    return True


def _text(part: Message) -> bool:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return False
    text = decoded(payload, str(part.get_param("charset") or ""))
    html = part.get_content_subtype() == "html"
    read = _TAG.sub(lambda tag: " " * len(tag.group()), text) if html else text
    hidden = [h for n in range(0, len(read), MOST_BYTES) for h in _found(read, n)]
    if not hidden:
        return False
    del part["content-transfer-encoding"]
    part.set_payload(_without(text, hidden) if html else redacted(text, hidden), "utf-8")
    return True


def _found(text: str, start: int) -> list[Hidden]:
    """Cards in one window, which overlaps the next, to bound the time."""
    piece = text[start : start + MOST_BYTES + 200]
    return [Hidden(start + h.start, start + h.end, h.mark) for h in find(piece)]


def _without(text: str, hidden: list[Hidden]) -> str:
    """HTML without the digits of cards; its tags stay, so it renders as before."""
    for one in sorted(set((h.start, h.end) for h in hidden), reverse=True):
        inside = _TAG.findall(text[one[0] : one[1]])
        text = f"{text[: one[0]]}{CARD}{''.join(inside)}{text[one[1] :]}"
    return text
