"""`EmbeddedCrm`: contact, account and activity in the agent's own database.

One call document is written in one transaction; writing it again changes nothing.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.caller_id import e164
from core.clock import Clock, utc_now
from core.errors import CrmFailed, StoreFailed
from core.handoff.note import note
from core.identity.domains import company_domain
from core.store.crm import Organisation, Person, upsert_account, upsert_activity, upsert_contact
from core.store.crm_meeting import upsert_meeting
from core.store.people import whose
from core.store.unit_of_work import Store

DIRECTIONS = {"inbound": "INBOUND", "outbound": "OUTBOUND"}
KINDS = {"voice": "call", "chat": "chat", "email": "email"}
LEGAL_FORMS = re.compile(r"\b(inc|llc|ltd|limited|corp|corporation|co|gmbh|ag|plc|bv|sa)\b\.?")


class EmbeddedCrm:
    """Implements `core.ports.Crm` on the store."""

    def __init__(self, store: Store, clock: Clock = utc_now) -> None:
        self._store = store
        self._clock = clock

    async def write(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        """Upsert the records of one call document; returns them. Raises: CrmFailed."""
        try:
            return await self._store.write("crm", upserts(document, self._clock()))
        except StoreFailed as error:
            raise CrmFailed(str(error)) from error  # also a race for a unique key, so retryable


def upserts(
    document: dict[str, Any], at: datetime
) -> Callable[[sa.Connection], list[dict[str, Any]]]:
    """The transaction that writes one call document."""
    who, org = person(document), organisation(document)

    def work(connection: sa.Connection) -> list[dict[str, Any]]:
        records, account_id = [], None
        if org is not None:
            account_id, status = upsert_account(connection, org, at)
            records.append(_record("account", org.domain or org.plain, account_id, status))
        key = document["id"]
        contact_id = whose(connection, key, at)
        status = upsert_contact(connection, contact_id, who, account_id, at)
        records.append(_record("contact", contact_id, contact_id, status))
        values = {**activity(document), "contact_id": contact_id, "account_id": account_id}
        activity_id, status = upsert_activity(connection, values, at)
        records.append(_record("activity", key, activity_id, status))
        if document["booking"]:
            booked = {**meeting(document), "contact_id": contact_id, "account_id": account_id}
            meeting_id, status = upsert_meeting(
                connection, booked, document["booking"]["sequence"], at
            )
            records.append(_record("meeting", booked["booking_id"], meeting_id, status))
        return records

    return work


def person(document: dict[str, Any]) -> Person:
    """Who the document was with. The number that called is surer than one that was dictated."""
    said = _said(document)
    email = said.get("email", "").strip().lower()
    return Person(
        phone=e164(document["from"]) or e164(said.get("phone")),
        email=email if "@" in email else None,
        name=said.get("name"),
        role=said.get("role"),
        owner=document["route"]["rep"],
    )


def organisation(document: dict[str, Any]) -> Organisation | None:
    """The buyer's company, by the domain of a company address or by the name they gave."""
    said = _said(document)
    domain = company_domain(said.get("email", ""))
    name = said.get("company") or (domain.split(".")[0].capitalize() if domain else "")
    plain = " ".join(LEGAL_FORMS.sub(" ", re.sub(r"[^\w\s&]", " ", name.lower())).split())
    if not (domain or plain):
        return None
    return Organisation(plain, name, domain, said.get("employees"), said.get("industry"))


def activity(document: dict[str, Any]) -> dict[str, Any]:
    """The activity's columns, in the field's terms; the duration is in milliseconds."""
    started, ended = document["started_at"], document["ended_at"]
    at = datetime.fromisoformat(started)
    lasted = datetime.fromisoformat(ended) - at if ended else None
    recording = document["recording"]
    return {
        "conversation_id": document["id"],
        "kind": KINDS[document["channel"] or "voice"],
        "direction": DIRECTIONS.get(document["direction"] or "inbound", "INBOUND"),
        "disposition": document["outcome"] or document["status"],
        "duration_ms": round(lasted.total_seconds() * 1000) if lasted else 0,
        "from_number": document["from"],
        "to_number": document["to"],
        "owner": document["route"]["rep"],
        "verdict": document["verdict"]["result"],
        "segment": document["verdict"]["segment"],
        "summary": note(document["handoff"]),
        "transcript_url": f"/api/v1/conversations/{document['id']}",
        "recording_url": recording["url"] if recording else None,
        "at": at,
    }


def meeting(document: dict[str, Any]) -> dict[str, Any]:
    """The meeting's columns, in the field's terms."""
    booking = document["booking"]
    outcomes = {"booked": "SCHEDULED", "moved": "RESCHEDULED", "cancelled": "CANCELED"}
    return {
        "booking_id": booking["id"],
        "owner": booking["rep"],
        "title": booking["title"],
        "outcome": outcomes[booking["status"]],
        "starts_at": datetime.fromisoformat(booking["start"]),
        "ends_at": datetime.fromisoformat(booking["end"]),
    }


def _said(document: dict[str, Any]) -> dict[str, str]:
    """The value last given for each criterion and contact field."""
    return {
        s["criterion"]: s["value"]
        for s in document["signals"]
        if s["superseded_by"] is None and s["polarity"] != "negative"
    }


def _record(kind: str, key: str, record_id: str, status: str) -> dict[str, Any]:
    return {"object": kind, "key": key, "id": record_id, "status": status}
