"""A forgotten person is found by any of their ids, even long afterwards."""

from datetime import UTC, datetime

import sqlalchemy as sa

from core.store.erasing import erasure_of
from core.store.forgotten import among, done
from core.store.store import Store
from tests.core.store.migrating import upgraded

BEFORE = "0028_asked_elsewhere"
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
ERASURE = sa.text(
    "INSERT INTO person_erasure (id, persons, conversations, gone, counts, requested_at, done_at)"
    " VALUES (:id, :persons, :conversations, '[]', '{}', :at, :done)"
)


async def test_erasures_from_before_their_index_are_found_by_it(empty_url: str):
    def before(c: sa.Connection) -> None:
        at = AT.isoformat(sep=" ")
        told = {"id": "p1", "persons": '["p1", "p2"]', "conversations": '["c1"]'}
        c.execute(ERASURE, {**told, "at": at, "done": at})
        told = {"id": "p3", "persons": '["p3"]', "conversations": '["c3", "c1"]'}
        c.execute(ERASURE, {**told, "at": at, "done": None})

    upgraded(empty_url, BEFORE, before)
    store = Store(empty_url)
    try:
        found = await store.query(lambda c: [erasure_of(c, one) for one in ("p1", "p2", "p3")])
        assert [one.id for one in found if one] == ["p1", "p1", "p3"]
        assert await store.query(lambda c: erasure_of(c, "p4")) is None
        assert await store.query(lambda c: among(c, ["c1", "c2", "c3", "p2"])) == {"c1", "c3", "p2"}
        over = await store.query(lambda c: sorted(c.execute(done()).scalars()))
        assert over == ["c1", "p1", "p2"]
    finally:
        await store.aclose()
