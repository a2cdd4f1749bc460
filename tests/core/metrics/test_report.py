"""Figures over real conversations, and over synthetic ones if a figure needs many."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.events import (
    TALKED_OVER,
    ConversationEnded,
    ConversationStarted,
    Logged,
    Noted,
    UtteranceRecorded,
)
from core.metrics.measured import UNKNOWN, Measured, measured
from core.metrics.report import AGAIN, after_hours, report
from core.scheduling.memory import MemoryDesk
from tests.core.talk import MONDAY_NOON, SUNDAY, Talk, sample

LATER = SUNDAY + timedelta(days=30)


async def held(*lines: str, number: str = "+13125550171", at=SUNDAY, late: bool = True) -> Measured:
    """One conversation as it is counted, its log timed by the talk's own clock."""
    desk = MemoryDesk(sample().company)
    talk = Talk(caller=number, at=at, after_hours=late, desk=desk)
    for line in lines:
        await talk.says(line)
    talk.close("caller")
    logged = [
        Logged(f"c-{number}-{at}", n, at + timedelta(seconds=n), fact)
        for n, fact in enumerate(talk.facts)
    ]
    found = measured(logged)
    assert found is not None
    return found


async def test_what_becomes_of_those_who_call_when_nobody_is_in_is_counted_by_itself():
    some = [
        await held("do you support sso", "can i book a demo", "the first one", "bye"),
        await held("do you support sso", "can somebody call me back tomorrow", "bye"),
        await held("can i leave a message", "we need a quote for two hundred seats", "bye"),
        await held("how much is the growth plan", "thanks bye"),
        await held(),
        await held("how much is the growth plan", "thanks bye", at=MONDAY_NOON, late=False),
    ]
    told = after_hours(some)
    assert told["n"] == 5 and told["share"] == pytest.approx(5 / 6, abs=1e-4)
    assert told["outcomes"] == {
        "unknown": 1, "answered": 1, "booked": 1, "callback": 1, "message": 1,
    }  # fmt: skip
    assert told["with_next_step"] == {"n": 3, "share": 0.6}
    assert (told["meetings"], told["callbacks"], told["messages"]) == (1, 1, 1)
    assert told["by_channel"] == {"voice": told["outcomes"]}


async def test_one_who_hangs_up_on_the_greeting_is_an_outcome_of_its_own_and_no_deflection():
    silent = await held()
    assert silent.outcome == UNKNOWN
    told = report([silent], LATER)
    assert told["volume"]["by_outcome"] == {"unknown": 1}
    assert told["deflection"] == {
        "deflected": 0, "came_back": 0, "pending": 0, "of": 1, "share": 0.0,
    }  # fmt: skip


async def test_deflected_is_who_was_helped_needs_nobody_and_stays_away_for_a_week():
    helped = await held("how much is the growth plan", "thanks bye")
    assert report([helped], LATER)["deflection"]["deflected"] == 1
    assert report([helped], SUNDAY + timedelta(days=2))["deflection"] == {
        "deflected": 0, "came_back": 0, "pending": 1, "of": 0, "share": None,
    }  # fmt: skip
    back = replace(helped, started_at=SUNDAY + AGAIN, outcome=UNKNOWN)
    assert report([helped, back], LATER)["deflection"]["came_back"] == 1
    much_later = replace(back, started_at=SUNDAY + AGAIN + timedelta(seconds=1))
    assert report([helped, much_later], LATER)["deflection"]["deflected"] == 1
    asked = await held("do you have a moon base", "thanks bye")
    assert asked.human and report([asked], LATER)["deflection"]["deflected"] == 0
    person = await held("let me talk to a person", "bye")
    assert report([person], LATER)["deflection"]["deflected"] == 0


async def test_gives_and_asks_are_counted_as_the_ledger_has_them():
    one = await held(
        "how much is the growth plan", "we have two hundred people", "do you support sso", "bye"
    )
    told = report([one], LATER)["asking"]
    assert told["gives"] == one.gives >= 2 and told["asks"] == one.asks >= 1
    assert told["re_asks"] == 0 and told["before_first_value"]["p95"] == 0
    grounding = report([one], LATER)["grounding"]
    assert grounding["questions"] == grounding["answered"] == 2 and grounding["abstention"] == 0


def made(n: int, **more: object) -> Measured:
    base = Measured(
        f"c{n}", "voice", SUNDAY + timedelta(minutes=n), True, "answered", False,
        f"+1415555{n:04d}", n, None, None, None, "insufficient",
        1, 1, 0, 0, 1, 1, 0, False, False, False, False, False,
    )  # fmt: skip
    return replace(base, **more)


def test_speed_is_by_channel_and_of_those_alone_that_have_it():
    some = [made(n, first_response_ms=n * 10) for n in range(1, 101)]
    some += [made(200, channel="chat", first_response_ms=None), made(201, over=False)]
    told = report(some, LATER)
    assert told["speed"]["first_response_ms"]["voice"] == {"n": 101, "p50": 500, "p95": 950}
    assert told["speed"]["first_response_ms"]["chat"] == {"n": 0, "p50": None, "p95": None}
    assert told["conversations"] == 102 and told["in_progress"] == 1
    assert sum(told["volume"]["by_channel"].values()) == 101
    assert report([], LATER)["after_hours"]["share"] is None


def test_what_it_was_talked_over_by_is_what_it_took_that_for():
    over = [Noted(TALKED_OVER, {"took": took, "at_ms": 9}) for took in
            ("interruption", "backchannel", "backchannel", "noise")]  # fmt: skip
    began = ConversationStarted("voice", "inbound", None, None, None, "t", "1", "1", False)
    end = ConversationEnded("answered", "caller", 9)
    one = measured([Logged("c1", n, SUNDAY, fact) for n, fact in enumerate([began, *over, end])])
    told = report([one, made(1)], LATER)["turn_taking"]
    assert told == {"talked_over": 4, "gave_way": 1, "share": 0.25,
                    "went_on": {"backchannel": 2, "noise": 1, "echo": 0}}  # fmt: skip
    assert report([made(1)], LATER)["turn_taking"]["share"] is None


def test_the_first_response_is_the_greeting_of_a_call_and_the_first_answer_in_writing():
    def log(channel, *rest):
        started = ConversationStarted(channel, "inbound", None, None, None, "t", "1", "1", False)
        entries = [(0, started), *rest]
        return [
            Logged("c1", n, MONDAY_NOON.astimezone(UTC) + timedelta(seconds=s), f)
            for n, (s, f) in enumerate(entries)
        ]

    asks = UtteranceRecorded(1, "caller", "how much", 0, 0)
    says = UtteranceRecorded(1, "agent", "29", 0, 0)
    hello = UtteranceRecorded(0, "agent", "Hi", 0, 0)
    call = measured(log("voice", (0, Noted("greeted", {"after_ms": 180})), (9, asks), (10, says)))
    chat = measured(log("chat", (0, hello), (9, asks), (10, says)))
    mail = measured(log("email", (0, asks), (2, says), (65, Noted("mail_sent", {}))))
    assert (call.first_response_ms, chat.first_response_ms) == (180, 1000)
    assert mail.first_response_ms == 65_000
    assert measured([Logged("c1", 1, datetime(2026, 1, 1, tzinfo=UTC), hello)]) is None
