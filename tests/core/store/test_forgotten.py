"""A forgotten person is found by any of their ids, even long afterwards."""

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa

from core.events import Earlier, EarlierQuestion, PersonRecalled
from core.store.erasing import begin, erasure_of, forget_conversation
from core.store.forgotten import among, done
from core.store.store import Store
from tests.core.store.migrating import upgraded
from tests.fakes.a_call import facts, signal

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


async def test_what_another_conversation_recalled_goes_too_even_a_question_alone(store: Store):
    asked = EarlierQuestion("c1", "q1", "Do you have an office in Lima?", "sam", 1, 0)
    await store.log.append("c1", AT, facts("CA-1")[:1])
    for which, of in (("c10", "c1"), ("c12", "c11")):
        began = (Earlier(of, "voice", AT.isoformat()),)
        recalled = PersonRecalled("p1", True, began, (replace(asked, conversation_id=of),))
        begun = facts(f"CA-{which}", "+14155550199")[:1]
        await store.log.append(which, AT, [*begun, recalled])
    person = await store.people.person_of("c1")

    def forget(c: sa.Connection) -> None:
        begun = begin(c, str(person), AT)
        assert begun is not None
        forget_conversation(c, begun, "c1", 0, AT)

    await store.write("t", forget)
    recalls = [(await store.log.read(which))[1].fact for which in ("c10", "c12")]
    assert recalls == [PersonRecalled("", False), recalled]


async def test_an_identifier_that_was_put_right_is_kept_nowhere(store: Store):
    wrong = signal(2, "phone", "+14155550111", "four one five")
    right = replace(signal(3, "phone", "+14155550112", "no, one one two"), supersedes="s2")
    await store.log.append("c1", AT, [*facts("CA1")[:1], wrong])
    await store.log.append("c1", AT, [right])
    known = sa.text("SELECT value FROM identifier WHERE kind = 'phone' ORDER BY value")
    found = await store.query(lambda c: list(c.execute(known).scalars()))
    assert found == ["+14155550112", "+14155550123"]
