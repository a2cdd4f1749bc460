"""The embedded CRM's rows: who a person is, which company, what happened. All upserts on our keys.

Identity: an email is a person's own, a telephone number may be shared. A known email finds its
contact; a number finds its contact unless that one is known under another email. Without either
(withheld number, nothing said) the contact belongs to its conversation and is never merged.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from core.store.tables import AccountRow, ActivityRow, ContactRow

_contact = ContactRow.__table__  # type: ignore[attr-defined]
_account = AccountRow.__table__  # type: ignore[attr-defined]
_activity = ActivityRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Person:
    """What one conversation says of who it was with. `phone` is E.164."""

    phone: str | None
    email: str | None
    name: str | None
    role: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """What one conversation says of the buyer's company: a domain, a name made plain, or both."""

    plain: str
    name: str
    domain: str | None
    employees: str | None
    industry: str | None


def derived(kind: str, key: str) -> str:
    """The id a record has on every try: made from what it is about."""
    return uuid5(NAMESPACE_URL, f"voice-agent:{kind}:{key}").hex


def upsert_account(c: sa.Connection, org: Organisation, at: datetime) -> tuple[str, str]:
    """`(id, status)`; status is created, updated or unchanged. The domain identifies best."""
    by_domain = sa.select(_account).where(_account.c.domain == org.domain)
    by_name = sa.select(_account).where(_account.c.key == org.plain)
    row = c.execute(by_domain).mappings().first() if org.domain else None
    if row is None:
        row = c.execute(by_name).mappings().first()
        if row is not None and org.domain and row["domain"]:
            row = None  # two companies of one name
    said = {"domain": org.domain, "employees": org.employees, "industry": org.industry}
    if row is None:
        taken = c.execute(by_name).first() is not None
        key = str(org.domain) if taken or not org.plain else org.plain
        made = derived("account", key)
        values = {"id": made, "key": key, "name": org.name, **said}
        c.execute(sa.insert(_account).values(**values, created_at=at, updated_at=at))
        return made, "created"
    return str(row["id"]), _revise(c, _account, row, said, at)


def upsert_contact(
    c: sa.Connection, person: Person, account_id: str | None, conversation_id: str, at: datetime
) -> tuple[str, str]:
    """`(id, status)` of the person this conversation was with."""
    row = _find(c, person, conversation_id)
    if row is None:
        phone = None if _holder(c, _contact.c.phone, person.phone) else person.phone
        made = derived("contact", person.email or phone or conversation_id)
        values = {
            "id": made, "phone": phone, "email": person.email, "name": person.name,
            "role": person.role, "owner": person.owner, "account_id": account_id,
        }  # fmt: skip
        c.execute(sa.insert(_contact).values(**values, created_at=at, updated_at=at))
        return made, "created"
    fresh: dict[str, Any] = {"role": person.role, "owner": person.owner}
    # What is known stays: recognition may mishear a name, and a person may have edited it.
    fresh |= {"account_id": row["account_id"] or account_id, "name": row["name"] or person.name}
    for field in ("phone", "email"):
        value = getattr(person, field)
        if row[field] is None and not _holder(c, _contact.c[field], value):
            fresh[field] = value
    return str(row["id"]), _revise(c, _contact, row, fresh, at)


def upsert_activity(c: sa.Connection, values: dict[str, Any], at: datetime) -> tuple[str, str]:
    """`(id, status)` of the conversation's one activity; `values` carry `conversation_id`."""
    conversation_id = values["conversation_id"]
    same = _activity.c.conversation_id == conversation_id
    row = c.execute(sa.select(_activity).where(same)).mappings().first()
    if row is None:
        made = derived("activity", conversation_id)
        c.execute(sa.insert(_activity).values(id=made, **values, updated_at=at))
        return made, "created"
    return str(row["id"]), _revise(c, _activity, row, values, at, clear=True)


def lead(c: sa.Connection, contact_id: str) -> dict[str, Any] | None:
    """A contact with its account and its activities, newest first; None when unknown."""
    row = c.execute(sa.select(_contact).where(_contact.c.id == contact_id)).mappings().first()
    if row is None:
        return None
    account = c.execute(sa.select(_account).where(_account.c.id == row["account_id"]))
    activities = c.execute(
        sa.select(_activity)
        .where(_activity.c.contact_id == contact_id)
        .order_by(_activity.c.at.desc(), _activity.c.id)
    )
    found = account.mappings().first()
    return {
        "contact": dict(row),
        "account": dict(found) if found else None,
        "activities": [dict(activity) for activity in activities.mappings()],
    }


def _find(c: sa.Connection, person: Person, conversation_id: str) -> sa.RowMapping | None:
    by_email = _holder(c, _contact.c.email, person.email)
    if by_email is not None:
        return by_email
    by_phone = _holder(c, _contact.c.phone, person.phone)
    if by_phone is not None and not (person.email and by_phone["email"]):
        return by_phone
    mine = sa.select(_activity.c.contact_id).where(_activity.c.conversation_id == conversation_id)
    return c.execute(sa.select(_contact).where(_contact.c.id.in_(mine))).mappings().first()


def _holder(c: sa.Connection, column: sa.Column[Any], value: str | None) -> sa.RowMapping | None:
    if not value:
        return None
    return c.execute(sa.select(_contact).where(column == value)).mappings().first()


def _revise(
    c: sa.Connection, table: sa.Table, row: sa.RowMapping, values: dict[str, Any], at: datetime,
    *, clear: bool = False,
) -> str:  # fmt: skip
    """Write what differs. What a conversation does not say is left alone unless `clear`."""
    new = {k: v for k, v in values.items() if row[k] != v and (clear or v is not None)}
    if not new:
        return "unchanged"
    c.execute(sa.update(table).where(table.c.id == row["id"]).values(**new, updated_at=at))
    return "updated"
