"""The embedded CRM's rows: who a person is, which company, what happened. All upserts on our keys.

A contact is the record of a person and has the person's id: who is who is decided in one place
(`core.identity`), and a merge taken back there is taken back here without a row being changed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa

from core.store.people import everybody
from core.store.people_tables import PersonRow
from core.store.tables import AccountRow, ActivityRow, ContactRow

_person = PersonRow.__table__  # type: ignore[attr-defined]
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
    c: sa.Connection, person_id: str, person: Person, account_id: str | None, at: datetime
) -> str:
    """The record of a person, with what a conversation adds to it: created, updated or unchanged.

    An address or a number that another record has stays there: only what is one's own is shown.
    """
    same = sa.select(_contact).where(_contact.c.id == person_id)
    row = c.execute(same).mappings().first()
    free = {
        name: value
        for name, value in (("phone", person.phone), ("email", person.email))
        if value and not _held(c, _contact.c[name], value)
    }
    if row is None:
        values = {
            "id": person_id, "name": person.name, "role": person.role, "owner": person.owner,
            "account_id": account_id, "phone": None, "email": None, **free,
        }  # fmt: skip
        c.execute(sa.insert(_contact).values(**values, created_at=at, updated_at=at))
        return "created"
    fresh: dict[str, Any] = {"role": person.role, "owner": person.owner}
    # What is known stays: recognition may mishear a name, and a person may have edited it.
    fresh |= {"account_id": row["account_id"] or account_id, "name": row["name"] or person.name}
    fresh |= {name: value for name, value in free.items() if row[name] is None}
    return _revise(c, _contact, row, fresh, at)


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


def lead(c: sa.Connection, person_id: str) -> dict[str, Any] | None:
    """A person's contact with its account and all activities, newest first; None when unknown.

    Of persons that turned out to be one, any id finds them all.
    """
    everyone = everybody(c, person_id)
    query = (
        sa.select(_contact)
        .join(_person, _person.c.id == _contact.c.id)
        .where(_contact.c.id.in_(everyone))
        .order_by(_person.c.merged_into.is_not(None), _contact.c.created_at, _contact.c.id)
    )
    row = c.execute(query).mappings().first()
    if row is None:
        return None
    account = c.execute(sa.select(_account).where(_account.c.id == row["account_id"]))
    activities = c.execute(
        sa.select(_activity)
        .where(_activity.c.contact_id.in_(everyone))
        .order_by(_activity.c.at.desc(), _activity.c.id)
    )
    found = account.mappings().first()
    return {
        "contact": dict(row),
        "account": dict(found) if found else None,
        "activities": [dict(activity) for activity in activities.mappings()],
    }


def _held(c: sa.Connection, column: sa.Column[Any], value: str) -> bool:
    """Whether some contact has this address or number."""
    return c.execute(sa.select(_contact.c.id).where(column == value)).first() is not None


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
