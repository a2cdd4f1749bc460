"""The content of a mail's parts: text, calendar answers, reports, what is left out. Pure."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from typing import Literal

from voice_agent.channels.email.markup import text_of

MOST_BYTES = 400_000
"""Most bytes read of one text part."""
MOST_CHARS = 100_000
"""Most characters kept of a mail's text."""
DEEPEST = 20

ReportKind = Literal["bounce", "delay", "receipt", "complaint"]

_NOT_FOR_TEXT = {"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs",
                 "oem"}  # fmt: skip
_MEANT = {
    "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "shift_jis": "cp932", "big5": "big5hkscs",
}  # fmt: skip
"""Python's names of charsets, and the larger ones that mail programs write under those labels, as
in encoding.spec.whatwg.org: Outlook's curly quotes are in no ISO-8859-1."""
_FOR_MACHINES = {
    "message/delivery-status", "text/rfc822-headers", "message/disposition-notification",
    "message/feedback-report", "application/pgp-signature", "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}  # fmt: skip
_HALF = re.compile("[\ud800-\udfff]")
"""Lone surrogates, which UTF-7 can smuggle in and no database accepts."""
_STUB = re.compile(
    r"(?:support|view|enable|read)[^.]{0,60}\bhtml\b|\bhtml (?:e-?mail|message|version)", re.I
)
_ID = re.compile(r"^Message-ID:\s*<([^<>\s]{1,900})>", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Report:
    """A mail system's report; `about` is the reported mail's Message-ID, empty when unknown."""

    kind: ReportKind
    about: str = ""
    recipient: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """`left_out`: names of parts that were not read. `calendar`: the METHOD of a calendar part."""

    text: str = ""
    left_out: tuple[str, ...] = ()
    calendar: str = ""
    sealed: bool = False
    """Encrypted: nothing we can read."""
    report: Report | None = None


@dataclass(slots=True)
class _Found:
    texts: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    calendar: str = ""
    sealed: bool = False


def content(message: Message) -> Content:
    """The content of a parsed mail. May raise whatever the library's parser raises."""
    found = _Found()
    _walk(message, found, 0)
    text = "\n\n".join(t for t in found.texts if t)[:MOST_CHARS]
    made = Content(text, tuple(dict.fromkeys(found.left_out))[:20], found.calendar, found.sealed)
    if message.get_content_type() == "multipart/report":
        made = replace(made, report=_report(message))
    return made


def decoded(raw: bytes, charset: str) -> str:
    """Text of bytes: tries the stated charset, then UTF-8, then Windows-1252. Damaged UTF-8 loses
    its damaged characters only."""
    for name in (_codec(charset.strip().strip("\"'")), "utf-8"):
        try:
            if name:
                return _HALF.sub("\ufffd", raw.decode(name))
        except ValueError:
            continue
    mended = raw.decode("utf-8", "replace")
    if any(c > "\x7f" and c != "\ufffd" for c in mended):
        return mended
    return raw.decode("cp1252", "replace")


def _codec(charset: str) -> str:
    """Python's codec for a charset as mail states it; empty for none that is of text."""
    try:
        found = codecs.lookup(charset).name if charset else ""
    except (LookupError, ValueError):
        return ""
    return "" if found in _NOT_FOR_TEXT else _MEANT.get(found, found)


def _walk(part: Message, found: _Found, depth: int) -> None:
    kind = part.get_content_type()
    if kind == "multipart/encrypted" or kind == "application/pkcs7-mime":
        found.sealed = True
    elif part.is_multipart() and kind.startswith("multipart/"):
        if depth >= DEEPEST:
            found.left_out.append("deeply nested parts")
        elif kind == "multipart/alternative":
            _alternative(part, found, depth)
        else:
            for child in _children(part):
                _walk(child, found, depth + 1)
    else:
        _leaf(part, kind, found)


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, Message))


def _alternative(part: Message, found: _Found, depth: int) -> None:
    """Alternatives of the same content: plain text wins, unless it only points elsewhere."""
    ways = []
    for child in _children(part):
        way = _Found()
        _walk(child, way, depth + 1)
        found.left_out += way.left_out
        found.calendar = found.calendar or way.calendar
        found.sealed |= way.sealed
        ways.append("\n\n".join(t for t in way.texts if t))
    told = [way for way in ways if way.strip()]
    if told:
        first = told[0]
        stub = len(told) > 1 and len(first) < 300 and bool(_STUB.search(first))
        found.texts.append(told[-1] if stub else first)


def _leaf(part: Message, kind: str, found: _Found) -> None:
    name = _file_name(part)
    attached = part.get_content_disposition() == "attachment"
    if kind == "text/calendar":
        method = part.get_param("method") or ""
        found.calendar = (method if isinstance(method, str) else "").upper() or _method(part)
        if found.calendar not in ("REPLY", "COUNTER"):
            found.left_out.append(name or "a calendar invitation")
    elif (
        kind in ("text/plain", "text/html") and not attached and not (name and kind == "text/html")
    ):
        text = _text(part)
        found.texts.append(text_of(text) if kind == "text/html" else text)
    elif kind in _FOR_MACHINES:
        return
    elif kind.startswith("image/") and not attached:
        return  # a logo
    elif kind == "message/rfc822":
        found.left_out.append(name or "a forwarded message")
    else:
        found.left_out.append("winmail.dat" if kind.endswith("ms-tnef") else name or kind)


def _file_name(part: Message) -> str:
    name = part.get_filename() or ""
    return " ".join("".join(c for c in name if c.isprintable()).split())[:80]


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    raw = payload[:MOST_BYTES] if isinstance(payload, bytes) else b""
    return decoded(raw, str(part.get_param("charset") or ""))


def _method(part: Message) -> str:
    found = re.search(r"^METHOD:([A-Za-z]{1,20})\s*$", _text(part)[:20_000], re.M)
    return found[1].upper() if found else "PUBLISH"


def _report(message: Message) -> Report:
    """What a multipart/report (RFC 3462) says, and about which mail."""
    kind: ReportKind = "bounce"
    about = recipient = why = ""
    for part in _children(message):
        match part.get_content_type():
            case "message/disposition-notification":
                kind = "receipt"
            case "message/feedback-report":
                kind = "complaint"
            case "message/delivery-status":
                fields = {k.lower(): str(v) for block in _children(part) for k, v in block.items()}
                action = fields.get("action", "").strip().lower()
                kind = "bounce" if action in ("failed", "") else "delay"
                recipient = fields.get("final-recipient", "").rpartition(";")[2].strip().lower()
                why = (fields.get("diagnostic-code") or fields.get("status", ""))[:300]
            case "message/rfc822" | "text/rfc822-headers":
                original = _ID.search(part.as_string()[:50_000])
                about = original[1] if original else about
            case _:
                pass
    return Report(kind, about, " ".join(recipient.split()), " ".join(why.split()))
