"""A chat session: the signed token by which a browser holds a conversation. Pure.

Nothing is stored for a session until its first message, so handing one out costs nothing.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.events import IdentifierSeen
from core.talk import ConversationOpened, Page
from voice_agent.signatures import CHAT, same

LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Session:
    """`conversation_id` and `visitor` are ours and unguessable; `zone` is the browser's own."""

    conversation_id: str
    visitor: str
    """The same in all of a browser's conversations."""
    zone: str
    """IANA name; empty when the browser sent none that is known."""
    issued_at: datetime


def opened_by(
    session: Session, at: datetime, page: Page | None = None, invited: str = ""
) -> ConversationOpened:
    """The opening of a session's conversation, if it began now."""
    seen = IdentifierSeen("cookie", session.visitor, True)
    return ConversationOpened(
        session.conversation_id, "chat", "inbound", None, None, at, session.zone, page, (seen,),
        invited=invited,
    )  # fmt: skip


def issue(key: bytes, session: Session) -> str:
    """A token only this server can issue."""
    fields = [
        session.conversation_id, session.visitor, session.zone, int(session.issued_at.timestamp())
    ]  # fmt: skip
    body = base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")
    return f"{body}.{CHAT.hex(key, body)}"


def session_of(key: bytes, token: str, now: datetime) -> Session | None:
    """The session of a token; None when it is not ours or too old."""
    body, _, digest = token.partition(".")
    if not same(digest, CHAT.hex(key, body)):
        return None
    fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    conversation_id, visitor, zone, issued_s = fields
    issued_at = datetime.fromtimestamp(issued_s, UTC)
    if now - issued_at > LIFETIME:
        return None
    return Session(conversation_id, visitor, zone, issued_at)


def known_zone(name: object) -> str:
    """An IANA zone sent by a browser; empty for anything else."""
    if not isinstance(name, str) or not 0 < len(name) <= 64:
        return ""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        return ""
