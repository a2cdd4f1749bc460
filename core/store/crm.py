"""The embedded CRM's rows: persons, companies, activities. All upserts on our keys.

A contact is a person's record and has the person's id: identity is decided in one place
(`core.identity`), and undoing a merge there takes effect here without changing a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.crm.records import Found, Kind, Stored, Write, Written, instant
from core.store.crm_keys import derived
from core.store.crm_sync_tables import CrmRecordRow
from core.store.customers import won
from core.store.people import everybody
from core.store.people_tables import PersonRow
from core.store.tables import AccountRow, ActivityRow, ContactRow, MeetingRow

_person = PersonRow.__table__
_contact = ContactRow.__table__
_account = AccountRow.__table__
_activity = ActivityRow.__table__
_meeting = MeetingRow.__table__
_record = CrmRecordRow.__table__
INSTANTS = ("at", "starts_at", "ends_at")
UNIQUE = ("phone", "email")
"""Unique among contacts: a value another record has stays there."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a kind is stored: its table, our key's column, and each field's column."""

    table: sa.Table
    key: str
    columns: Mapping[str, str]
    rest: str = ""
    """The JSON column of all other fields; empty: they are not stored."""


def _columns(*names: str, **others: str) -> Mapping[str, str]:
    return {**{name: name for name in names}, **others}


PLACES: Mapping[Kind, _Place] = {
    "account": _Place(
        _account, "id", _columns("name", "domain", "employees", "industry", "owner")
    ),
    "contact": _Place(
        _contact, "id", _columns("name", "email", "phone", "role", "owner"), "properties"
    ),
    "activity": _Place(
        _activity,
        "conversation_id",
        _columns(
            "direction", "duration_ms", "from_number", "to_number", "owner", "verdict", "segment",
            "transcript_url", "recording_url", "at", outcome="disposition", body="summary",
        ),
    ),
    "meeting": _Place(
        _meeting, "booking_id", _columns("title", "outcome", "owner", "starts_at", "ends_at")
    ),
    "lead": _Place(_record, "key", {}, "fields"),
    "task": _Place(_record, "key", {}, "fields"),
    "note": _Place(_record, "key", {}, "fields"),
}  # fmt: skip


def read(c: sa.Connection, kind: Kind, keys: Sequence[str]) -> dict[str, Stored]:
    """Current records by our key."""
    place = PLACES[kind]
    query = sa.select(place.table).where(_mine(place, kind, keys))
    return {row[place.key]: _stored(place, row) for row in c.execute(query).mappings()}


def upsert(c: sa.Connection, kind: Kind, write: Write, at: datetime) -> Written:
    """Create or change one record."""
    place = PLACES[kind]
    left = {
        name: ""
        for name, value in write.fields.items()
        if (name not in place.columns and not place.rest)
        or (kind == "contact" and name in UNIQUE and _held(c, name, value, write.key))
    }
    fields = {name: value for name, value in write.fields.items() if name not in left}
    same = _mine(place, kind, [write.key])
    row = c.execute(sa.select(place.table).where(same)).mappings().first()
    values = _values(place, fields, row)
    for name in ("contact", "account"):
        if name in write.links and f"{name}_id" in place.table.c:
            values[f"{name}_id"] = write.links[name]
    if row is None:
        made = write.key if place.key == "id" else derived(kind, write.key)
        new = {"id": made, place.key: write.key, "updated_at": at, **_born(kind, write, at)}
        c.execute(sa.insert(place.table).values({**new, **values}))
        return Written(made, True, left)
    if any(row[name] != value for name, value in values.items()):
        c.execute(sa.update(place.table).where(same).values(**values, updated_at=at))
    return Written(str(row["id"]), False, left)


def known_by(c: sa.Connection, whom: str) -> Found | None:
    """The contact with a phone number or mail address, with its company and owner."""
    by = _contact.c.email if "@" in whom else _contact.c.phone
    query = (
        sa.select(_contact, _account.c.name.label("company"), _account.c.employees)
        .outerjoin(_account, _account.c.id == _contact.c.account_id)
        .where(by == whom.lower())
    )
    row = c.execute(query).mappings().first()
    if row is None:
        return None
    names = ("name", "email", "company", "role", "employees")
    name, email, company, role, employees = (row[one] or "" for one in names)
    return Found(
        "embedded", row["id"], name, email, company, role, employees, owner=row["owner"] or "",
        customer=won(c, row["id"], row["account_id"]), by="email" if "@" in whom else "phone",
    )  # fmt: skip


def _mine(place: _Place, kind: Kind, keys: Sequence[str]) -> sa.ColumnElement[bool]:
    mine = place.table.c[place.key].in_(keys)
    return sa.and_(mine, place.table.c.kind == kind) if place.table is _record else mine


def _stored(place: _Place, row: sa.RowMapping) -> Stored:
    fields = {name: _text(row[column]) for name, column in place.columns.items()}
    if place.rest:
        fields |= dict(row[place.rest] or {})
    kept = {name: value for name, value in fields.items() if value}
    return Stored(str(row["id"]), kept, row[place.key])


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    return "" if value is None else str(value)


def _values(place: _Place, fields: Mapping[str, str], row: sa.RowMapping | None) -> dict[str, Any]:
    """The columns that these fields set."""
    values: dict[str, Any] = {}
    for name in fields.keys() & place.columns.keys():
        value: Any = fields[name] or None
        if value is None:
            pass  # deleted
        elif name in INSTANTS:
            value = datetime.fromisoformat(value)
        elif name == "duration_ms":
            value = int(value)
        values[place.columns[name]] = value
    if place.rest:
        before = dict(row[place.rest] or {}) if row is not None else {}
        rest = {n: v for n, v in fields.items() if n not in place.columns}
        values[place.rest] = {**before, **rest}
    return values


def _born(kind: Kind, write: Write, at: datetime) -> dict[str, Any]:
    """Additional columns of a new row."""
    match kind:
        case "contact":
            return {"created_at": at}
        case "account":
            return {"created_at": at, "name": "", "key": write.key}
        case "activity":
            return {"kind": write.variant, "disposition": "", "duration_ms": 0, "summary": "",
                    "direction": "", "verdict": "", "transcript_url": ""}  # fmt: skip
        case "lead" | "task" | "note":
            return {"kind": kind, "variant": write.variant}
        case "meeting":
            return {}


def _held(c: sa.Connection, column: str, value: str, besides: str) -> bool:
    """Whether another contact has this address or number."""
    other = sa.select(_contact.c.id).where(_contact.c[column] == value, _contact.c.id != besides)
    return c.execute(other).first() is not None


def lead(c: sa.Connection, person_id: str) -> dict[str, Any] | None:
    """A person's contact with its account and all activities, newest first; None when unknown.

    Any id of merged persons finds them all.
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
