"""A database from before persons existed: its contacts become persons with the same ids."""

from datetime import UTC, datetime

import sqlalchemy as sa

from core.store.crm import lead
from core.store.store import Store
from tests.core.store.migrating import upgraded

BEFORE = "0003_writing"
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)


def _old(c: sa.Connection) -> None:
    at = {"at": AT.isoformat(sep=" ")}
    for name, caller in (("c1", "+14155550123"), ("c2", "+14155550199"), ("c3", None)):
        c.execute(
            sa.text(
                "INSERT INTO conversation (id, channel, direction, status, company, server,"
                " started_at, last_seq, caller) VALUES (:id, 'voice', 'inbound', 'completed', 't',"
                " 's', :at, 0, :caller)"
            ),
            {"id": name, "caller": caller, **at},
        )
    c.execute(
        sa.text(
            "INSERT INTO crm_contact (id, phone, email, name, created_at, updated_at)"
            " VALUES ('k1', '+14155550123', 'dana@acme.com', 'Dana', :at, :at)"
        ),
        at,
    )
    for name in ("c1", "c2"):
        c.execute(
            sa.text(
                "INSERT INTO crm_activity (id, conversation_id, kind, contact_id, direction,"
                " disposition, duration_ms, verdict, summary, transcript_url, at, updated_at)"
                " VALUES (:id, :id, 'call', 'k1', 'INBOUND', '', 0, '', '', '', :at, :at)"
            ),
            {"id": name, **at},
        )


async def test_old_contacts_are_persons_and_are_found_by_what_is_known_of_them(empty_url: str):
    upgraded(empty_url, BEFORE, _old)
    store = Store(empty_url)
    try:
        assert [await store.people.person_of(n) for n in ("c1", "c2", "c3")] == ["k1", "k1", None]
        found = await store.query(lambda c: lead(c, "k1"))
        assert found is not None and len(found["activities"]) == 2
        query = sa.text("SELECT kind, value FROM sighting WHERE conversation_id = 'c2'")
        seen = await store.query(lambda c: {tuple(row) for row in c.execute(query)})
        assert seen == {("phone", "+14155550199"), ("email", "dana@acme.com"), ("name", "Dana")}
    finally:
        await store.aclose()
