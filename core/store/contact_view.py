"""A person as the API shows them: what is known, their identifiers, everything that happened."""

from typing import Any

import sqlalchemy as sa

from core.handoff.contact import contact_view
from core.projections.document import instant
from core.store.contacts import conversations_of, merges_of, past_of, root_of
from core.store.crm import lead
from core.store.people import everybody
from core.store.people_tables import SightingRow
from core.store.tables import ConversationRow
from knowledge.profile import Company

_sighting = SightingRow.__table__


def contact(c: sa.Connection, person: str, company: Company | None) -> dict[str, Any] | None:
    """What we know about a person; None if the id is unknown.

    For an id that was merged into another person, shows that person.
    """
    top = root_of(c, person)
    if top is None:
        return None
    rows = conversations_of(c, top)
    everyone = everybody(c, top)
    record = lead(c, top)
    return {
        "id": top,
        "persons": sorted(everyone),
        **contact_view(top, past_of(c, rows), company),
        "account": record["account"]["name"] if record and record["account"] else None,
        "owner": record["contact"]["owner"] if record else None,
        "identifiers": _identifiers(c, [row.id for row in rows]),
        "timeline": [_line(row) for row in rows],
        "merges": [
            {
                "kept": m.kept,
                "absorbed": m.absorbed,
                "why": m.why,
                "by": m.by,
                "at": instant(m.at),
                "undone_at": instant(m.undone_at),
                "undone_by": m.undone_by,
            }
            for m in merges_of(c, everyone)
        ],
    }


def _identifiers(c: sa.Connection, conversations: list[str]) -> list[dict[str, Any]]:
    query = (
        sa.select(_sighting)
        .where(_sighting.c.conversation_id.in_(conversations))
        .order_by(_sighting.c.confidence.desc(), _sighting.c.at, _sighting.c.kind)
    )
    return [{**row, "at": instant(row["at"])} for row in c.execute(query).mappings()]


def _line(row: ConversationRow) -> dict[str, Any]:
    return {
        "conversation_id": row.id,
        "channel": row.channel,
        "direction": row.direction,
        "started_at": instant(row.started_at),
        "ended_at": instant(row.ended_at),
        "status": row.status,
        "outcome": row.outcome,
        "verdict": row.verdict,
        "document": f"/api/v1/conversations/{row.id}",
    }
