"""Give before you ask: what was given and asked, and which question, if any, is allowed now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.conversation.state import ConversationState
from core.conversation.words.named import MULTIPLE
from core.facts.standing import CONTACT
from core.qualification.segments import likeliest
from knowledge.profile import Company, Criterion

MOST_ASKS = 2
"""Most times one thing is asked: again only after it went unanswered."""

MOST_PROMISED = 2
"""Promised answers that earn a question: a buyer who gets only promises is not asked on and on."""

MOST_IN_A_ROW = 3
"""Most questions in a row once they let us ask, until we give or propose something."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A criterion with what makes it worth asking now."""

    criterion: Criterion
    value: float


def may_ask(state: ConversationState, gives_now: int, promised_now: int = 0) -> bool:
    """Whether the ledger allows one more question about the buyer after this turn's gives.

    An answer promised by a colleague counts as given, but only the first `MOST_PROMISED`. A buyer
    who lets us ask may be asked more often than they were given something, within limits.
    """
    promised = promised_now + sum(q.status == "deferred" for q in state.questions)
    given = state.given.count + gives_now + min(promised, MOST_PROMISED)
    if state.asks.invited and not gives_now:
        return _fit(state.asks.made[state.asks.before :]) < MOST_IN_A_ROW
    return state.asks.invited or asks_so_far(state) < given


def asks_so_far(state: ConversationState) -> int:
    """How often we asked about the buyer; contact details are not counted."""
    return _fit(state.asks.made)


def _fit(asked: Sequence[str]) -> int:
    return sum(name not in CONTACT for name in asked)


def next_ask(
    state: ConversationState,
    company: Company,
    worth: Mapping[str, float],
    topics: Sequence[str],
) -> Criterion | None:
    """The criterion to ask for, if one is worth the annoyance.

    Its value: how much an answer could change the verdict, times how close it is to the topic,
    less what it costs to ask again and to go on asking.
    """
    if state.asks.stopped:
        return None
    best: _Candidate | None = None
    for segment in _likely(company, state):
        for criterion in segment:
            if (
                criterion.name not in worth
                or not criterion.ask
                or not _askable(state, criterion.name)
            ):
                continue
            value = _value(criterion, worth[criterion.name], state, topics)
            if value > 0 and (best is None or value > best.value):
                best = _Candidate(criterion, value)
    return best.criterion if best else None


def criterion_named(state: ConversationState, company: Company, name: str) -> Criterion | None:
    """An allowed criterion by its name."""
    found = (c for segment in _likely(company, state) for c in segment if c.name == name)
    return next((c for c in found if c.ask and _askable(state, name)), None)


def _likely(company: Company, state: ConversationState) -> list[tuple[Criterion, ...]]:
    """Criteria of the chosen segment, or of all possible ones: the likeliest segment's wording is
    used."""
    chosen = state.judged.segment
    segments = [s for s in company.segments if s.id == chosen]
    return [s.criteria for s in segments or likeliest(company.segments, state.signals.active)]


def _askable(state: ConversationState, name: str) -> bool:
    if name in state.asks.given_up or state.asks.count(name) >= MOST_ASKS:
        return False
    told = [s for s in state.signals.active if s.criterion == name and s.basis == "stated"]
    if told and name not in MULTIPLE:
        return False
    recent = state.asks.made[-1:] == (name,) and state.awaited.fresh(state.turn)
    return not recent


def _value(
    criterion: Criterion, worth: float, state: ConversationState, topics: Sequence[str]
) -> float:
    close = {t.lower() for t in criterion.topics} & {t.lower() for t in topics}
    closeness = 1.0 + 0.6 * min(len(close), 2)
    annoyance = _AGAIN * state.asks.count(criterion.name) + _ANOTHER * asks_so_far(state)
    return worth * closeness - annoyance


_AGAIN, _ANOTHER = 0.25, 0.02
"""Cost of asking the same thing again, and of each question before this one."""
