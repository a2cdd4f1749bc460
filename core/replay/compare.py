"""A conversation's results then and now, turn by turn, as readable lines. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from core.events import (
    CallbackRequested,
    CriterionDeclined,
    Fact,
    HumanRequested,
    MeetingRecorded,
    QuestionDeferred,
    QuestionRaised,
    RouteChosen,
    SignalCaptured,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.standing import every, latest, unmerged
from core.replay.lines import Worded
from core.replay.run import BESIDE, Reply

T = TypeVar("T")
What = Literal["floor", "understood", "reply", "verdict", "route", "outcome"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs now; an empty side has no counterpart."""

    what: What
    turn: int
    at_ms: int
    then: str
    now: str


def side_by_side(
    then: Sequence[T], now: Sequence[T], kind: Callable[[T], object]
) -> list[tuple[T | None, T | None]]:
    """Pairs of the same kind; items without a counterpart stand alone."""
    pairs: list[tuple[T | None, T | None]] = []
    left = list(now)
    for was in then:
        same = next((one for one in left if kind(one) == kind(was)), None)
        if same is not None:
            left.remove(same)
        pairs.append((was, same))
    return pairs + [(None, one) for one in left]


def understood(then: Sequence[Fact], now: Sequence[Fact]) -> list[Difference]:
    """What each turn told, then and now."""
    before, after, starts = _told(then), _told(now), _starts(then)
    found = []
    for turn in sorted({*before, *after}):
        was, will = before.get(turn, []), after.get(turn, [])
        gone = [line for line in was if line not in will]
        new = [line for line in will if line not in was]
        for one, other in side_by_side(gone, new, lambda line: line.split(" ", 1)[0]):
            at = starts.get(turn, 0)
            found.append(Difference("understood", turn, at, one or "", other or ""))
    return found


def replies(
    then: Sequence[Fact],
    worded: Iterable[Worded],
    now: Mapping[int, Reply],
    *,
    by_model: bool,
) -> list[Difference]:
    """Our replies, then and now; for those worded by a model, the passages they cite."""
    whole = {one.turn: one for one in worded}
    starts = _starts(then)
    heard: dict[int, list[UtteranceRecorded]] = {}
    for line in every(unmerged(then), UtteranceRecorded):
        if line.speaker == "agent" and line.kind not in BESIDE:
            heard.setdefault(line.turn, []).append(line)
    found = []
    for turn, reply in now.items():
        texts = [s.text for s in reply.sentences]
        will = _with_action(" ".join(texts), reply.action)
        if (was := whole.get(turn)) is not None:
            cited = _cited(c for s in reply.sentences for c in s.citations)
            if by_model:
                was_said, will = _cited(was.citations), cited
            else:
                was_said = _with_action(" ".join(was.texts), was.action)
        else:  # interrupted: as far as it was heard
            was_said = " ".join(line.text for line in heard.get(turn, ()))
            will = was_said if by_model or will.startswith(was_said) else will
        if was_said != will:
            found.append(Difference("reply", turn, starts.get(turn, 0), was_said, will))
    return found


def judged(then: Sequence[Fact], now: Sequence[Fact]) -> list[Difference]:
    """Verdict and route after each turn, where they begin to differ or differ in a new way."""
    starts, found = _starts(then), []
    turns = sorted({u.turn for u in _caller(then)} | {u.turn for u in _caller(now)})
    sides = [unmerged(side) for side in (then, now)]
    for what, kind in (("verdict", VerdictReached), ("route", RouteChosen)):
        before: tuple[str, str] = ("", "")
        for turn in (*turns, None):
            was, will = (_stood(side, kind, turn) for side in sides)
            if was != will and (was, will) != before:
                at = turns[-1] if turn is None and turns else turn or 0
                found.append(Difference(what, at, starts.get(at, 0), was, will))  # type: ignore[arg-type]
            before = (was, will)
    return found


def _stood(
    facts: Sequence[Fact], kind: type[VerdictReached] | type[RouteChosen], turn: int | None
) -> str:
    standing = [f for f in facts if isinstance(f, kind)]
    fact = latest([f for f in standing if turn is None or f.turn <= turn], kind)
    match fact:
        case VerdictReached():
            states = ", ".join(f"{c.name} {c.state.replace('_', ' ')}" for c in fact.criteria)
            return f"{fact.result} ({fact.segment or 'no segment'}): {states or 'nothing asked'}"
        case RouteChosen():
            return f"{fact.action} with {fact.rep or 'nobody'}" + ", fast" * fact.fast_track
    return ""


def _told(facts: Sequence[Fact]) -> dict[int, list[str]]:
    made: dict[int, list[str]] = {}
    for fact in unmerged(facts):
        match fact:
            case SignalCaptured() if not fact.origin and fact.basis in ("stated", "implied"):
                turn, line = fact.turn, f"{fact.criterion} = {fact.value}" + _sign(fact)
            case QuestionRaised(text=text, turn=turn):
                line = f"asked: {text}"
            case QuestionDeferred(text=text, turn=turn, owner=owner):
                line = f"deferred to {owner}: {text}"
            case CriterionDeclined(criterion, turn):
                line = f"did not tell: {criterion}"
            case HumanRequested(turn=turn):
                line = "asked for a person"
            case CallbackRequested(turn=turn, owner=owner, start=start, when=when):
                line = f"call back by {owner}, {start or when}"
            case MeetingRecorded(turn=turn, status=status, rep=rep, start=start):
                line = f"meeting {status} with {rep}, {start}"
            case _:
                continue
        made.setdefault(turn, []).append(line)
    return made


def _sign(signal: SignalCaptured) -> str:
    return {"positive": "", "negative": " (not)", "neutral": " (neutral)"}[signal.polarity]


def _caller(facts: Sequence[Fact]) -> list[UtteranceRecorded]:
    return [u for u in every(unmerged(facts), UtteranceRecorded) if u.speaker == "caller"]


def _starts(facts: Sequence[Fact]) -> dict[int, int]:
    return {u.turn: u.start_ms for u in _caller(facts)}


def _cited(citations: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(citations)) or "no passage"


def _with_action(text: str, action: str | None) -> str:
    return f"{text} [{action}]" if action else text
