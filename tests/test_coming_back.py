"""A lead's owner is told when that buyer is back: once a day, and only of a certain identity."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.crm.known import CrmContactFound
from core.events import (
    ConsentRecorded,
    ConversationStarted,
    Fact,
    IdentifierSeen,
    RouteChosen,
    VerdictReached,
)
from core.store.store import Store
from core.talk import ConversationOpened, Page
from tests.channels.test_writing import Asked
from tests.core.talk import MONDAY_NOON, engine, sample
from tests.fakes.a_call import ENDED, facts
from tests.fakes.notified import Notified
from voice_agent.channels.knowing import Knowing
from voice_agent.channels.writing import Writing
from voice_agent.coming_back import ComingBack

pytestmark = pytest.mark.real_clock
OWNER = "maya-lindqvist"
BROWSER = IdentifierSeen("cookie", "browser-1", True)


async def earlier(store: Store, *more: Fact, rep: str = OWNER, result: str = "qualified") -> None:
    """A chat of eight days ago, from the same browser."""
    begun = ConversationStarted("chat", "inbound", None, None, None, "tideline", "c", "k", False)
    made: list[Fact] = [begun, BROWSER]
    for fact in facts()[1:]:
        if isinstance(fact, RouteChosen):
            fact = replace(fact, rep=rep)
        if isinstance(fact, VerdictReached):
            fact = replace(fact, result=result)
        made.append(fact)
    await store.log.append("before", MONDAY_NOON - timedelta(days=8), [*made, *more, ENDED])


async def writes(store: Store, name: str, *lines: str, at: datetime = MONDAY_NOON) -> None:
    """The same browser writes in the chat; it goes on."""
    writing = Writing(
        engine(), store, None, Asked(), lambda: at,
        people=Knowing(store.people, store, None, lambda: at),
    )  # fmt: skip
    page = Page("https://tideline.example/pricing", "Pricing")
    opened = ConversationOpened(name, "chat", "inbound", None, None, at, page=page, seen=(BROWSER,))
    async with writing.running():
        await writing.open(opened)
        for n, line in enumerate(lines, start=1):
            said = await writing.say(name, f"m{n}", line)
            await writing.reply(name, said.said.turn)


def looking(store: Store, told: Notified, at: datetime = MONDAY_NOON) -> ComingBack:
    company = sample().company
    return ComingBack(store, told, lambda: company, lambda: at, "https://agent.example")


async def test_the_owner_is_told_with_what_they_look_at_and_once_a_day(store: Store):
    await earlier(store)
    await writes(store, "now", "How much is the Growth plan?")
    told = Notified()
    watch = looking(store, told)
    await watch.look()
    (((person, key), matter),) = told.inbox.items()
    assert person == OWNER and key.endswith(":back:2026-11-30")
    assert matter.title == "Back again: Jane Doe, Acme" and matter.kind == "lead-back"
    assert "on the website chat now, on the page “Pricing”" in matter.text
    assert "https://tideline.example/pricing" in matter.text
    assert "How much is the Growth plan?" in matter.text
    assert "Last time, on 2026-11-22: qualified" in matter.text
    assert "https://agent.example/console/calls/now" in matter.text
    await watch.look()
    await watch.finished("now")
    await writes(store, "later", "And SSO?", at=MONDAY_NOON + timedelta(hours=3))
    await looking(store, told, MONDAY_NOON + timedelta(hours=3)).look()
    assert len(told.inbox) == 1, "once a day"
    tomorrow = MONDAY_NOON + timedelta(days=1)
    await writes(store, "tomorrow", "And HIPAA?", at=tomorrow)
    await looking(store, told, tomorrow).look()
    assert len(told.inbox) == 2


async def test_who_asked_not_to_be_contacted_is_left_alone(store: Store):
    await earlier(store, ConsentRecorded("contact", "declined", "do not call me", 1))
    await writes(store, "now", "How much is the Growth plan?")
    told = Notified()
    await looking(store, told).look()
    assert not told.inbox


async def test_nobody_is_told_of_who_was_no_lead_or_belongs_to_nobody(store: Store):
    await earlier(store, result="disqualified")
    await writes(store, "now", "How much is the Growth plan?")
    told = Notified()
    await looking(store, told).look()
    assert not told.inbox


async def test_a_lead_of_somebody_who_has_left_is_the_default_owners(store: Store):
    await earlier(store, rep="gone-by-now")
    await writes(store, "now", "How much is the Growth plan?")
    told = Notified()
    await looking(store, told).look()
    assert [person for person, _ in told.inbox] == [sample().company.default_owner]


async def test_who_goes_on_with_what_they_just_talked_of_is_not_back(store: Store):
    await earlier(store)
    told, soon = Notified(), MONDAY_NOON - timedelta(days=8) + timedelta(hours=2)
    await writes(store, "soon", "One more thing: how much is Growth?", at=soon)
    await looking(store, told, soon).look()
    assert not told.inbox


async def test_a_stranger_is_nobodys_lead(store: Store):
    await writes(store, "now", "How much is the Growth plan?")
    told = Notified()
    await looking(store, told).look()
    assert not told.inbox


async def test_one_that_could_not_be_told_is_told_with_the_next_look(store: Store):
    await earlier(store)
    await writes(store, "now", "How much is the Growth plan?")
    told = Notified(fails=1)
    watch = looking(store, told)
    await watch.look()
    assert not told.inbox
    await watch.look()
    assert len(told.inbox) == 1


@pytest.mark.parametrize(("sure", "count"), [(True, 1), (False, 0)])
async def test_a_contact_the_crm_surely_knows_goes_to_its_owner(
    store: Store, sure: bool, count: int
):
    begun = ConversationStarted(
        "voice", "inbound", "+14155550123", None, "CA9", "tideline", "c", "k", False
    )
    known = CrmContactFound(
        "hubspot", "77", "Dana Reyes", "Northwind Health", "priya-nair", (), sure
    )
    await store.log.append("call", MONDAY_NOON, [begun, known])
    told = Notified()
    await looking(store, told).look()
    assert len(told.inbox) == count
    if sure:
        (((person, _), matter),) = told.inbox.items()
        assert person == "priya-nair" and "on the telephone now" in matter.text
        assert matter.title == "Back again: Dana Reyes, Northwind Health"
