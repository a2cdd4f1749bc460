"""A promised call over its hours: who is told what and when, on a jumping clock."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from core.events import Flagged
from core.facts.callbacks import callback_id
from core.store.store import Store
from knowledge.profile import Company
from tests.core.callbacks.promises import company
from tests.core.store.test_callbacks import AT, NINE, YES, promised
from tests.core.talk import sample
from tests.fakes.jobs import MemoryJobs
from tests.fakes.notified import Notified
from voice_agent.callbacks.timers import CallbackTimers

pytestmark = pytest.mark.real_clock
WHICH = callback_id("c1")
OWNER, ABOVE = "maya-lindqvist", sample().company.default_owner


@dataclass
class Office:
    store: Store
    people: Notified
    jobs: MemoryJobs
    timers: CallbackTimers

    async def until(self, at) -> None:
        await self.timers.plan()
        await self.jobs.run((at - self.jobs.now).total_seconds())

    async def status(self) -> str:
        row = await self.store.callbacks.get(WHICH)
        assert row is not None
        return str(row["status"])


def office(store: Store, rules: Company | None = None, refuse: int = 0) -> Office:
    jobs, people = MemoryJobs(AT), Notified(refuse)
    above = "tom-beckett"
    made = rules or company(ai_calls=False, escalate_to=above)
    timers = CallbackTimers(
        store, people, lambda: made, jobs.clock, jobs, public_url="https://agent.example"
    )
    return Office(store, people, jobs, timers)


MINUTE = timedelta(minutes=1)


async def test_a_call_nobody_makes_is_reminded_of_escalated_and_flagged_as_broken(store: Store):
    here = office(store)
    await promised(store)
    await here.until(NINE - 16 * MINUTE)
    assert not here.people.matters and await here.status() == "promised"
    await here.until(NINE - 10 * MINUTE)
    assert here.people.kinds == [(OWNER, "callback-due")]
    assert here.people.matters[0][1].title.endswith(" today, 9 AM to 11 AM Central")
    await here.until(NINE)
    assert here.people.kinds[1:] == [("tom-beckett", "callback-unclaimed")]
    await here.until(NINE + timedelta(hours=3))
    assert here.people.kinds[2:] == [("tom-beckett", "callback-broken")]
    assert await here.status() == "broken"
    facts = [entry.fact for entry in await store.log.read("c1")]
    assert [f.kind for f in facts if isinstance(f, Flagged)] == ["callback_overdue"]


async def test_who_is_told_learns_whom_to_call_when_and_what_about(store: Store):
    here = office(store)
    await promised(store)
    await here.until(NINE)
    text = here.people.matters[0][1].text
    for words in ("+1 312-555-0142", "today, 9 AM to 11 AM Central", "urgent",
                  "https://agent.example/console/calls/c1"):  # fmt: skip
        assert words in text
    assert here.people.matters[0][1].acts == ("claim", "kept")


async def test_a_claimed_call_is_nobody_elses_matter(store: Store):
    here = office(store)
    await promised(store)
    await here.until(NINE - 30 * MINUTE)
    await store.callbacks.claim(WHICH, "kenji-mori", here.jobs.now)
    await here.until(NINE + 30 * MINUTE)
    assert here.people.kinds == [("kenji-mori", "callback-due")]
    await store.callbacks.end(WHICH, "kept", "kenji-mori", here.jobs.now)
    await here.until(NINE + timedelta(hours=5))
    assert here.people.kinds == [("kenji-mori", "callback-due")]
    assert await here.status() == "kept"


async def test_a_call_promised_in_ten_minutes_is_told_at_once(store: Store):
    from tests.core.store.test_callbacks import asked, started, talk

    here = office(store)
    await talk(store, "c1", started(), asked(1, AT + 10 * MINUTE))
    await here.until(AT + MINUTE)
    assert here.people.kinds == [(OWNER, "callback-due")]


async def test_who_cannot_be_told_is_told_later_and_once(store: Store):
    here = office(store, refuse=2)
    await promised(store)
    await here.until(NINE - 14 * MINUTE)
    assert here.people.matters == []
    await here.until(NINE - 6 * MINUTE)
    assert here.people.kinds == [(OWNER, "callback-due")]


async def test_a_timer_that_is_lost_or_late_is_made_up_for(store: Store):
    here = office(store)
    await promised(store)
    await here.until(AT + MINUTE)
    here.jobs.due.clear()  # the database of the timers was lost
    here.jobs.now = NINE + 30 * MINUTE
    await here.until(NINE + 31 * MINUTE)
    assert [kind for _, kind in here.people.kinds] == ["callback-due", "callback-unclaimed"]


async def test_two_servers_that_look_at_once_tell_once(store: Store):
    here = office(store)
    await promised(store)
    other = CallbackTimers(store, here.people, here.timers.company, here.jobs.clock, here.jobs)
    await here.timers.plan()
    await other.plan()
    here.jobs.now = NINE - 10 * MINUTE
    key = f"{WHICH}/1/twice"
    await here.timers.work(key, 0)
    await other.work(key, 0)
    assert here.people.kinds == [(OWNER, "callback-due")]


async def test_where_nobody_can_dial_the_agents_call_goes_to_a_person(store: Store):
    here = office(store, company(escalate_to="tom-beckett"))
    await promised(store, "c1", YES)
    await here.until(NINE + MINUTE)
    assert here.people.kinds[0] == (OWNER, "callback-yours")
    assert "switched off" in here.people.matters[0][1].text
