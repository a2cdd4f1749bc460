"""Second looks: drawn by id, judged with one press on the call's page, and then gone."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.events import RouteChosen, VerdictReached
from core.facts.claims import HandoffRated
from core.flags.drawn import drawn
from core.store import reviews
from core.store.card_tables import CardRow
from core.store.figures import Period
from core.store.queues import QueueFilters, Viewer
from core.store.review_tables import OverrideRow
from core.store.store import Store
from knowledge.sections.costs import Costs
from tests.console.calls import seat
from tests.console.conftest import Office
from tests.console.test_queues import call, shown
from tests.core.talk import sample
from tests.fakes.a_call import AT, facts
from voice_agent.console.number_tiles import tiles
from voice_agent.console.numbers import counted_in

pytestmark = pytest.mark.real_clock
QUEUE = "second-looks"
VERDICT = next(f for f in facts() if isinstance(f, VerdictReached))
DRAWN, NOT = (
    [f"c{n}" for n in range(400) if (drawn(f"c{n}") < 0.1) is inside] for inside in (True, False)
)


def judged(result: str) -> VerdictReached:
    return replace(VERDICT, result=result)  # type: ignore[arg-type]


async def test_the_same_share_is_drawn_every_time_of_what_was_judged_and_is_over(both: Store):
    fit, reject, human, live, old = DRAWN[:5]
    await call(both, fit, without=(RouteChosen,))
    await call(both, reject, [judged("nurture")], without=(RouteChosen,))
    await call(both, human, [judged("needs_human")])
    await call(both, live, over=False)
    await call(both, old, at=AT - timedelta(days=61))
    await call(both, DRAWN[5], without=(VerdictReached,))
    await call(both, NOT[0])
    viewer = Viewer("kim", None, AT, second_looks=0.1)
    assert set(await shown(both, QueueFilters(QUEUE), viewer)) == {fit, reject}
    assert await shown(both, QueueFilters(QUEUE, verdict="nurture"), viewer) == [reject]
    everyone = replace(viewer, second_looks=1.0)
    assert set(await shown(both, QueueFilters(QUEUE), everyone)) == {fit, reject, NOT[0]}
    assert await shown(both, QueueFilters(QUEUE), replace(viewer, second_looks=0.0)) == []


async def test_one_press_judges_and_leads_to_the_next_and_what_was_judged_is_gone(office: Office):
    for n, (name, result) in enumerate(zip(DRAWN, ("nurture", "insufficient", "qualified"),
                                           strict=False)):  # fmt: skip
        await call(office.store, name, [judged(result)], at=AT - timedelta(minutes=n))
    first, second, third = DRAWN[:3]
    rep = await seat(office, "rep")
    listed = (await rep.see(f"/console/queues/{QUEUE}")).text
    assert all(f"/console/calls/{name}?queue={QUEUE}" in listed for name in DRAWN[:3])
    page = (await rep.see(f"/console/calls/{first}?queue={QUEUE}")).text
    assert "Was this right?" in page and "Our criteria are too strict." in page
    form = {"result": "qualified", "reason": ["It did not ask.", "They have 400 people."],
            "then": "next", "seen": ""}  # fmt: skip
    went = await rep.post(f"/console/calls/{first}/override?queue={QUEUE}",
                          {**form, "key": "1" * 32})  # fmt: skip
    went = await rep.see(went.headers["location"])
    assert went.headers["location"] == f"/console/calls/{second}?queue={QUEUE}"
    right = {"result": "insufficient", "then": "next", "seen": "", "key": "2" * 32}
    went = await rep.post(f"/console/calls/{second}/override?queue={QUEUE}", right)
    went = await rep.see(went.headers["location"])
    assert went.headers["location"] == f"/console/calls/{third}?queue={QUEUE}"
    page = (await rep.see(f"/console/calls/{third}")).text
    assert "Our criteria are too loose." in page
    kept = await office.store.query(lambda c: reviews.review_of(c, first))
    assert kept.overrides[0].reason == "It did not ask. They have 400 people."
    left = (await rep.see(f"/console/queues/{QUEUE}")).text
    assert third in left and first not in left and second not in left
    assert "Was this right?" not in (await rep.see(f"/console/calls/{first}")).text
    wrong = await rep.post(f"/console/calls/{third}/override", {**right, "key": "3" * 32})
    assert wrong.status_code == 422, "too little known is no verdict on what the agent judged"
    setup = (await (await seat(office, "manager")).see("/console/setup")).text
    assert "Waiting for a second look: 1 verdict." in setup


async def test_a_verdict_taken_back_is_owed_again(both: Store):
    name = DRAWN[0]
    await call(both, name)
    viewer = Viewer("kim", None, AT, second_looks=0.1)
    for n, result in enumerate(("nurture", "")):
        row = OverrideRow(id=f"{n}", conversation_id=name, result=result, by="a",
                                  at=AT + timedelta(minutes=n))  # fmt: skip
        await both.write("t", lambda c, row=row: reviews.add_override(c, row))  # type: ignore[misc]
        assert await shown(both, QueueFilters(QUEUE), viewer) == ([name] if not result else [])


async def test_numbers_tell_what_second_looks_say_and_what_they_lack(office: Office):
    for name in (*DRAWN[:4], *NOT[:6]):
        verdict = judged("qualified" if name in (*DRAWN[:2], *NOT[:2]) else "disqualified")
        await call(office.store, name, [verdict])
    rep, manager = await seat(office, "rep"), await seat(office, "manager")
    numbers = "/console/numbers?since=2025-03-01&until=2025-03-05"
    page = (await rep.see(numbers)).text
    assert "give 2 drawn rejects a second look" in page and "Not known: no conversation" in page
    for n, name in enumerate(DRAWN[:4]):
        form = {"result": "qualified" if n < 3 else "disqualified", "reason": "so", "seen": "",
                "key": f"{n}" * 32}  # fmt: skip
        assert (await rep.post(f"/console/calls/{name}/override", form)).is_redirect
    page = (await rep.see(numbers)).text
    assert "about 3 missed" in page and 'class="point"' in page and "57%" in page
    lines = (await manager.see(numbers.replace("numbers", "numbers.csv"))).text.splitlines()
    (found,) = (line for line in lines if line.startswith("Fits found,"))
    assert "2 of 2 drawn rejects looked at" in found
    assert any(line.startswith("Fits scored 0.8 to 1.0") for line in lines)
    assert any(line.startswith("Until judged") for line in lines), "what is read deeper as well"


async def test_each_figure_is_by_entry_segment_and_rep_also_the_deeper_ones(office: Office):
    await call(office.store, "a", called="+16175550142")
    await call(office.store, "b", called="+16175550143")
    rep = await seat(office, "rep")
    shown = (await rep.see("/console/numbers?more=yes&entry=%2B16175550142")).text
    assert "0 going on" in shown and ">1</strong>" in shown and "617-555-0143" not in shown
    none = (await rep.see("/console/numbers?more=yes&rep=nobody")).text
    assert "First answer, phone" not in none, "a filter holds for what is read deeper"
    listed = (await rep.see("/console/queues/all?entry=%2B16175550143")).text
    assert "/console/calls/b?" in listed and "/console/calls/a?" not in listed


async def test_handoffs_nobody_rated_count_against_the_response_rate(both: Store):
    await call(both, "a", [HandoffRated("sam", 4, None, "api")])
    await call(both, "b")
    await call(both, "c", [judged("disqualified")])
    period = Period(AT - timedelta(days=1), AT + timedelta(days=1))
    made = await both.query(lambda c: counted_in(c, period, sample().company, Costs(), AT, "UTC"))
    shown = {t.label: t for t in tiles(made)}
    assert (shown["Handoffs rated"].value, shown["Handoffs rated"].of) == (
        "50%", "1 of 2 handed over",
    )  # fmt: skip


async def test_cards_keep_their_place_in_the_sample_and_where_they_came_in(both: Store):
    await call(both, "a", called="+16175550142")
    card = CardRow.__table__
    row = await both.query(lambda c: c.execute(sa.select(card.c.draw, card.c.entry)).one())
    assert (row.draw, row.entry) == (drawn("a"), "+16175550142")
