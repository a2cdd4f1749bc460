"""`POST /email/inbound`: a raw mail, or a mail provider's webhook form.

SendGrid and Mailgun can post the whole mail (`email`, `body-mime`); when only its parts come, as in
Postmark's JSON, the mail is rebuilt from them. Everything downstream sees only mails. A form's
fields are bytes: SendGrid says in one of them which charsets the others are in.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import parse_qsl

from voice_agent.channels.email.leaves import decoded
from voice_agent.channels.email.robots import SIGNS
from voice_agent.signatures import same

RAW_TYPES = {"message/rfc822", "application/octet-stream", "text/plain"}
_WHOLE = ("email", "body-mime", "raw", "RawEmail", "mime")
"""Fields that hold the whole mail: SendGrid's, Mailgun's, Postmark's, and two common names."""
_KEPT = ("message-id", "in-reply-to", "references", "date", "reply-to", "delivered-to",
         "authentication-results", *SIGNS)  # fmt: skip


class Unusable(Exception):
    """The request holds no mail; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted mail. `returned_to`: the envelope sender, None when not given."""

    raw: bytes
    returned_to: str | None = None


def allowed(secret: str, authorization: str, given: str) -> bool:
    """Whether a request has the secret: as bearer token, as password of basic authentication
    (providers put it in the URL), or as `token` in the query. An empty secret admits nobody."""
    kind, _, value = authorization.partition(" ")
    known = [given]
    if kind.lower() == "bearer":
        known.append(value.strip())
    elif kind.lower() == "basic":
        try:
            known.append(base64.b64decode(value, validate=True).decode().partition(":")[2])
        except ValueError:
            return False
    return any([same(one, secret) for one in known])


def from_form(fields: Mapping[str, bytes]) -> Posted:
    """The mail in a provider's fields. Raises: Unusable."""
    envelope = _envelope(fields)
    for name in _WHOLE:
        if value := fields.get(name):
            return Posted(value, envelope)
    charsets = _object(fields.get("charsets", b""))
    made = {name: decoded(value, str(charsets.get(name, ""))) for name, value in fields.items()}
    body = made.get("text") or made.get("body-plain") or made.get("plain") or ""
    markup = made.get("html") or made.get("body-html") or ""
    sender = made.get("from") or made.get("From") or made.get("sender") or ""
    if not sender or not (body or markup):
        raise Unusable(
            "no mail found: post message/rfc822, or a form with `email` or `body-mime`, or with"
            " `from`, `to`, `subject` and `text`"
        )
    headers = _form_headers(made)
    headers.update({"from": sender, "to": made.get("to") or made.get("recipient") or ""})
    headers["subject"] = made.get("subject") or made.get("Subject") or ""
    return Posted(_put_together(headers, body, markup), envelope)


def from_json(body: bytes) -> Posted:
    """The mail in a JSON object with Postmark's names. Raises: Unusable."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unusable("the body is no JSON") from error
    if not isinstance(told, dict):
        raise Unusable("the body is no JSON object")
    if isinstance(raw := told.get("RawEmail"), str) and raw:
        return Posted(raw.encode("utf-8", "surrogateescape"))
    listed = told.get("Headers")
    pairs = [h for h in listed if isinstance(h, dict)] if isinstance(listed, list) else []
    headers = {str(h.get("Name", "")).lower(): str(h.get("Value", "")) for h in pairs}
    body_text, markup = str(told.get("TextBody") or ""), str(told.get("HtmlBody") or "")
    if not told.get("From") or not (body_text or markup):
        raise Unusable("no mail found: `From` and `TextBody` or `HtmlBody` are needed")
    headers |= {n.lower(): str(told.get(n) or "") for n in ("From", "To", "Subject", "Date")}
    if told.get("ReplyTo"):
        headers["reply-to"] = str(told["ReplyTo"])
    if told.get("MessageID") and "message-id" not in headers:
        headers["message-id"] = f"<{told['MessageID']}>"
    return Posted(_put_together(headers, body_text, markup))


def urlencoded(body: bytes) -> dict[str, bytes]:
    """The fields of a urlencoded form."""
    text = body.decode("latin-1")  # a letter for each byte
    found = parse_qsl(text, keep_blank_values=True, encoding="latin-1")
    return {name: value.encode("latin-1") for name, value in found}


def _envelope(fields: Mapping[str, bytes]) -> str | None:
    """The envelope sender, if the provider gives it (SendGrid)."""
    sender = _object(fields.get("envelope", b"")).get("from")
    return sender if isinstance(sender, str) else None


def _object(value: bytes) -> Mapping[str, Any]:
    """The JSON object in a field; empty when it holds none."""
    try:
        told = json.loads(value or b"{}")
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _form_headers(made: Mapping[str, str]) -> dict[str, str]:
    """Headers a provider gives as text (SendGrid) or as pairs (Mailgun)."""
    found: dict[str, str] = {}
    for line in made.get("headers", "").replace("\r\n ", " ").replace("\n ", " ").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    try:
        pairs = json.loads(made.get("message-headers", "[]"))
    except (ValueError, RecursionError):
        pairs = []
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list) and len(pair) == 2:
            found.setdefault(str(pair[0]).lower(), str(pair[1]))
    for name in ("Message-Id", "In-Reply-To", "References"):
        if name in made:
            found.setdefault(name.lower(), made[name])
    return found


def _put_together(headers: Mapping[str, str], body: str, markup: str) -> bytes:
    """A mail rebuilt from its parts; headers are put on one line, so that none splits the mail."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=900))
    message.set_content(body or "", charset="utf-8", cte="base64")
    if markup:
        message.add_alternative(markup, subtype="html", charset="utf-8", cte="base64")
    lines = []
    for name in ("from", "to", "subject", *_KEPT):
        if value := headers.get(name):
            plain = " ".join("".join(c if c.isprintable() else " " for c in value).split())
            lines.append(f"{name}: {plain[:4_000]}\r\n".encode("utf-8", "replace"))
    kind = headers.get("content-type", "")
    if kind.startswith("multipart/report"):
        lines.append(b"auto-submitted: auto-generated\r\n")
    return b"".join(lines) + message.as_bytes()
