"""Numbers: shares of what could be counted, unknown if nothing could, traceable to words."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from core.events import (
    CallbackRequested,
    ConversationEnded,
    MeetingRecorded,
    Noted,
    VerdictReached,
)
from core.facts.claims import DealTold, HandoffRated, MeetingTold
from core.metrics.outcomes import Came, outcomes
from core.metrics.report import report
from core.store.figures import Figures, Period, figures
from core.store.measuring import measured_between
from core.store.store import Store
from knowledge.sections.costs import Costs
from tests.console.conftest import Office
from tests.console.test_queues import call
from tests.core.talk import sample
from tests.fakes.a_call import AT, facts
from voice_agent.console.call_outcome import minor
from voice_agent.console.number_parts import Tile
from voice_agent.console.number_tiles import tiles
from voice_agent.console.numbers import bars, counted_in
from voice_agent.http import Refused

pytestmark = pytest.mark.real_clock
COMPANY = sample().company
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


async def shown_by(store: Store, costs: Costs) -> dict[str, str]:
    made = await store.query(lambda c: counted_in(c, WEEK, COMPANY, costs, AT, "UTC"))
    return {t.label: t.value for t in tiles(made)}


async def test_of_nothing_every_share_is_unknown(both: Store):
    found = await counted(both)
    shown = await shown_by(both, Costs(month=900))
    assert shown.pop("Conversations") == "0"
    assert set(shown.values()) == {"unknown"}
    assert all(height == 0 for _, _, *heights in bars(found) for height in heights)


async def test_cost_and_minutes_are_the_operators_own(both: Store):
    await call(both, "a")
    shown = await shown_by(both, Costs(month=900, call_minute=0.2, person_minutes=30))
    assert (shown["Cost a fit"], shown["Time saved"]) == ("USD 210.10", "0 h")
    assert (await shown_by(both, Costs()))["Cost a fit"] == "unknown"


async def test_meetings_and_deals_count_as_they_were_told_and_unknown_ones_apart(both: Store):
    met = MeetingRecorded("b", "booked", "sam", "i", AT.isoformat(), "", "", "u", 0, 5)
    later = replace(met, start=(AT + timedelta(days=1)).isoformat())
    held, missed = (MeetingTold("b", o, "sam", "api") for o in ("held", "no_show"))
    won, open_ = (DealTold(s, n, "USD", "sam", "api") for s, n in (("won", 50_000), ("open", None)))
    await call(both, "held", [met, held, won])
    await call(both, "open", [met, missed, held, replace(open_, amount=7), open_])
    await call(both, "missed", [met, missed])
    await call(both, "untold", [met])
    await call(both, "taken back", [met, held, replace(held, outcome="")])
    await call(both, "ahead", [later])
    await call(both, "euros", [replace(won, currency="EUR", stage="lost"), Noted("page", {
        "url": "https://x.example/pricing/?utm_campaign=spring&email=a@b.example"})],
        channel="chat")  # fmt: skip
    made = await both.query(
        lambda c: counted_in(c, WEEK, COMPANY, Costs(), AT + timedelta(hours=1))
    )
    told = made.outcomes
    assert (told.held, told.no_show, told.untold, told.ahead) == (2, 1, 2, 1)
    assert (told.with_deal, told.deals, told.won, told.lost, told.unpriced) == (2, 3, 1, 1, 1)
    assert told.pipeline == {"USD": 50_000} and told.revenue is None
    chat = next(e for e in told.entries if e.channel == "chat")
    assert (chat.entry, chat.deals) == ("x.example/pricing (spring)", 1)
    assert {t.label: t.value for t in tiles(made)}["Came to the meeting"] == "67%"


def test_an_amount_of_one_currency_stands_beside_it_and_others_as_they_are():
    said = ("USD 252,000", "USD 16.80", "USD 1 + EUR 2", "0.55 s", "unknown", "18%")
    assert [Tile("", value, "", "").currency for value in said] == ["USD", "USD", "", "", "", ""]


def test_revenue_is_what_was_won_by_qualified_conversations_alone():
    won = Came("voice", "", True, 60, stage="won", amount=1_200_00)
    every = [won, won, replace(won, qualified=False), replace(won, stage="open"),
             replace(won, amount=5_00, currency="EUR"), replace(won, amount=None)]  # fmt: skip
    made = outcomes(every, AT, "USD")
    assert made.earned == {"EUR": 5_00, "USD": 2_400_00}
    assert made.told()["revenue_minor"] == made.earned
    assert outcomes([replace(won, stage="open")], AT, "USD").earned == {}


def test_revenue_is_a_mean_with_its_interval_once_enough_was_won():
    won = [Came("voice", "", True, 60, stage="won", amount=100_00)] * 5
    rest = [Came("voice", "", True, 60)] * 15
    assert outcomes([*won[:4], *rest], AT, "USD").revenue is None
    found = outcomes([*won, *rest], AT, "USD").revenue
    assert found is not None and (found.mean, found.n) == (25.0, 20)
    assert 5 < found.low < 25 < found.high < 45
    assert found.over(50).mean == 0.5
    assert outcomes([*won, Came("voice", "", True, 1, stage="won", amount=1, currency="EUR")],
                    AT, "USD").revenue is None  # fmt: skip


async def test_a_rep_tells_what_came_of_it_on_the_call_page(office: Office):
    met = MeetingRecorded("b", "booked", "sofia-alvarez", "i", (AT - timedelta(days=1)).isoformat(),
                          AT.isoformat(), "", "u", 0, 5)  # fmt: skip
    await call(office.store, "a", [met])
    rep = await office.browser("rep")
    page = (await rep.see("/console/calls/a")).text
    assert "Did it take place?" in page
    key = {"key": "0" * 32}
    assert (await rep.post("/console/calls/a/attended", {"outcome": "held"} | key)).is_redirect
    deal = {"stage": "open", "amount": "12,500.5", "currency": "usd", "key": "1" * 32}
    assert (await rep.post("/console/calls/a/deal", deal)).is_redirect
    page = (await rep.see("/console/calls/a")).text
    assert "took place" in page and "USD 12,500.50" in page
    for path, wrong in (("deal", {"stage": "won", "amount": "lots"}), ("deal", {"stage": "sold"}),
                        ("deal", {"stage": "won", "currency": "$"}),
                        ("attended", {"outcome": "maybe"})):  # fmt: skip
        answer = await rep.post(f"/console/calls/a/{path}", {"currency": "USD"} | wrong | key)
        assert answer.status_code == 422, wrong
    await call(office.store, "b")
    told = await rep.post("/console/calls/b/attended", {"outcome": "held"} | key)
    assert told.status_code == 409, "no meeting, nothing to tell of it"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("", None), ("7", 700), ("12,500.50", 12_500_50), ("12.500,50", 12_500_50), ("12,5", 12_50),
     ("12 500,5", 12_500_50), ("12.500", 12_500_00), ("1'200'000", 1_200_000_00), ("0.05", 5)],
)  # fmt: skip
def test_an_amount_is_read_with_either_sign_for_its_cents(written: str, meant: int | None):
    assert minor(written) == meant


@pytest.mark.parametrize("written", ["1.2.3", "1,23,456", "1,234,50", "12.3456", "1e5", "-3", "$"])
def test_what_is_no_amount_is_refused_rather_than_guessed_at(written: str):
    with pytest.raises(Refused, match="Write the amount"):
        minor(written)


async def test_the_page_and_its_export(office: Office):
    rep, manager = await office.browser("rep"), await office.browser("manager")
    nothing = (await rep.see("/console/numbers")).text
    assert "nothing to count" in nothing and "unknown" not in nothing
    await call(office.store, "a")
    page = (await rep.see("/console/numbers")).text
    await call(office.store, "invited", [Noted("invited", {"rule": "gone"})], channel="chat")
    assert "no longer in use" in (await rep.see("/console/numbers")).text
    assert "Conversations judged a fit" in page and "100%" in page
    unknown = page[page.index("not known yet, and what it takes") :]
    assert "once a rep or your CRM tells of a deal" in unknown and ">unknown<" not in page
    (among,) = re.findall(r'href="(/console/queues/all\?[^"]*verdict=qualified)">Qualified', page)
    assert "/console/calls/a?" in (await rep.see(unescape(among))).text, "what it is counted of"
    kept = (await rep.see("/console/numbers?cost=900&minutes=12")).text
    assert "?cost=900&amp;minutes=12&amp;more=yes" in kept, "what was given is not lost on the way"
    assert "What the chat's invitations bring" in page and "None was shown" in page
    assert "From the call, chat or mail" in (await rep.see("/console/numbers?more=yes")).text
    assert (await rep.see("/console/numbers.csv")).status_code == 403
    named = await manager.see("/console/numbers.csv?since=2026-11-02&until=2026-11-30")
    assert "numbers-2026-11-02-to-2026-11-30.csv" in named.headers["content-disposition"]
    export = (await manager.see("/console/numbers.csv?cost=900")).text
    assert export.splitlines()[0] == "\ufefffigure,value,of,definition" and "Cost a fit" in export
    assert "Invitation gone,1," in export
    for bad in ("since=2025-03-05&until=2025-03-01", "since=2020-01-01", "cost=-1", "minutes=x",
                "cost=nan", "channel=fax"):  # fmt: skip
        assert (await rep.see(f"/console/numbers?{bad}")).status_code == 422, bad
