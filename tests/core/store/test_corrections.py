"""Corrections in the database: once per key, one after another, and none of forgotten persons."""

from functools import partial

import anyio
import pytest
import sqlalchemy as sa

from core.facts.corrections import SignalCorrected
from core.facts.standing import contact, unmerged
from core.store import audit, erasing
from core.store.audit import Audited
from core.store.corrections import keep
from core.store.store import Store
from tests.fakes.a_call import AT, ENDED, facts

pytestmark = pytest.mark.real_clock
LINE = Audited(AT, "rep", "correct", "conversation:c1")


def right(n: int) -> SignalCorrected:
    return SignalCorrected(f"k{n}", "s2", "name", "Jane Doe", f"Joan Dow {n}", "sam")


async def test_of_two_who_read_the_same_one_is_kept_and_the_other_has_to_look_again(both: Store):
    await both.log.append("c1", AT, [*facts(), ENDED])
    read, got = (await both.log.read("c1"))[-1].seq, list[str]()

    async def put(n: int) -> None:
        got.append(await keep(both, "c1", AT, [right(n)], f"k{n}", read, LINE))

    async with anyio.create_task_group() as tasks:
        for n in range(2):
            tasks.start_soon(put, n)
    assert sorted(got) == ["kept", "overtaken"]
    logged = await both.log.read("c1")
    assert len(logged) == read + 1
    said = unmerged([entry.fact for entry in logged])
    assert contact(said)["name"].value.startswith("Joan Dow")
    row = await both.conversations.get("c1")
    assert row is not None
    card = await both.query(lambda c: c.execute(sa.text("select name, misheard from card")).one())
    assert card[0].startswith("Joan Dow") and card[1] == 1
    assert len(await both.query(audit.lines)) == 1


async def test_a_form_sent_again_is_one_and_who_was_forgotten_is_not_known_again(both: Store):
    await both.log.append("c1", AT, [*facts(), ENDED])
    read = (await both.log.read("c1"))[-1].seq
    one = partial(keep, both, "c1", AT, [right(1)], "k1")
    assert await one(read, LINE) == "kept" and await one(read + 1, LINE) == "sent"
    assert len(await both.log.read("c1")) == read + 1
    row = await both.conversations.get("c1")
    assert row is not None and row.person_id
    person = row.person_id
    await both.write("t", lambda c: erasing.begin(c, person, AT))
    assert await keep(both, "c1", AT, [right(2)], "k2", read + 1, LINE) == "forgotten"
