"""The stages of a call: with any events in any order, twice or missing, it ends exactly once."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_agent.call.stages import (
    Answered,
    BringBack,
    CallOver,
    EndStream,
    Finalise,
    GaveUp,
    GoodbyeBegan,
    Greeted,
    HangUp,
    Join,
    Late,
    LetGo,
    Order,
    PersonMissed,
    PersonTook,
    Refuse,
    Serve,
    Stage,
    StageEvent,
    StreamEnded,
    StreamStarted,
    TooLate,
    TransferBegan,
    TransferRefused,
    step,
)

ANYTHING: tuple[StageEvent, ...] = (
    Answered(), StreamStarted(), Greeted(), GoodbyeBegan(), TransferBegan(), TransferRefused(),
    PersonTook(), PersonMissed("no-answer"), PersonMissed("declined"), StreamEnded("stopped"),
    StreamEnded("socket_lost"), CallOver("completed"), Late(), GaveUp(),
)  # fmt: skip


def walk(
    events: Sequence[StageEvent], stage: Stage = "ringing"
) -> tuple[Stage, list[Order], list[Stage]]:
    """Where events lead, all orders, and the stages passed. A session answers to `EndStream`."""
    given_: list[Order] = []
    passed: list[Stage] = [stage]
    waiting = list(events)
    while waiting:
        stage, orders = step(stage, waiting.pop(0))
        given_ += orders
        passed.append(stage)
        waiting[:0] = [StreamEnded(o.reason) for o in orders if isinstance(o, EndStream)]
    return stage, given_, passed


def count(orders: Sequence[Order], kind: type) -> int:
    return sum(isinstance(order, kind) for order in orders)


@given(st.lists(st.sampled_from(ANYTHING), max_size=40))
@settings(max_examples=200, deadline=None)
def test_every_served_call_is_finalised_exactly_once_and_no_other_is(events):
    stage, orders, _ = walk([*events, CallOver("completed")])
    assert stage == "ended"
    assert count(orders, Finalise) == (1 if count(orders, Serve) else 0)


@given(st.lists(st.sampled_from(ANYTHING), max_size=40))
@settings(max_examples=100, deadline=None)
def test_without_any_word_of_the_end_waiting_long_enough_ends_it_as_well(events):
    stage, orders, _ = walk([*events, GaveUp(), GaveUp()])
    assert stage == "ended"
    assert count(orders, Finalise) == (1 if count(orders, Serve) else 0)


@given(st.lists(st.sampled_from(ANYTHING), max_size=40))
@settings(max_examples=100, deadline=None)
def test_nothing_is_done_after_the_end_but_to_refuse(events):
    _, orders, _ = walk([*events, CallOver("completed"), *events])
    last = max((n for n, o in enumerate(orders) if isinstance(o, Finalise)), default=0)
    assert all(isinstance(o, Refuse | TooLate) for o in orders[last + 1 :])


@given(st.lists(st.sampled_from(ANYTHING), max_size=30), st.data())
@settings(max_examples=100, deadline=None)
def test_told_twice_is_told_once(events, data):
    """Of what the telephone company reports, a repetition changes no stage."""
    told = [e for e in events if not isinstance(e, StreamStarted | Late | GaveUp)]
    twice = [copy for e in told for copy in (e, *([e] if data.draw(st.booleans()) else ()))]
    begun: list[StageEvent] = [Answered(), StreamStarted()]
    once, repeated = walk([*begun, *told]), walk([*begun, *twice])
    assert once[0] == repeated[0]
    for kind in (Serve, Join, LetGo, Finalise, BringBack):
        assert count(once[1], kind) == count(repeated[1], kind)


@given(st.lists(st.sampled_from(ANYTHING), max_size=40))
@settings(max_examples=100, deadline=None)
def test_a_stream_is_served_only_where_none_is(events):
    stage: Stage = "ringing"
    for event in events:
        before = stage
        stage, orders = step(stage, event)
        if count(orders, Serve):
            assert before in ("ringing", "transferring", "returning")
        if isinstance(event, StreamStarted):
            assert count(orders, Serve) + count(orders, Refuse) == 1


def test_a_stop_during_a_transfer_ends_nothing():
    stage, orders, _ = walk(
        [Answered(), StreamStarted(), Greeted(), TransferBegan(), StreamEnded("stopped")]
    )
    assert stage == "transferring" and not count(orders, Finalise)


def test_an_unanswered_person_brings_the_caller_back_to_the_same_talk():
    begun = [Answered(), StreamStarted(), Greeted(), TransferBegan(), StreamEnded("stopped")]
    stage, orders, passed = walk([*begun, PersonMissed("no-answer"), StreamStarted()])
    assert stage == "talking" and count(orders, Serve) == 2 and count(orders, Finalise) == 0
    assert BringBack("no-answer") in orders and "returning" in passed


@pytest.mark.parametrize("first", [PersonTook(), PersonMissed("busy")])
def test_who_comes_first_decides(first):
    other = PersonMissed("busy") if isinstance(first, PersonTook) else PersonTook()
    stage, orders, _ = walk([StreamStarted(), TransferBegan(), first, other])
    if isinstance(first, PersonTook):
        assert stage == "with_person" and not count(orders, BringBack)
    else:
        assert stage == "returning" and orders[-1] == TooLate() and not count(orders, Join)


def test_a_caller_who_hangs_up_holding_lets_the_person_go_and_is_written_up():
    stage, orders, _ = walk([StreamStarted(), TransferBegan(), CallOver("completed")])
    assert stage == "ended" and orders[-2:] == [LetGo(), Finalise("caller_left")]


def test_a_call_with_a_person_ends_as_transferred_also_when_nobody_says_so():
    for end in (CallOver("completed"), Late()):
        stage, orders, _ = walk([StreamStarted(), TransferBegan(), PersonTook(), end])
        assert stage == "ended" and orders[-1] == Finalise("transferred")


@pytest.mark.parametrize("meanwhile", [(), (PersonTook(),)])
def test_a_transfer_that_the_telephone_company_refuses_leaves_the_caller_with_us(meanwhile):
    """Even if the person has picked up by then, and accepted."""
    stage, orders, _ = walk([StreamStarted(), TransferBegan(), *meanwhile, TransferRefused()])
    assert stage == "talking" and orders[-1] == LetGo() and not count(orders, HangUp)
