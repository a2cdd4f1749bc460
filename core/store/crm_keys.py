"""Whom a conversation was with and which company that is, by ids of ours: the keys of its records.

A person is decided elsewhere (`core.store.people`). A company is known by the domain of an address
or by its name; a name that turns out to have a domain stays the same company, and so does one that
a person put right.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from core.crm.entry import ADOPTED
from core.crm.plan import Keys, organisation
from core.store.booking_tables import BookingRow
from core.store.crm_sync_tables import AccountAliasRow, CrmSyncRow
from core.store.people import whose

_alias = AccountAliasRow.__table__
_booking = BookingRow.__table__
_sync = CrmSyncRow.__table__
LEGAL_FORMS = re.compile(r"\b(inc|llc|ltd|limited|corp|corporation|co|gmbh|ag|plc|bv|sa)\b\.?")


def derived(kind: str, key: str) -> str:
    """A record's id, derived from what it is about, so the same on every try."""
    return uuid5(NAMESPACE_URL, f"voice-agent:{kind}:{key}").hex


def plain(name: str) -> str:
    """A company's name normalised for comparison."""
    return " ".join(LEGAL_FORMS.sub(" ", re.sub(r"[^\w\s&]", " ", name.lower())).split())


def keys_of(c: sa.Connection, document: Mapping[str, Any], at: datetime, system: str) -> Keys:
    """The person and the company of a conversation, recorded if they are new."""
    name, domain = organisation(document)
    misnamed = any(made["criterion"] == "company" for made in document["corrections"])
    own = _made_by(c, system, document["id"]) if misnamed and not domain else None
    return Keys(whose(c, document["id"], at), _account(c, plain(name), domain, own))


def overtaken(c: sa.Connection, document: Mapping[str, Any]) -> bool:
    """Whether the booking has changed since the document was written."""
    booking = document["booking"]
    if not booking:
        return False
    current = sa.select(_booking.c.sequence).where(_booking.c.id == booking["id"])
    return int(c.execute(current).scalar() or 0) > int(booking["sequence"])


def _made_by(c: sa.Connection, system: str, conversation: str) -> str | None:
    """The CRM company created by this conversation, to which nothing else belongs."""
    of_it = _sync.c.conversation_id == conversation
    told = sa.select(_sync.c.key, _sync.c.remote_id, _sync.c.links).where(
        of_it, _sync.c.system == system, _sync.c.kind == "account", _sync.c.remote_id != ""
    )
    made = [row for row in c.execute(told) if ADOPTED not in row.links]
    if len(made) != 1:
        return None
    others = sa.select(_sync.c.id).where(
        sa.not_(of_it), _sync.c.system == system,
        _sync.c.links["account"].as_string() == made[0].remote_id,
    )  # fmt: skip
    found: str = made[0].key
    return None if c.execute(others.limit(1)).first() else found


def _account(c: sa.Connection, name: str, domain: str | None, own: str | None) -> str | None:
    """The company of a name or a domain. `own`: the one that gets the name if none has it."""
    if not (name or domain):
        return None
    by_domain = _known(c, "domain", domain) if domain else None
    found = by_domain or (_known(c, "name", name) if name else None)
    if found and not by_domain and domain and _has_domain(c, found):
        found = None  # two companies with one name
    if found is None and own is not None:
        c.execute(sa.delete(_alias).where(_alias.c.account_id == own))
    account = found or own or _new(c, domain or name)
    for kind, value in (("domain", domain), ("name", name)):
        if value and _known(c, kind, value) is None:
            c.execute(sa.insert(_alias).values(kind=kind, value=value, account_id=account))
    return account


def _new(c: sa.Connection, known_as: str) -> str:
    """A company's id; a new one if the company was renamed since it was created."""
    account = derived("account", known_as)
    taken = sa.select(_alias.c.value).where(_alias.c.account_id == account)
    return _new(c, f"{known_as}+") if c.execute(taken).first() else account


def _known(c: sa.Connection, kind: str, value: str) -> str | None:
    same = sa.select(_alias.c.account_id).where(_alias.c.kind == kind, _alias.c.value == value)
    found: str | None = c.execute(same).scalar()
    return found


def _has_domain(c: sa.Connection, account: str) -> bool:
    query = sa.select(_alias.c.value).where(
        _alias.c.kind == "domain", _alias.c.account_id == account
    )
    return c.execute(query).first() is not None
