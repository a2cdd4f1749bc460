"""Numbers: shares of what could be counted, unknown where nothing could, tied to what was said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.claims import HandoffRated
from core.events import CallbackRequested, ConversationEnded, MeetingRecorded, VerdictReached
from core.metrics.report import report
from core.store.figures import Figures, Period, figures
from core.store.measuring import measured_between
from core.store.unit_of_work import Store
from tests.console.conftest import Office
from tests.console.test_queues import call
from tests.core.store.conftest import store as both
from tests.fakes.a_call import AT, facts
from voice_agent.console.numbers import bars, tiles

__all__ = ["both"]
pytestmark = pytest.mark.real_clock
WEEK = Period(AT - timedelta(days=6), AT + timedelta(days=1))


async def counted(store: Store, period: Period = WEEK) -> Figures:
    return await store.query(lambda c: figures(c, period, "UTC"))


async def test_each_figure_is_a_share_of_what_could_be_counted(both: Store):
    verdict = next(f for f in facts() if isinstance(f, VerdictReached))
    booked = MeetingRecorded(
        "b", "booked", "sam", "i", "2025-03-05T15:00:00+00:00", "", "", "u", 0, 5
    )
    wanted = CallbackRequested(5, "call", "ten", "sam", "2025-03-04T15:00:00+00:00",
                               "2025-03-04T16:00:00+00:00")  # fmt: skip
    rated = [HandoffRated("sam", 2, True, "api"), HandoffRated("sam", 4, None, "api")]
    ended = ConversationEnded("booked", "caller_hung_up", 31_000)
    await call(both, "booked", [booked, *rated, ended], over=False)
    await call(both, "later", [wanted], after_hours=False)
    await call(both, "no", [replace(verdict, result="disqualified")], after_hours=False)
    await call(both, "who", [replace(verdict, result="insufficient")], channel="chat")
    await call(both, "live", over=False)
    await call(both, "before", at=AT - timedelta(days=30))
    found = await counted(both)
    assert (found.conversations, found.going_on) == (5, 1)
    assert (found.qualified.part, found.qualified.whole, found.undecided) == (2, 3, 1)
    assert (found.booked.part, found.booked.whole) == (1, 2)
    assert (found.after_hours.part, found.after_hours.whole) == (2, 4)
    assert (found.late_with_next_step.part, found.late_with_next_step.whole) == (1, 2)
    assert (found.kept.percent, found.owed) == (None, 1)
    assert (found.ratings, found.rating, found.repeated.percent) == (1, 4.0, 100)
    assert found.by_channel == {"voice": 3, "chat": 1}
    assert sum(n for _, n, _ in found.days) == 4 and len(found.days) == 7
    assert (await counted(both, replace(WEEK, channel="chat"))).conversations == 1
    assert (await counted(both, replace(WEEK, rep="kim"))).conversations == 0


async def test_the_console_and_the_api_count_what_both_tell_alike(both: Store):
    verdict = next(f for f in facts() if isinstance(f, VerdictReached))
    met = MeetingRecorded("b", "booked", "sam", "i", "2025-03-05T15:00:00+00:00", "", "", "u", 0, 5)
    off, end = replace(met, status="cancelled"), ConversationEnded("message", "caller_hung_up", 9)
    await call(both, "met", [met, replace(end, outcome="booked")], over=False)
    await call(both, "off", [met, off, replace(end, outcome="booked")], over=False)
    await call(both, "note", [end], over=False, channel="chat")
    await call(both, "mute", [replace(end, outcome="")], over=False, without=(VerdictReached,))
    await call(both, "doubt", [replace(verdict, result="insufficient"), end], over=False)
    read, _ = await both.query(lambda c: measured_between(c, WEEK.since, WEEK.until))
    here, there = await counted(both), report(read, AT)
    late, volume = there["after_hours"], there["volume"]
    assert here.conversations == there["conversations"] == 5
    assert here.by_channel == volume["by_channel"] and here.by_verdict == volume["by_verdict"]
    assert {"unknown": 0} | here.by_outcome == volume["by_outcome"]
    assert (here.after_hours.part, here.late_with_next_step.part) == (
        late["n"], late["with_next_step"]["n"],
    )  # fmt: skip
    assert here.late_with_next_step.part == 4 and here.undecided == 2
    assert here.put_off.part == there["grounding"]["conversations_with_abstention"]
    assert here.booked.part == volume["meetings"] == 1, "a meeting called off is none"


async def test_of_nothing_every_share_is_unknown(both: Store):
    found = await counted(both)
    shown = {t.label: t.value for t in tiles(found, WEEK, 900.0, None)}
    assert shown.pop("Conversations") == "0"
    assert set(shown.values()) == {"unknown"}
    assert all(height == 0 for _, _, *heights in bars(found) for height in heights)


async def test_cost_and_minutes_are_the_operators_own(both: Store):
    await call(both, "a")
    found = await counted(both)
    shown = {t.label: t.value for t in tiles(found, WEEK, 900.0, 30.0)}
    assert (shown["Cost a fit"], shown["Time saved"]) == ("210.00", "0 h")


async def test_the_page_and_its_export(office: Office):
    await call(office.store, "a")
    rep, manager = await office.browser("rep"), await office.browser("manager")
    page = (await rep.see("/console/numbers")).text
    assert "Conversations judged a fit" in page and "100%" in page
    assert "From the call, chat or mail" in (await rep.see("/console/numbers?more=yes")).text
    assert (await rep.see("/console/numbers.csv")).status_code == 403
    export = (await manager.see("/console/numbers.csv?cost=900")).text
    assert export.splitlines()[0] == "figure,value,of,definition" and "Cost a fit" in export
    for bad in ("since=2025-03-05&until=2025-03-01", "since=2020-01-01", "cost=-1", "minutes=x",
                "cost=nan", "channel=fax"):  # fmt: skip
        assert (await rep.see(f"/console/numbers?{bad}")).status_code == 422, bad
