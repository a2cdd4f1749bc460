"""Builds a letter's bytes: plain text, the same as HTML, and an invitation. Pure.

The same letter gives the same bytes, so a letter resent after a crash is the same mail.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Literal

from voice_agent.channels.email.robots import OURS

MOST_REFERENCES = 20
LONGEST_HEADER_LINE = 990
LONGEST_ID = 300
Method = Literal["REQUEST", "CANCEL"]

_LINK = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to send. Ids are without brackets; HTML is made from `text` unless given."""

    id: str
    to: str
    to_name: str
    subject: str
    text: str
    at: datetime
    references: tuple[str, ...] = ()
    """The thread's message ids, with the one replied to last."""
    reply_to: str = ""
    unsubscribe: str = ""
    """The unsubscribe link."""
    automatic: str = "auto-replied"
    """`auto-replied` for a reply, `auto-generated` otherwise (RFC 3834)."""
    html: str = ""
    """The HTML part, when paragraphs made from `text` are not enough."""
    ics: str = ""
    ics_method: Method = "REQUEST"
    cc: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class From:
    """The sender: our address and display name."""

    address: str
    name: str


def built(letter: Letter, sender: From) -> bytes:
    """The mail, with CRLF line endings."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = _address(sender.name, sender.address)
    message["To"] = _address(letter.to_name, letter.to)
    if letter.cc:
        message["Cc"] = [_address("", address) for address in letter.cc]
    message["Subject"] = _line(letter.subject)[:300]
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}>"
    if letter.references:
        message["In-Reply-To"] = f"<{_token(letter.references[-1])[:900]}>"
        shown = [_token(one) for one in letter.references]
        shown = [one for one in shown if 0 < len(one) <= LONGEST_ID]
        shown = [*shown[:1], *shown[1:][-MOST_REFERENCES + 1 :]]
        if shown:
            message["References"] = " ".join(f"<{one}>" for one in shown)
    if letter.reply_to:
        message["Reply-To"] = _address(sender.name, letter.reply_to)
    message["Auto-Submitted"] = letter.automatic
    message["X-Auto-Response-Suppress"] = "All"
    message[OURS] = "1"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(
        letter.html or html_of(letter.text), subtype="html", charset="utf-8", cte="quoted-printable"
    )
    if letter.ics:
        _invite(message, letter)
    for n, part in enumerate(p for p in message.walk() if p.is_multipart()):
        digest = hashlib.sha256(f"{letter.id}\x00{n}".encode()).hexdigest()[:32]
        part.set_boundary(f"=={digest}")
    # An id longer than a line would be folded into an encoded word, which no client recognises.
    return message.as_bytes(policy=message.policy.clone(max_line_length=LONGEST_HEADER_LINE))


def _invite(message: EmailMessage, letter: Letter) -> None:
    """Attach the invitation as calendars expect it: as an alternative part and as a file."""
    params = {"method": letter.ics_method}
    message.add_alternative(
        letter.ics, subtype="calendar", charset="utf-8", cte="base64", params=params
    )
    message.add_attachment(
        letter.ics.encode(), maintype="application", subtype="ics", filename="invite.ics"
    )


def html_of(text: str) -> str:
    """Plain text as HTML: paragraphs, quotes, links. Everything in it is escaped."""
    body = "\n".join(_blocks(text))
    style = "font-family:sans-serif;font-size:15px;line-height:1.5;color:#1a1a1a"
    return f'<!doctype html><html><body style="{style}">\n{body}\n</body></html>\n'


def _blocks(text: str) -> Iterator[str]:
    quote = "margin:1em 0 .3em;padding-left:.8em;border-left:3px solid #ccc;color:#555"
    for paragraph in re.split(r"\n{2,}", text.strip()):
        lines = paragraph.split("\n")
        while lines and lines[0].startswith("> "):
            yield f'<blockquote style="{quote}">{_linked(lines.pop(0)[2:])}</blockquote>'
        if lines:
            yield "<p>" + "<br>\n".join(map(_linked, lines)) + "</p>"


def _linked(line: str) -> str:
    shown, at = "", 0
    for found in _LINK.finditer(line):
        url = escape(found[0])
        shown += escape(line[at : found.start()]) + f'<a href="{url}">{url}</a>'
        at = found.end()
    return shown + escape(line[at:])


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(_line(name), username=local, domain=domain)


def _token(text: str) -> str:
    """A foreign id made safe for a header of ours."""
    return "".join(c for c in text if 33 <= ord(c) <= 126 and c not in "<>")


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
