"""What the turn machine must never do, whatever its inputs in whatever order."""

import re
from collections import Counter
from typing import get_args

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from core.thinking.understood import Sense
from tests.scenarios.timeline import Timeline
from voice_agent.turn import events as ev
from voice_agent.turn.machine import TurnMachine

PHRASES = (
    "yeah", "mm-hm", "no", "stop", "hello are you there", "we use snowflake", "how much is it",
    "um", "four one five", "and then we", "thanks bye",
)  # fmt: skip
SLOTS = (None, "phone", "email", "name", "number", "date", "free")


SENSES = get_args(Sense)
GAPS = (0.0, 0.03, 0.1, 0.3, 0.7, 2.0, 9.0, 70.0)
KINDS = "started stopped text text sense slot playing goes played key echo crowd tick".split()
steps = st.tuples(
    st.sampled_from(GAPS), st.sampled_from(KINDS), st.sampled_from((0.0, 0.06, 0.1, 1.0)),
    st.sampled_from(("", *PHRASES)), st.booleans(), st.sampled_from(SLOTS), st.integers(0, 6),
    st.sampled_from("0459*#"),
)  # fmt: skip


def event_of(kind: str, now: float, ago: float, text: str, settled: bool, slot, turn, key):
    """The event of this kind at this instant."""
    return {
        "started": ev.SpeechStarted(now - ago, now),
        "stopped": ev.SpeechStopped(now - ago, now),
        "text": ev.TextHeard(now, text, settled, now - ago),
        "sense": ev.Understood(now, turn, text, SENSES[turn]),
        "slot": ev.SlotExpected(now, slot),
        "playing": ev.PlaybackStarted(now, turn),
        "goes": ev.PlaybackGoesOn(now, turn),
        "played": ev.PlaybackFinished(now, turn),
        "key": ev.KeyPressed(now, key),
        "echo": ev.EchoHeard(now),
        "crowd": ev.CrowdHeard(now),
        "tick": ev.Tick(now),
    }[kind]


def in_time(drawn: list[tuple]) -> list[ev.TurnInput]:
    """Events in time order but otherwise without sense: lost stops, stale playback, stray text."""
    now, events = 0.0, []
    for gap, kind, *rest in drawn:
        now += gap
        events.append(event_of(kind, now, *rest))
    return events


anything = st.lists(steps, min_size=1, max_size=40).map(in_time)


def driven(events: list[ev.TurnInput]) -> list[ev.TurnAction]:
    """Feed events and every tick owed between and after them, checking each deadline."""
    machine, out, now = TurnMachine(), [], 0.0
    end = ev.known_at(events[-1]) + 120.0
    for event in (*events, ev.Tick(end)):
        ticks = 0
        while (due := machine.deadline()) is not None and due < ev.known_at(event):
            assert due > now or not out, "deadlines lie ahead"
            now, ticks = due, ticks + 1
            out += machine.feed(ev.Tick(due))
            assert ticks < 60, "a silent minute needs few ticks"
        now = ev.known_at(event)
        out += machine.feed(event)
        due = machine.deadline()
        assert due is None or due > now
    return out


def turn_numbers_rise_and_each_ends_once(out: list[ev.TurnAction]) -> None:
    numbers = [a.turn for a in out if isinstance(a, ev.EndTurn)]
    assert numbers == sorted(set(numbers))


def a_resume_follows_its_pause_once_and_never_a_commit(out: list[ev.TurnAction]) -> None:
    paused: int | None = None
    for action in out:
        match action:
            case ev.PausePlayback():
                paused = action.turn  # again after a playback that ended while paused
            case ev.ResumePlayback():
                assert paused == action.turn
                paused = None
            case ev.CommitInterruption() | ev.MergeTurn():
                paused = None
            case ev.EndTurn():
                paused = None


def a_merged_turn_was_ended_before_and_is_followed_by_one_that_carries_it(
    out: list[ev.TurnAction],
) -> None:
    for at, action in enumerate(out):
        if isinstance(action, ev.MergeTurn):
            merged = next(a for a in out if isinstance(a, ev.EndTurn) and a.turn == action.turn)
            assert out.index(merged) < at
            following = next(a for a in out[at:] if isinstance(a, ev.EndTurn))
            assert following.text.startswith(merged.text)
            assert following.digits.startswith(merged.digits)
            assert following.speech_start <= merged.speech_start


def a_speculation_is_for_the_turn_being_collected_and_dropped_or_used(
    out: list[ev.TurnAction],
) -> None:
    prepared: ev.Speculate | None = None
    for action in out:
        match action:
            case ev.Speculate():
                assert prepared is None
                prepared = action
            case ev.DropSpeculation():
                assert prepared is not None and prepared.turn == action.turn
                prepared = None
            case ev.EndTurn():
                assert prepared is None or (prepared.turn, prepared.text) == (
                    action.turn,
                    action.text,
                )
                prepared = None


def the_call_ends_up_idle_whatever_went_missing(out: list[ev.TurnAction]) -> None:
    assert any(isinstance(a, ev.CallerIdle) and a.count == 2 for a in out)


PROMISES = (
    turn_numbers_rise_and_each_ends_once,
    a_resume_follows_its_pause_once_and_never_a_commit,
    a_merged_turn_was_ended_before_and_is_followed_by_one_that_carries_it,
    a_speculation_is_for_the_turn_being_collected_and_dropped_or_used,
    the_call_ends_up_idle_whatever_went_missing,
)


@settings(max_examples=400, deadline=None)
@given(anything)
def test_whatever_happens_every_promise_is_kept(events):
    out = driven(events)
    for promise in PROMISES:
        promise(out)


# --- a caller who makes sense ----------------------------------------------------------------

said = st.lists(
    st.tuples(st.sampled_from((0.2, 0.4, 0.7, 1.1, 2.5)), st.integers(1, 6), st.booleans()),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(said, st.sampled_from((0.0, 0.15, 0.3)), st.booleans(), st.sampled_from((0.05, 0.6, 2.0)))
def test_every_word_said_is_in_exactly_one_turn_or_discarded(said, lag_s, partials, think_s):
    """Words are numbered; merged turns are counted where they are carried to."""
    line = Timeline(lag_s=lag_s, partials=partials, think_s=think_s, reply_s=1.5)
    line.agent(0.0, 2.0)
    at, count = 1.0, 0
    for pause, length, backchannel in said:
        words = [f"word{count + n}" for n in range(length)]
        count += 0 if backchannel else length
        at = line.say("yeah" if backchannel else " ".join(words), at=at + pause)
    line.run(at + 30)
    merged = {a.turn for a in line.of(ev.MergeTurn)}
    texts = [t.text for t in line.ended() if t.turn not in merged]
    texts += [a.text for a in line.of(ev.DiscardUtterance)]
    heard = Counter(word for text in texts for word in re.findall(r"word\d+", text))
    assert heard == Counter(f"word{n}" for n in range(count))


@settings(max_examples=60, deadline=None)
@given(said, st.sampled_from((0.05, 0.6, 2.0)))
def test_every_turn_gets_one_reply_unless_it_was_merged_or_interrupted(said, think_s):
    line = Timeline(think_s=think_s, reply_s=1.0)
    at = 0.0
    for pause, length, _ in said:
        at = line.say(" ".join(["tables"] * length), at=at + pause)
    line.run(at + 30)
    started = Counter(e.turn for e in line.fed if isinstance(e, ev.PlaybackStarted))
    merged = {a.turn for a in line.of(ev.MergeTurn)}
    for turn in line.ended():
        assert started[turn.turn] == 1 or (turn.turn in merged and started[turn.turn] <= 1)


async def test_the_pump_of_a_call_wakes_the_machine_on_time():
    """The loop a session runs: wait for an event or the deadline, whichever is first."""
    machine, out = TurnMachine(), []
    send, inbox = anyio.create_memory_object_stream[ev.TurnInput](8)

    async def pump() -> None:
        while True:
            due = machine.deadline()
            event: ev.TurnInput = ev.Tick(due if due is not None else 0.0)
            with anyio.move_on_at(due) if due is not None else anyio.CancelScope():
                event = await inbox.receive()
            out.extend((anyio.current_time(), action) for action in machine.feed(event))

    async with anyio.create_task_group() as tasks, send, inbox:
        tasks.start_soon(pump)
        await anyio.sleep(1.0)
        await send.send(ev.SpeechStarted(0.9, 1.0))
        await anyio.sleep(1.0)
        await send.send(ev.TextHeard(2.0, "do you support bigquery", False, 1.9))
        await send.send(ev.SpeechStopped(1.95, 2.0))
        await anyio.sleep(0.1)
        await send.send(ev.TextHeard(2.1, "do you support bigquery", True, 2.04))
        await anyio.sleep(5.0)
        tasks.cancel_scope.cancel()
    assert all(abs(at - action.at) < 1e-6 for at, action in out)
    assert [type(action).__name__ for _, action in out] == [
        "Settle",
        "Consider",
        "Speculate",
        "EndTurn",
    ]


def wait_after(text: str, sense: Sense | None) -> float:
    """Seconds from the last sample of these words to the end of the turn."""
    line = Timeline(sense=sense)
    end = line.say(text, at=1.0)
    line.run(5.0)
    (turn,) = line.ended()
    assert turn.text == text
    return turn.at - end


def test_the_sense_is_asked_for_once_for_each_text_and_decides_how_long_silence_lasts():
    request, told = "i'd like to talk to somebody about the price", "and what about five of them"
    assert wait_after(request, "request") < wait_after(request, None) - 0.1
    assert wait_after(told, "nothing") == wait_after(told, None)
    line = Timeline(sense="told")
    line.say("we use snowflake", at=1.0, pause=0.4, then="and salesforce")
    line.run(6.0)
    texts = [action.text for action in line.of(ev.Consider)]
    assert texts == ["we use snowflake", "we use snowflake and salesforce"]


def test_a_sense_that_comes_too_late_or_of_other_words_changes_nothing():
    machine = TurnMachine()
    machine.feed(ev.SpeechStarted(1.0, 1.1))
    machine.feed(ev.SpeechStopped(2.0, 2.1))
    machine.feed(ev.TextHeard(2.15, "we need that", True, 2.1))
    due = machine.deadline()
    for late in (ev.Understood(2.2, 1, "we need", "request"), ev.Understood(2.2, 9, "", "request")):
        machine.feed(late)
    assert machine.deadline() == due


def ended_after(melody: ev.Melody | None, confidence: float) -> float:
    """Silence that ends a turn of these words, heard this well and said like this."""
    machine = TurnMachine()
    machine.feed(ev.SpeechStarted(1.0, 1.1))
    machine.feed(ev.SpeechStopped(2.0, 2.1, melody))
    machine.feed(ev.TextHeard(2.15, "can you delete", True, 2.1, confidence))
    while (due := machine.deadline()) is not None:
        for action in machine.feed(ev.Tick(due)):
            if isinstance(action, ev.EndTurn):
                return action.at - action.speech_end
    raise AssertionError("the turn never ended")


def test_how_the_voice_ended_counts_where_the_words_were_heard_badly():
    held, fell = ev.Melody(0.5, 15.0), ev.Melody(-4.0, -15.0)
    assert ended_after(held, 0.3) > 0.95
    assert ended_after(fell, 0.3) < 0.35
    assert ended_after(held, 0.9) == ended_after(fell, 0.9) == ended_after(None, 0.3)


def test_a_reply_that_fell_into_a_callers_pause_makes_us_more_patient():
    def wait(spoken_over_after: float) -> float:
        line = Timeline(think_s=0.1, reply_s=4.0)
        end = line.say("we use snowflake", at=1.0)
        line.say("and we sync it to salesforce", at=end + spoken_over_after)
        line.run(20.0)
        end = line.say("how much is the growth plan", at=21.0)
        line.run(30.0)
        return line.ended()[-1].at - end

    assert wait(1.2) > wait(3.0) + 0.02


def test_our_echo_that_outlasts_the_reply_is_no_turn():
    machine = TurnMachine()
    machine.feed(ev.PlaybackStarted(1.0, 1))
    machine.feed(ev.SpeechStarted(2.9, 2.95))
    machine.feed(ev.PlaybackFinished(3.0, 1))
    machine.feed(ev.TextHeard(3.05, "with you today", False, 3.05))
    actions = machine.feed(ev.EchoHeard(3.1))
    assert [type(action) for action in actions] == [ev.DiscardUtterance]
    actions += machine.feed(ev.SpeechStopped(3.3, 3.4))
    actions += machine.feed(ev.Tick(6.0))
    assert not any(isinstance(action, ev.EndTurn) for action in actions)
