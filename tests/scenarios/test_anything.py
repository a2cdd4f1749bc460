"""Whole calls in which anything happens at any time: each ends once, each line in its place."""

import logging
import random
from itertools import pairwise

import anyio
import numpy as np
import pytest

from core.events import ConversationEnded
from tests.core.talk import sample
from tests.fakes.office import HANG_UP, LoggedDesk, Office, office, script
from voice_agent.audio import g711
from voice_agent.call.session import CallSession
from voice_agent.call.supervision import FloorHeld
from voice_agent.emulator.line import LineFaults
from voice_agent.emulator.script import FIXTURES, Script, Step, parse_when, read_mono

VOICES = (
    "demo/01_hi_there_i_was.wav", "demo/04_sorry_let_me_stop.wav",
    "fast_talker/03_great_talk_soon_bye.wav",
)  # fmt: skip
SAID = (
    "does tideline integrate with our snowflake data warehouse", "how much is the growth plan",
    "we are a team of fifty people", "yes please", "mm hm", "i want to talk to a person", "bye",
    "call me back tomorrow at nine", "monday works for me", "no stop", "are you a robot",
    "my number is four one five five five five zero one four two", "", "please stop recording",
)  # fmt: skip
KEYS = ("0", "1", "9", "*", "4155550142#")
REPS = ("sofia-alvarez", "tom-beckett")
FRAME = 160


def caller(dice: random.Random) -> Script:
    """Speaks, interrupts, presses keys and hangs up, whenever."""
    steps: list[tuple[str, str | Step]] = []
    for _ in range(dice.randint(2, 6)):
        when = dice.choice((f"after {dice.uniform(0, 4):.2f}s", "agent silent 0.6s"))
        key = Step(parse_when("after 0s"), "key", dtmf=dice.choice(KEYS))
        steps.append((when, key if dice.random() < 0.2 else dice.choice(VOICES)))
    return script(*steps, (f"after {dice.uniform(0, 5):.2f}s", HANG_UP))


def line(dice: random.Random) -> LineFaults:
    """Late, lossy, stalled, without marks, or none of it."""
    stalls = tuple((dice.uniform(3, 30), dice.uniform(0.2, 3)) for _ in range(dice.choice((0, 2))))
    return LineFaults(
        jitter_ms=dice.choice((0, 40)), loss=dice.choice((0, 0.05)), stalls=stalls,
        lost_marks=dice.random() < 0.1, seed=dice.randrange(99),
    )  # fmt: skip


async def meddle(it: Office, dice: random.Random) -> None:
    """Colleagues do what they may do on a call, and the voice fails and recovers."""
    while not (found := [c for i in it.calls.conversations if (c := it.calls.going_on(i))]):
        await anyio.sleep(0.05)
    session = found[0]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(microphone, session)
        while True:
            await anyio.sleep(dice.uniform(0.1, 9))
            it.voice.fails = dice.random() < 0.15
            try:
                act(session, dice)
            except FloorHeld:
                continue


def act(session: CallSession, dice: random.Random) -> None:
    people, rep = session.supervision, dice.choice(REPS)
    if session.over.is_set():
        return
    match dice.randrange(12):
        case 0 | 1 | 2:
            people.take(rep)
        case 3 | 4:
            people.give_back(rep)
        case 5:
            people.say(rep, "Let me check that. One moment.")
        case 6:
            people.whisper(rep, "ask how soon they need it")
        case 7:
            people.transfer(rep, REPS[0])
        case 8 if dice.random() < 0.3:
            people.end(rep)


async def microphone(session: CallSession) -> None:
    """Whoever has the floor speaks without end, and beyond the call's."""
    pcm = np.concatenate((read_mono(FIXTURES / VOICES[1]), np.zeros(8000, np.int16)))
    while True:
        for start in range(0, len(pcm) - FRAME, FRAME):
            payload = g711.encode(pcm[start : start + FRAME])
            session.supervision.speak(session.supervision.rep or "", payload)
            await anyio.sleep(0.02)


@pytest.mark.parametrize("seed", [1, 4, 11, 36])
async def test_a_call_ends_once_with_every_line_in_its_place(tmp_path, caplog, seed):
    dice = random.Random(seed)
    desk = LoggedDesk(sample().company) if dice.random() < 0.5 else None
    async with office(tmp_path, dice.choices(SAID, k=60), desk=desk) as it:
        it.ears.delay_s, it.ears.failing = dice.choice((0.02, 0.4, 1.2)), dice.random() < 0.1
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(meddle, it, dice)
            await it.call(caller(dice), faults=line(dice))
            tasks.cancel_scope.cancel()
        told = await it.document()
        facts = [logged.fact for logged in await it.log.read(it.wrap_ups.asked[0])]
    assert not [r for r in caplog.records if r.levelno >= logging.ERROR and "reply" not in r.msg]
    assert it.calls.open == 0 and len(it.wrap_ups.asked) == 1
    assert sum(isinstance(fact, ConversationEnded) for fact in facts) == 1
    for speaker in ("caller", "agent", "rep"):
        lines = [one for one in told["transcript"] if one["speaker"] == speaker]
        for one, other in pairwise(lines):
            assert one["end_ms"] <= other["start_ms"] + 60, "each line is there once"
    turns = [one["turn"] for one in told["transcript"] if one["speaker"] == "caller"]
    assert turns == sorted(set(turns))
