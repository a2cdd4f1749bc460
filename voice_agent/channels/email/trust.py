"""Whether a From address is authenticated: the results of our own mail system (RFC 8601). Pure.

The same header from anywhere else is the sender's own claim and counts for nothing.
"""

import re
from collections.abc import Iterable

from voice_agent.channels.email.message import Mail

NAME = "authentication-results"
_RESULT = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*([a-z]+)\b([^;]*)", re.I)
_COMMENT = re.compile(r"\([^()]*\)")


def verified(mail: Mail, server: str) -> bool:
    """Whether the sender's domain is authenticated.

    `server`: our mail system's authserv-id; empty: nothing ever is. Its own results stand above the
    Received line it added.
    """
    if not server or mail.sender is None:
        return False
    return any(_proves(value, mail.sender.domain) for value in _own(mail.order, server.lower()))


def _own(order: Iterable[tuple[str, str]], server: str) -> Iterable[str]:
    begun = False
    for name, value in order:
        if name.lower() == NAME:
            said = _COMMENT.sub(" ", " ".join(value.split()))
            who, _, results = said.partition(";")
            if (who.split() or [""])[0].lower() == server:
                begun = True
                yield results
        elif begun and name.lower() == "received":
            return


def _proves(results: str, domain: str) -> bool:
    for method, result, properties in _RESULT.findall(results):
        if result.lower() != "pass":
            continue
        said = dict(re.findall(r"\b([a-z]+\.[a-z-]+)\s*=\s*\"?([^\s;\"]+)", properties.lower()))
        match method.lower():
            case "dmarc":
                if said.get("header.from", "") == domain:
                    return True
            case "dkim":
                if _aligned(said.get("header.d", "") or said.get("header.i", ""), domain):
                    return True
            case _:
                if _aligned(said.get("smtp.mailfrom", ""), domain):
                    return True
    return False


def _aligned(proven: str, domain: str) -> bool:
    """Whether the authenticated domain is the sender's or a parent of it, other than a TLD."""
    proven = proven.rpartition("@")[2].strip(".")
    return proven == domain or (proven.count(".") >= 1 and domain.endswith(f".{proven}"))
