"""Which conversation a mail belongs to, and the signed tokens that prove it. Pure.

A reply names our mail in References; its address carries a token as well, for systems that drop the
headers. A token helps only those who could read the mail it came with.
"""

import base64
import hashlib
import re
from collections.abc import Sequence

from voice_agent.signatures import MAIL_REPLY, MAIL_STOP, Purpose, same

ID_CHARS = 20
MAC_CHARS = 16
MOST_PARTS = 50
"""Most conversations in one thread."""
_TOKEN = re.compile(rf"([0-9a-f]{{{ID_CHARS}}})([a-z2-7]{{{MAC_CHARS}}})")


def conversation_id(key: str) -> str:
    """The id of the conversation that a first mail begins."""
    return f"mail-{key[:ID_CHARS]}"


def parts(conversation_id: str) -> tuple[str, ...]:
    """All conversations of a conversation's thread, up to the maximum; each began after the one
    before had ended."""
    first = _thread(conversation_id)
    return first, *(f"{first}-{n}" for n in range(2, MOST_PARTS))


def _thread(conversation_id: str) -> str:
    """The id of the first conversation of a thread."""
    return "-".join(conversation_id.split("-")[:2])


def reply_address(secret: bytes, ours: str, conversation_id: str) -> str:
    """Our address for answers to this conversation."""
    local, at, domain = ours.rpartition("@")
    name = _thread(conversation_id).removeprefix("mail-")
    return f"{local}+{name}{_mac(MAIL_REPLY, secret, name)}{at}{domain}"


def named_by(secret: bytes, ours: str, recipients: Sequence[str]) -> str | None:
    """The thread that an address of ours names with a valid token."""
    local, at, domain = ours.rpartition("@")
    for address in recipients:
        if not (address.startswith(f"{local}+") and address.endswith(f"{at}{domain}")):
            continue
        found = _TOKEN.fullmatch(address[len(local) + 1 : -len(domain) - 1])
        if found and same(found[2], _mac(MAIL_REPLY, secret, found[1])):
            return f"mail-{found[1]}"
    return None


def mail_id(kind: str, about: str, ours: str) -> str:
    """The Message-ID of a mail of ours, always the same for one cause, `about`."""
    digest = hashlib.sha256(f"{kind}\x00{about}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"va.{kind}.{digest[:32]}@{ours.rpartition('@')[2]}"


def unsubscribe_token(secret: bytes, address: str) -> str:
    """The token in an unsubscribe link."""
    packed = base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")
    return f"{packed}.{_mac(MAIL_STOP, secret, address)}"


def unsubscribed(secret: bytes, token: str) -> str | None:
    """The address of a valid unsubscribe token."""
    packed, _, mac = token.partition(".")
    if not token.isascii() or len(token) > 600:
        return None
    try:
        address = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except ValueError:
        return None
    good = same(mac, _mac(MAIL_STOP, secret, address))
    return address if good else None


def _mac(purpose: Purpose, secret: bytes, text: str) -> str:
    return base64.b32encode(purpose.digest(secret, text)).decode().lower()[:MAC_CHARS]
