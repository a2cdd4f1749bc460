"""Invitations as the chat's pages see them: offered, counted, accepted, shown in Numbers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from core.events import Noted
from core.store.figures import Period
from core.store.invitations import count, figures_of
from core.store.outcomes import came
from core.store.store import Store
from tests.channels.chat.test_chat import NoWrapUp, token_of
from tests.console.test_queues import call
from tests.core.talk import MONDAY_NOON, engine
from tests.fakes.a_call import AT
from tests.fakes.chat_page import connected, session
from voice_agent.channels.chat.routes import routes
from voice_agent.channels.chat.services import ChatMetrics, ChatServices
from voice_agent.channels.chat.tallying import Tallying
from voice_agent.channels.writing import Writing

pytestmark = pytest.mark.real_clock
DAY = Period(MONDAY_NOON - timedelta(hours=12), MONDAY_NOON + timedelta(hours=12))


def _now():
    return MONDAY_NOON


@asynccontextmanager
async def serving(store: Store, *, taken: bool = True) -> AsyncIterator[Starlette]:
    """A server whose agent takes every chat, or none."""
    writing = Writing(engine(), store, None, NoWrapUp(), _now, attends=lambda opened: taken)
    services = ChatServices(
        writing, b"key", _now, "", ChatMetrics(CollectorRegistry()), tally=Tallying(store, _now)
    )
    async with writing.running():
        yield Starlette(routes=routes(services))


async def asked(app: Starlette, method: str, **options: object) -> httpx.Response:
    origin = options.pop("origin", "http://testserver")
    transport = httpx.ASGITransport(app=app, client=("10.1.1.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        headers = {"origin": str(origin)}
        return await client.request(method, "/chat/invitations", headers=headers, **options)


async def test_a_page_of_the_company_gets_the_rules_without_what_is_ours(store: Store):
    async with serving(store) as app:
        answer = await asked(app, "GET")
        rules = answer.json()["invitations"]
        assert [rule["id"] for rule in rules][:2] == ["pricing-again", "pricing"]
        assert all("asks" not in rule for rule in rules)
        assert answer.headers["access-control-allow-origin"] == "http://testserver"
        assert "max-age" in answer.headers["cache-control"]
        assert (await asked(app, "GET", origin="https://evil.example")).status_code == 403
        assert (await asked(app, "OPTIONS")).headers["access-control-allow-methods"] == "GET, POST"


async def test_what_becomes_of_one_is_counted_and_nothing_else_is(store: Store):
    async with serving(store) as app:
        for what in ("shown", "shown", "taken", "dismissed"):
            told = {"id": "pricing", "what": what}
            assert (await asked(app, "POST", json=told)).status_code == 204
        for wrong in ({"id": "nobody", "what": "shown"}, {"id": "pricing", "what": "bought"}, {}):
            assert (await asked(app, "POST", json=wrong)).status_code == 422
        assert (await asked(app, "POST", content=b"[]")).status_code == 400
        (one,) = await store.query(lambda c: figures_of(c, DAY, []))
        assert (one.rule, one.shown, one.taken, one.dismissed) == ("pricing", 2, 1, 1)
        assert one.taken_share == 0.5 and one.conversations == 0
        for _ in range(80):
            last = await asked(app, "POST", json={"id": "pricing", "what": "shown"})
        assert last.status_code == 429 and int(last.headers["retry-after"]) >= 1


async def test_who_takes_one_up_is_greeted_with_it_and_a_yes_is_answered(store: Store):
    async with serving(store) as app:
        token = await token_of(app)
        async with connected(app) as page:
            await page.sends("hello", token=token, after=0, invited="pricing")
            await page.until("ready")
            greeting = [told["text"] for told in page.received if told["type"] == "delta"]
            assert "AI assistant" in greeting[0] and greeting[-1] == "Shall I?"
            await page.sends("message", id="m1", text="yes please", invited="pricing")
            lines = await page.until_answered(1)
            assert "$390" in " ".join(line["text"] for line in lines)
            assert [line["text"] for line in page.lines][: len(greeting)] == greeting
            await page.sends("end")
            await page.until("status", state="ended")
        ended = await store.query(lambda c: came(c, DAY))
        assert [one.invitation for one in ended] == ["pricing"]


async def test_a_rule_a_page_makes_up_is_none(store: Store):
    async with serving(store) as app:
        async with connected(app) as page:
            await page.sends("hello", token=await token_of(app), after=0, invited="<b>")
            await page.until("ready")
            greeting = [told["text"] for told in page.received if told["type"] == "delta"]
            assert greeting[-1] == "What can I help you with today?"
            await page.sends("message", id="m1", text="yes", invited="made-up")
            await page.until_answered(1)
            await page.sends("end")
            await page.until("status", state="ended")
        assert [one.invitation for one in await store.query(lambda c: came(c, DAY))] == [""]


async def test_whom_the_agent_does_not_take_is_not_to_be_invited(store: Store):
    async with serving(store) as app:
        assert (await session(app)).json()["attended"] is True
    async with serving(store, taken=False) as app:
        assert (await session(app)).json()["attended"] is False


async def test_numbers_tell_which_rule_brings_leads(both: Store):
    await call(both, "a", [Noted("invited", {"rule": "pricing"})], channel="chat")
    await call(both, "b", [Noted("invited", {"rule": "demo"})], channel="chat")
    await call(both, "c", channel="chat")
    week = Period(AT - timedelta(days=6), AT + timedelta(days=1))
    for rule, what in (("demo", "shown"), ("old", "shown"), ("demo", "shown")):
        await both.write("t", lambda c, r=rule, w=what: count(c, r, w, AT))
    await both.write("t", lambda c: count(c, "demo", "shown", AT - timedelta(days=9)))
    told = await both.query(lambda c: figures_of(c, week, came(c, week)))
    found = {one.rule: one for one in told}
    assert set(found) == {"pricing", "demo", "old"}
    assert (found["demo"].shown, found["demo"].conversations) == (2, 1)
    assert found["pricing"].qualified == 1 and found["pricing"].taken_share is None
    assert told[-1].rule == "old"
