"""Parses a mail: its sender, its thread, and its words. Pure.

`read` accepts any bytes and never raises. `unreadable` says what could not be parsed; the raw mail
is kept for a person to look at.
"""

import email
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32

from voice_agent.channels.email import leaves
from voice_agent.channels.email.leaves import Content
from voice_agent.channels.email.reply_text import Written, written

MOST_WORK = 5_000_000
"""Lines times boundaries; a mail above it is not parsed, as every line is compared with each."""
LONGEST_HEADER = 8_000
MOST_HEADERS = 500
MOST_REFERENCES = 50

_ID = re.compile(r"<([^<>\s]{1,900})>")
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}))"
)
_QUOTED = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Party:
    """An address, in lower case, and its display name."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. Message ids are without brackets; `references` has the closest last."""

    key: str
    """Identifies the mail, however often and by whatever route it arrives."""
    message_id: str
    sender: Party | None
    reply_to: Party | None
    recipients: tuple[str, ...]
    subject: str
    references: tuple[str, ...]
    content: Content
    written: Written
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Decoded values by lower-case name, in order."""
    order: tuple[tuple[str, str], ...] = ()
    """The raw headers, top first."""
    unreadable: str = ""

    @property
    def correspondent(self) -> Party | None:
        """The party a reply goes to."""
        return self.reply_to or self.sender

    def header(self, name: str) -> str:
        """The first header of this name, or empty."""
        return next(iter(self.headers.get(name, ())), "")


def key_of(raw: bytes) -> str:
    """A mail's key: from its Message-ID and sender, or from all of it without an id."""
    return _key(raw, _parsed(_HEADER_END.split(raw, 1)[0]))


def read(raw: bytes) -> Mail:
    """Parse a mail."""
    unreadable = ""
    message = _parsed(b"")
    content = Content()
    if raw.count(b"\n") * raw.lower().count(b"boundary") > MOST_WORK:
        unreadable = "too many parts"
    else:
        try:
            message = _parsed(raw)
            content = leaves.content(message)
        except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError,
                KeyError, AssertionError) as error:  # fmt: skip  # the library's parser trusts
            unreadable = f"malformed ({type(error).__name__})"
    if unreadable:
        message = _parsed(_HEADER_END.split(raw, 1)[0])
    order = _headers(message)
    headers: dict[str, tuple[str, ...]] = {}
    for name, value in order:
        headers[name] = (*headers.get(name, ()), value)
    first = {name: values[0] for name, values in headers.items()}
    sender, recipients = _party(message, "from"), _recipients(message)
    return Mail(
        key=_key(raw, message),
        message_id=next(iter(_ids(first.get("message-id", ""))), ""),
        sender=sender,
        reply_to=_party(message, "reply-to"),
        recipients=recipients,
        subject=first.get("subject", "")[:500],
        references=_references(first),
        content=content,
        written=written(content.text, sender.name if sender else "", recipients),
        headers=headers,
        order=order,
        unreadable=unreadable,
    )


def parties(header: str) -> Iterator[Party]:
    """The usable addresses of a raw header; names that look like addresses do not count."""
    names = list[str]()

    def keep(found: re.Match[str]) -> str:
        names.append(re.sub(r"\\(.)", r"\1", found[0][1:-1]))
        return f"\x00{len(names) - 1}\x00"

    plain = _COMMENT.sub(" ", _QUOTED.sub(keep, header.replace("\x00", " ")))
    for piece in plain.split(","):
        angle = re.search(r"<([^<>]*)>\s*$", piece)
        if made := _usable((angle[1] if angle else piece).strip()):
            name = piece[: angle.start()] if angle else ""
            name = re.sub(r"\x00(\d+)\x00", lambda m: names[int(m[1])], name)
            yield Party(made, _decoded(name)[:100])


def _usable(address: str) -> str:
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    made = f"{local}@{domain}"
    if not _ADDRESS.fullmatch(made) or ".." in made or len(made) > 254:
        return ""
    return made.lower()


def _parsed(raw: bytes) -> Message:
    return email.message_from_bytes(raw, policy=compat32)


def _headers(message: Message) -> tuple[tuple[str, str], ...]:
    items = list(message.raw_items())[:MOST_HEADERS]
    return tuple((name.lower(), _decoded(str(value))) for name, value in items)


def _decoded(value: str) -> str:
    """A header's text on one line, RFC 2047 decoded."""
    value = _unescaped(value[:LONGEST_HEADER])
    if "=?" in value:
        try:
            pieces = decode_header(re.sub(r"\r?\n[ \t]?", " ", value))
            value = "".join(
                leaves.decoded(piece, charset or "") if isinstance(piece, bytes) else piece
                for piece, charset in pieces
            )
        except (ValueError, HeaderParseError):  # a malformed encoded word stays as it is
            pass
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _unescaped(value: str) -> str:
    """Bytes the parser kept as surrogates, decoded to text."""
    if not any("\udc80" <= c <= "\udcff" for c in value):
        return value
    return leaves.decoded(value.encode("utf-8", "surrogateescape"), "")


def _ids(header: str) -> list[str]:
    found = _ID.findall(header)
    if not found and header and " " not in header and "@" in header:
        found = [header.strip("<>")[:900]]
    return found


def _references(first: Mapping[str, str]) -> tuple[str, ...]:
    chain = _ids(first.get("references", ""))
    answered = _ids(first.get("in-reply-to", ""))
    return tuple(dict.fromkeys([*chain[-MOST_REFERENCES:], *answered[:1]]))


def _values(message: Message, name: str) -> list[str]:
    """A header's values on one line each, undecoded: an encoded comma separates nothing."""
    found = [str(v) for k, v in message.raw_items() if k.lower() == name]
    return [" ".join(_unescaped(value[:LONGEST_HEADER]).split()) for value in found[:5]]


def _party(message: Message, name: str) -> Party | None:
    return next((party for value in _values(message, name) for party in parties(value)), None)


def _recipients(message: Message) -> tuple[str, ...]:
    names = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-forwarded-to")
    found = [
        party for name in names for value in _values(message, name) for party in parties(value)
    ]
    return tuple(dict.fromkeys(party.address for party in found))[:200]


def _key(raw: bytes, message: Message) -> str:
    ids = _ids(next(iter(_values(message, "message-id")), ""))
    sender = _party(message, "from")
    if not ids:
        return hashlib.sha256(raw).hexdigest()[:32]
    whole = f"{ids[0]}\x00{sender.address if sender else ''}"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
