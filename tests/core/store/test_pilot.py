"""The pilot's switch in databases of both kinds."""

from datetime import UTC, datetime, timedelta

from core.events import ConversationStarted
from core.store.pilot import switch, switched, taken_before
from core.store.store import Store

NOW = datetime(2026, 11, 30, 17, tzinfo=UTC)


async def turn(store: Store, on: bool, at: datetime = NOW, by: str = "ada") -> None:
    await store.write("pilot", lambda c: switch(c, on=on, by=by, why="x", at=at))


async def test_every_server_sees_the_latest_turn_whatever_its_clock(store: Store, url: str):
    other = Store(url, server="boot-2")
    assert (await other.query(switched)).on
    await turn(store, False)
    assert not (await other.query(switched)).on
    await turn(other, True, NOW - timedelta(hours=1))  # its clock is behind
    await turn(other, False, NOW - timedelta(hours=1))
    found = await store.query(switched)
    assert (found.on, found.by, found.why) == (False, "ada", "x")
    await other.aclose()


async def test_who_talked_with_the_agent_by_telephone_was_taken_before(store: Store):
    for n, (channel, caller) in enumerate([("voice", "+14155550100"), ("chat", "+14155550101")]):
        started = ConversationStarted(
            channel, "inbound", caller, None, None, "tideline", "1", "1", False
        )
        await store.log.append(f"c{n}", NOW, [started])
    known = [
        await store.query(lambda c, n=n: taken_before(c, "tideline", n), hurry=True)
        for n in ("+14155550100", "+14155550101", "+14155550102")
    ]
    assert known == [True, False, False]
    assert not await store.query(lambda c: taken_before(c, "corvane", "+14155550100"))
