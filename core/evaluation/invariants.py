"""What must hold in every conversation, checked on its log alone and never in the engine.

Each rule reads the facts and the heard words, with code that shares nothing with what decides,
words or gates a reply: a bug there cannot hide itself here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from core.evaluation import asking_rules
from core.evaluation.lines import Log
from core.evaluation.run import Held
from core.events import (
    CallbackRequested,
    ConsentRecorded,
    CriterionAsked,
    DisclosureHeard,
    Fact,
    HumanRequested,
    MeetingRecorded,
    PromiseMade,
    QuestionDeferred,
    SignalCaptured,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.standing import CONTACT, every
from core.presence import local_day
from knowledge.load import Loaded

Violation = tuple[str, int, str]
"""Rule name, turn, and what was seen."""
Rule = Callable[[Held, Log, Loaded], Iterator[tuple[int, str]]]

BOOKED = re.compile(
    r"\b(?:you'?re (?:all )?(?:booked|scheduled|confirmed)"
    r"|(?:is|it's|have|i've|been) (?:now )?booked|i(?:'ve| have) (?:scheduled|reserved)"
    r"|calendar invit|invitation is on its way|see you (?:on|at))"
)
_NUMBER = re.compile(r"\d[\d,.]*")


def violations(held: Held, log: Log, loaded: Loaded) -> list[Violation]:
    """All violations, in the order of the rules."""
    return [(n, turn, why) for n, rule in RULES.items() for turn, why in rule(held, log, loaded)]


# --- people, consent, promises -------------------------------------------------------------------


def _human_first(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """A caller who asks for a person is asked only how to reach them, and learns what happens: also
    that nobody can call, if they were asked for a number and gave none."""
    promised = {f.turn for f in held.facts if isinstance(f, PromiseMade | CallbackRequested)}
    moved = {max(e.turns, default=0) for e in held.exchanges if e.action == "transfer"}
    agreed = False
    for fact in held.facts:
        agreed = agreed or isinstance(fact, CallbackRequested | MeetingRecorded)
        if not isinstance(fact, HumanRequested):
            continue
        turn = log.turns[fact.turn]
        prying = [a for a in turn.asked if a not in CONTACT]
        if prying:
            yield fact.turn, f"asked for {prying[0]} instead of a person"
        elif turn.reply and not (
            agreed or fact.turn in promised | moved or {"phone", "name"} & set(turn.asked)
            or any("phone" in log.turns[n].asked for n in log.turns if n < fact.turn)
        ):  # fmt: skip
            yield fact.turn, f"a person was asked for; we said: {turn.reply}"


def _opt_out_first(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """An opt-out is stored before the goodbye, and nothing is asked or promised after it."""
    out: int | None = None
    for n, fact in enumerate(held.facts):
        if isinstance(fact, ConsentRecorded) and fact.kind == "contact":
            out = n if fact.state == "declined" else None
        elif out is not None and isinstance(fact, CriterionAsked | PromiseMade | CallbackRequested):
            yield fact.turn, f"{type(fact).__name__} after the opt-out"
    told = [t for t in log.turns.values() if re.search(r"won't (?:call|contact)", t.reply.lower())]
    if told and out is None:
        yield 0, f"no opt-out was stored, yet we said: {told[0].reply}"


def _no_booking_words(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    booked = False
    for fact in held.facts:
        if isinstance(fact, MeetingRecorded):
            booked = fact.status != "cancelled"
        if isinstance(fact, UtteranceRecorded) and fact.speaker == "agent" and not booked:
            if BOOKED.search(fact.text.lower()):
                yield fact.turn, f"nothing is booked, yet we said: {fact.text}"


def _what_next(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """A caller promised a call hears when and from whom; a deferred question has an owner."""
    company = loaded.company
    people = {p.id: p.name.split()[0] for p in company.team}
    people |= {p.id: p.name.split()[0] for p in company.stewards}
    for callback in every(held.facts, CallbackRequested):
        reply = log.turns[callback.turn].reply
        cut = any(u.interrupted for u in log.turns[callback.turn].agent) or not reply
        named = any(name in reply for name in people.values())
        if not cut and not (named and callback.when.lower() in reply.lower()):
            yield callback.turn, f"call agreed for {callback.when}; we said: {reply}"
    for meeting in every(held.facts, MeetingRecorded):
        turn = log.turns[meeting.turn]
        cut = any(u.interrupted for u in turn.agent) or not turn.reply
        if meeting.status != "cancelled" and not cut and people[meeting.rep] not in turn.reply:
            yield meeting.turn, f"meeting {meeting.status} with {meeting.rep}: {turn.reply}"
    for deferred in every(held.facts, QuestionDeferred):
        if deferred.owner not in people:
            yield deferred.turn, f"“{deferred.text}” was deferred to nobody"


def _disclosed(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """The AI disclosure is heard before the first reply; a mail has it under every answer."""
    if held.conversation.channel == "email":
        return
    for fact in held.facts:
        if isinstance(fact, DisclosureHeard):
            return
        if isinstance(fact, UtteranceRecorded) and fact.speaker == "agent" and fact.turn > 0:
            yield fact.turn, "a reply came before the disclosure"
            return


# --- evidence ------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return re.findall(r"[\w@]+", text.lower())


def _quoted(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """Every signal quotes words the caller said at the stated time."""
    for signal in every(held.facts, SignalCaptured):
        if signal.basis not in ("stated", "implied"):
            continue
        said = " ".join(
            u.text for t in log.turns.values() for u in t.caller
            if u.start_ms <= signal.end_ms and signal.start_ms <= u.end_ms
        )  # fmt: skip
        if set(_words(signal.quote)) - set(_words(said)) or not signal.quote.strip():
            why = f"{signal.criterion} = {signal.value} quotes “{signal.quote}”"
            yield signal.turn, f"{why}; said then: {said}"


def _out_for_a_reason(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """Only a buyer's own stated words disqualify them."""
    stated: set[str] = set()
    for fact in held.facts:
        if isinstance(fact, SignalCaptured) and fact.basis == "stated":
            stated.add(fact.criterion)
        if isinstance(fact, VerdictReached) and fact.result == "disqualified":
            grounds = {d.signal for d in loaded.company.disqualifiers if d.signal}
            places = {"location" for d in loaded.company.disqualifiers if d.outside}
            if not stated & (grounds | places | {"disqualifier"}):
                yield fact.turn, "disqualified without stated words"


def _dates_by_code(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """A noted time is a date, and not in the past."""
    when = held.conversation.when
    named = {c.name for c in loaded.company.criteria if c.kind == "date"}
    for signal in every(held.facts, SignalCaptured):
        if signal.criterion not in named or signal.polarity == "negative":
            continue
        try:
            day = date.fromisoformat(signal.value)
        except ValueError:
            yield signal.turn, f"{signal.criterion} = {signal.value} is no date"
            continue
        if when is not None and (day - local_day(loaded.company, when)).days < -1:
            yield signal.turn, f"{signal.criterion} = {day} is in the past"


def _cited(held: Held, log: Log, loaded: Loaded) -> Iterator[tuple[int, str]]:
    """Every answer cites published passages, and states no figure that is not in them."""
    when = held.conversation.when
    passages = {
        p.citation: f"{p.text} {p.spoken}"
        for a in loaded.articles if when is None or a.usable_on(local_day(loaded.company, when))
        for p in a.passages
    }  # fmt: skip
    for line in _answers(held.facts):
        if unknown := [c for c in line.citations if c not in passages]:
            yield line.turn, f"cites {unknown[0]}, which is not published: {line.text}"
            continue
        allowed = set(_NUMBER.findall(" ".join(passages[c] for c in line.citations)))
        figures = {n.rstrip(".,") for n in _NUMBER.findall(line.text)}
        if line.citations and figures - {n.rstrip(".,") for n in allowed}:
            yield line.turn, f"says a figure its passage does not: {line.text}"


def _answers(facts: Sequence[Fact]) -> Iterator[UtteranceRecorded]:
    for fact in facts:
        if isinstance(fact, UtteranceRecorded) and fact.kind == "answer":
            yield fact


RULES: dict[str, Rule] = {
    "no ask while a question is open": asking_rules.ask_while_open,
    "at most one ask a turn": asking_rules.one_ask,
    "asks never exceed gives": asking_rules.asks_over_gives,
    "nothing known, declined or met is asked again": asking_rules.asked_again,
    "asking stops when nothing can change": asking_rules.asked_in_vain,
    "a request for a person wins": _human_first,
    "opt-out before the goodbye": _opt_out_first,
    "no booking words without a booking": _no_booking_words,
    "the caller learns what happens next": _what_next,
    "disclosure first": _disclosed,
    "signals quote the buyer": _quoted,
    "disqualified only by stated words": _out_for_a_reason,
    "dates are dates": _dates_by_code,
    "answers cite published passages": _cited,
}
