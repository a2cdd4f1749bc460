"""The rules for asking, checked on a conversation's log: see `invariants.py`."""

import re
from collections.abc import Iterator

from core.asking import Offer, read
from core.conversation.understanding.replies.yes_no import yes_or_no
from core.evaluation.caller import agrees
from core.evaluation.lines import Log
from core.evaluation.run import Held
from core.events import (
    CallbackRequested,
    CriterionAsked,
    CriterionDeclined,
    HumanRequested,
    MeetingRecorded,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    SignalCaptured,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.standing import CONTACT
from core.policy.ledger import MOST_PROMISED
from knowledge.load import Loaded

SURE = 0.5
"""Confidence from which something counts as told."""
MOST_TIMES = 2
MOST_DICTATED = 4
"""Most requests for a number or an address that was not understood."""


def ask_while_open(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """Nothing is asked while a buyer's question is open. Interrupted answers are their choice."""
    waiting: dict[str, QuestionRaised] = {}
    cut = {t for t, turn in log.turns.items() if any(u.interrupted for u in turn.agent)}
    for fact in held.facts:
        match fact:
            case QuestionRaised() if fact.turn not in cut:
                waiting[fact.question_id] = fact
            case QuestionAnswered() | QuestionDeferred():
                waiting.pop(fact.question_id, None)
            case CriterionAsked() if waiting:
                first = next(iter(waiting.values()))
                yield fact.turn, f"asked for {fact.criterion} while “{first.text}” was open"
            case _:
                pass


_QUOTED = re.compile(r'"[^"]*"')
"""A quoted guess at the buyer's meaning is not a question of ours."""


def one_ask(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    for number, turn in log.turns.items():
        questions = sum(_QUOTED.sub("", u.text).count("?") for u in turn.agent)
        if len(turn.asked) > 1 or (number and questions > 1):
            yield number, f"{len(turn.asked)} asks, {questions} question marks: {turn.reply}"


def asks_over_gives(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """Questions about the buyer never outnumber what they were given, unless invited.

    The first answers promised by a colleague count as given.
    """
    invited_from = _invited_from(held)
    told: set[str] = set()
    gives = asks = promised = 0
    for fact in held.facts:
        if isinstance(fact, UtteranceRecorded) and fact.kind == "answer":
            gives += bool(set(fact.citations) - told)
            told |= set(fact.citations)
        elif isinstance(fact, QuestionDeferred):
            promised = min(promised + 1, MOST_PROMISED)
        elif isinstance(fact, CriterionAsked) and fact.criterion not in CONTACT:
            asks += 1
            if asks > gives + promised and (invited_from is None or fact.turn < invited_from):
                yield fact.turn, f"ask {asks} ({fact.criterion}) after {gives} gives"


def _invited_from(held: Held) -> int | None:
    """The first turn in which the buyer asked for more than answers, or agreed to questions."""
    met = (CallbackRequested, HumanRequested, MeetingRecorded)
    turns = [f.turn for f in held.facts if isinstance(f, met)]
    for exchange in held.exchanges:
        saying = exchange.saying
        offered = saying.asked in ("permission", "callback", "slots") and saying.reply is not None
        if offered and agrees(saying.text):
            turns += exchange.turns
        if saying.line is not None and saying.line.invites:
            turns += exchange.turns
    return min([*turns, *_permitted(held)], default=None)


def _permitted(held: Held) -> Iterator[int]:
    """Turns in which an authored line, whatever its purpose, lets us ask ("sure, I can") or goes on
    about the buyer."""
    asking = {fact.turn for fact in held.facts if isinstance(fact, QuestionRaised)}
    waits = False
    for fact in held.facts:
        if isinstance(fact, UtteranceRecorded) and fact.speaker == "agent":
            waits = read(fact.asks) == Offer("permission")
        elif isinstance(fact, UtteranceRecorded) and waits:
            answer = yes_or_no(fact.text.lower())
            if answer or (answer is None and fact.turn not in asking):
                yield fact.turn
            waits = False


def asked_again(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """Nothing known or declined is asked for, and nothing more than twice."""
    listed = {
        c.name: {v.lower() for v in (*c.any_of, *c.none_of)}
        for c in loaded.company.criteria if c.kind == "choice"
    }  # fmt: skip
    closed: dict[str, str] = {}
    times: dict[str, int] = {}
    for fact in held.facts:
        match fact:
            case SignalCaptured(confidence=sure) if sure >= SURE and fact.basis != "implied":
                values = listed.get(fact.criterion)
                if values is None or fact.value.lower() in values:
                    closed[fact.criterion] = f"known as {fact.value}"
            case CriterionDeclined():
                closed[fact.criterion] = "declined"
            case CriterionAsked(criterion=name):
                times[name] = times.get(name, 0) + 1
                dictated = name in ("phone", "email")
                if name in closed and not dictated:
                    yield fact.turn, f"asked for {name}, {closed[name]}"
                elif times[name] > (MOST_DICTATED if dictated else MOST_TIMES):
                    yield fact.turn, f"asked for {name} {times[name]} times"
            case _:
                pass


def asked_in_vain(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """Once nothing can change the outcome, asking stops."""
    verdict: VerdictReached | None = None
    for fact in held.facts:
        if isinstance(fact, VerdictReached):
            verdict = fact
        elif isinstance(fact, CriterionAsked) and fact.criterion not in CONTACT and verdict:
            if verdict.result == "disqualified":
                yield fact.turn, f"asked for {fact.criterion} of a disqualified caller"
            elif not verdict.missing:
                yield fact.turn, f"asked for {fact.criterion} with nothing missing"
