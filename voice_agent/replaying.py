"""`replayed(…)`: runs a stored call again with today's code, and reports what would differ.

The turn machine decides the floor again and the engine thinks the words through again, both on what
was kept of the call. What a model worded or read at the time is not requested again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from anyio import from_thread

from core.engine import Engine
from core.events import ConversationStarted, Fact, Logged
from core.facts.corrected import as_heard
from core.facts.standing import ending, every, latest
from core.replay import compare
from core.replay.compare import Difference
from core.replay.facts import InputsKept
from core.replay.lines import Began, Line, TurnTaken, Worded, kinds, unpacked
from core.replay.run import Meaning, rerun
from core.store.shape import Unreadable
from knowledge.retrieval.meaning import NO_VECTORS
from voice_agent.turn import events as ev
from voice_agent.turn import replay as floor
from voice_agent.turn.kept import FLOOR

log = logging.getLogger(__name__)
LINES = kinds(*get_args(Line))


@dataclass(frozen=True, slots=True)
class Replay:
    """The outcome of replaying one call."""

    conversation_id: str
    turns: int = 0
    differences: tuple[Difference, ...] = ()
    exact: bool = True
    """Whether the turn machine's actions match to the microsecond, inaudible ones included."""
    notes: tuple[str, ...] = ()
    """What could not be replayed as it was, and what explains a difference."""
    why_not: str = ""
    """Why the call cannot be replayed at all; empty if it was."""


def replayed(
    conversation_id: str, logged: Sequence[Logged], engine: Engine,
    meaning: Meaning = lambda _texts: NO_VECTORS,
) -> Replay:  # fmt: skip
    """Replay a stored call. `engine`: the current one, of the call's own company."""
    facts = as_heard([entry.fact for entry in logged])
    started = latest(facts, ConversationStarted)
    if started is None or started.channel != "voice":
        return Replay(conversation_id, why_not="only calls are run again, and this is none")
    company = engine.loaded.company.id
    if started.company != company:
        why = f"it was a call to {started.company}; the company folder here is {company}'s"
        return Replay(conversation_id, why_not=why)
    packs = every(facts, InputsKept)
    if not packs or not all(pack.packed for pack in packs):
        return Replay(conversation_id, why_not=_unkept(packs))
    try:
        lines = [line for pack in packs for line in unpacked(pack.packed, {**LINES, **FLOOR})]
        return _run(conversation_id, started, facts, lines, engine, meaning)
    except (Unreadable, KeyError, ValueError) as error:
        why = f"what was kept of it is of another version or broken: {error}"
        return Replay(conversation_id, why_not=why)
    except Exception as error:  # a bug in today's code is exactly what a replay looks for
        log.exception("a stored call cannot be run again")
        now = f"today's code fails on it: {type(error).__name__}: {error}"
        end = ending(facts)
        return Replay(
            conversation_id, differences=(Difference("outcome", 0, 0, end.outcome if end else "",
                                                     now),), exact=False,
        )  # fmt: skip


def _unkept(packs: list[InputsKept]) -> str:
    if not packs:
        return "nothing was kept of it: it is from before calls could be run again"
    return "what was kept of it is gone: its time is over, or a card was given"


def _run(
    conversation_id: str, started: ConversationStarted, facts: list[Fact], lines: list[object],
    engine: Engine, meaning: Meaning,
) -> Replay:  # fmt: skip
    orders = floor.rerun(line for line in lines if type(line).__name__ in FLOOR)
    own = [line for line in lines if isinstance(line, Line)]
    end = ending(facts)
    again = rerun(conversation_id, started, own, engine, end.reason if end else "", meaning)
    remote = {name for line in own if isinstance(line, Began) for name in line.remote}
    found = [_floor(was, will) for was, will in orders.differences()]
    found += compare.understood(facts, again.facts)
    worded = [line for line in own if isinstance(line, Worded)]
    found += compare.replies(facts, worded, again.replies, by_model="words" in remote)
    found += compare.judged(facts, again.facts)
    if end is not None and end.outcome != again.outcome:
        found.append(Difference("outcome", 0, end.duration_ms, end.outcome, again.outcome))
    notes = [*sorted(again.unsure), *_versions(started, engine), *_models(remote, engine)]
    if end is None:
        notes.append("the call was cut off by a crash: what was kept ends before it")
    return Replay(
        conversation_id, sum(isinstance(line, TurnTaken) for line in own),
        tuple(sorted(found, key=lambda d: (d.at_ms, d.turn))), orders.exact, tuple(notes),
    )  # fmt: skip


def _versions(started: ConversationStarted, engine: Engine) -> list[str]:
    then = started.criteria_version, started.knowledge_version
    now = engine.loaded.criteria_version, engine.loaded.knowledge_version
    if then == now:
        return []
    return ["the company folder is another version than then: differences may be its own"]


def _models(remote: set[str], engine: Engine) -> list[str]:
    notes = []
    if "words" in remote:
        notes.append("a model worded replies: of those the citations are compared, not the words")
    if ("meaning" in remote) != engine.by_meaning:
        then = "by meaning, too" if "meaning" in remote else "by words alone"
        notes.append(f"knowledge was found {then}, and is not today: differences may be of that")
    return notes


def asking(engine: Engine) -> Meaning:
    """The engine's question embedding, callable from a thread of its event loop."""
    questions = engine.questions
    if questions is None:
        return lambda _texts: NO_VECTORS
    return lambda texts: from_thread.run(questions.vectors, texts)


def _floor(was: ev.TurnAction | None, will: ev.TurnAction | None) -> Difference:
    one = was or will
    assert one is not None
    turn = getattr(one, "turn", 0)
    return Difference("floor", turn, round(one.at * 1000), _decision(was), _decision(will))


def _decision(action: ev.TurnAction | None) -> str:
    """A decision in words."""
    match action:
        case ev.EndTurn(at, turn, text, _, end, digits):
            said = f"“{text}”" if text else f"{len(digits)} keys" if digits else "no words"
            return f"turn {turn} over {at - end:.2f} s after its end: {said}"
        case ev.PausePlayback(at):
            return f"fell silent at {at:.2f} s"
        case ev.ResumePlayback(at, _, because):
            return f"went on at {at:.2f} s: {because}"
        case ev.CommitInterruption(at, turn):
            return f"gave up the reply to turn {turn} at {at:.2f} s"
        case ev.MergeTurn(at, turn):
            return f"turn {turn} went on at {at:.2f} s"
        case ev.DiscardUtterance(at, text):
            return f"did not address “{text}” at {at:.2f} s"
        case ev.CallerIdle(at, count):
            return f"asked whether they are there at {at:.2f} s, {count}"
        case _:
            return ""
