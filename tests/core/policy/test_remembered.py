"""Random conversations with a known buyer: what is known is never asked again."""

import asyncio
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import commands as c
from core.events import Earlier, Fact, PersonRecalled, SignalCaptured
from core.facts.standing import CONTACT
from core.identity.memory import Memory, Past, Recognition, recall
from core.store.shape import build, plain
from core.talk import Span
from core.text.talk import TextTalk
from tests.core.policy.turns import SIGNALS, play, scripted, scripts
from tests.core.talk import Talk

MULTIPLE = ("tech_stack", "use_case")
many = settings(
    max_examples=40, derandomize=True, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
known_before = st.lists(st.sampled_from(SIGNALS), min_size=1, max_size=6, unique_by=lambda p: p[0])
declined = st.lists(st.sampled_from(["budget", "timeline", "role"]), max_size=2, unique=True)


def remembered(pairs, refused=(), *, sure: bool, name: str = "") -> Memory:
    signals = [
        SignalCaptured(f"c0/s{n}", k, v, "positive", "stated", 0.9, v, n, 0, 900, None, "c0")
        for n, (k, v) in enumerate([*pairs, *([("name", name)] if name else [])])
    ]
    recalled = PersonRecalled(
        "p1", sure, (Earlier("c0", "chat", "2026-11-30T15:00:00+00:00"),), declined=tuple(refused)
    )
    return Memory(recalled, tuple(signals))


def hold(script, found: Recognition) -> tuple[list, Talk]:
    engine, reader = scripted()

    async def run():
        talk, done = Talk(), []
        talk.engine = engine
        talk.state, facts = engine.recognised(talk.state, found)
        talk.facts += facts
        for commands, hears in script:
            reader.now = tuple(commands)
            turn = await TextTalk.says(talk, "as was said", hears)
            done.append((reader.now, turn))
            if turn.action is not None:
                break
        return done, talk

    return asyncio.run(run())


def asked(turn) -> list[str]:
    return [a for a in turn.asks if ":" not in a]


@many
@given(scripts, known_before, declined, st.booleans())
def test_nothing_known_or_declined_before_is_asked_again(script, pairs, refused, sure):
    done, _ = hold(script, Recognition(remembered(pairs, refused, sure=sure)))
    single = {k for k, _ in pairs if k not in MULTIPLE}
    for _, turn in done:
        assert not {*asked(turn)} & (single | {*refused})
        assert len(turn.asks) <= 1


@many
@given(scripts, known_before)
def test_who_they_are_is_asked_at_most_once_and_known_things_stay_unsaid_until_a_yes(script, pairs):
    guess = remembered([p for p in pairs if p[0] == "industry"], sure=False, name="Dana Reyes")
    done, talk = hold(script, Recognition(candidates=(guess,)))
    heard = [f for f in talk.facts if type(f).__name__ == "UtteranceRecorded"]
    assert sum(getattr(f, "asks", "") == "offer:identity" for f in heard) <= 1
    if talk.state.identity.person is None:
        assert not any("Reyes" in turn.text for _, turn in done)
        assert not any(isinstance(f, SignalCaptured) and f.origin for f in talk.facts)


@many
@given(st.lists(scripts, min_size=2, max_size=3))
def test_what_one_conversation_told_the_next_one_knows(conversations):
    past: list[Past] = []
    for n, script in enumerate(conversations):
        memory = recall("p1", past, sure=True)
        before = {s.criterion for s in memory.signals if s.basis == "stated"}
        done, talk = hold(script, Recognition(memory if past else None))
        for _, turn in done:
            assert (
                not {*asked(turn)} & (before - {*MULTIPLE} | {*memory.recalled.declined}) - CONTACT
            )
        own: list[Fact] = list(talk.facts)
        past.append(Past(f"c{n}", "chat", f"2026-11-{20 + n}T15:00:00+00:00", own))
        told = {s.criterion for s in talk.state.signals.active if not s.origin}
        after = {s.criterion for s in recall("p1", past, sure=True).signals}
        assert told <= after


@many
@given(scripts, known_before)
def test_a_state_with_memories_survives_being_put_away_between_turns(script, pairs):
    memory = remembered(pairs, ("budget",), sure=True, name="Dana")
    _, talk = hold(script, Recognition(memory))
    state = replace(talk.state, board=None, late=())
    assert build(type(state), plain(state)) == state
    waiting = replace(state, identity=replace(state.identity, guesses=(memory,), person=None))
    assert build(type(state), plain(waiting)) == waiting


def test_a_conversation_with_nobody_we_know_is_as_it_was():
    script = [((c.AskProduct(Span("q", 0, 9), "do you support sso"),), None)]
    done, _ = hold(script, Recognition())
    assert done[0][1].text == play(script)[0].turn.text
