"""A stored call replayed from the console: what would differ, or why it cannot be replayed."""

import pytest

from core.events import Fact
from core.store.store import Store
from tests.console.calls import keep, seat
from tests.console.conftest import ROLES, Office
from tests.core.talk import OTHER
from tests.replays.make import HERE
from voice_agent.commands.replay import read_log
from voice_agent.turn import endpoint

pytestmark = pytest.mark.real_clock


async def stored(office: Office) -> str:
    """The stored call with an interruption, in the office's own store."""
    call, logged = read_log(HERE / "cut-in.json")
    facts: list[Fact] = [entry.fact for entry in logged]
    await office.store.log.append(call, logged[0].at, facts)
    return f"/console/calls/{call}"


async def test_a_manager_sees_that_all_is_the_same_and_then_what_is_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    office = Office(store, company=OTHER)
    for role in ROLES:
        await office.hire(role, role)
    page = await stored(office)
    manager = await seat(office, "manager")
    assert f'href="{page}/replay"' in (await manager.see(page)).text
    assert "Today the same would happen" in (await manager.see(f"{page}/replay")).text
    slower = {name: (a + 0.2, b + 0.2) for name, (a, b) in endpoint.SPAN_S.items()}
    monkeypatch.setattr(endpoint, "SPAN_S", slower)
    shown = (await manager.see(f"{page}/replay")).text
    assert "would be otherwise" in shown and "Whose turn it is" in shown
    rep = await seat(office, "rep")
    assert "/replay" not in (await rep.see(page)).text


async def test_a_call_of_before_says_why_it_cannot_be_run(office: Office):
    await keep(office)
    manager = await seat(office, "manager")
    assert "before calls could be run again" in (await manager.see("/console/calls/c1/replay")).text
