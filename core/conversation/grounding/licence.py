"""What one turn's sentences may rest on: passages, the plan itself, and the buyer's own words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.conversation.state import ConversationState
from core.events import SignalCaptured
from core.plan import Act, AskFor, Give
from knowledge.entry import Passage
from knowledge.profile import Company
from knowledge.sentences import sentences


@dataclass(frozen=True, slots=True)
class Licence:
    """`anchors`: names with differing facts: plans and competitors."""

    passages: tuple[str, ...]
    """Approved wordings of the passages given in this turn."""
    plan: tuple[str, ...] = ()
    """Wordings of the plan itself: the question to ask, names we give out."""
    caller: tuple[str, ...] = ()
    """What the caller said about themselves; we may repeat it but not claim it."""
    names: tuple[str, ...] = ()
    """The caller's own name, by which they may be addressed."""
    anchors: tuple[str, ...] = ()
    booked: bool = False
    """A booking was made and may be mentioned."""

    @classmethod
    def of(cls, act: Act, state: ConversationState, company: Company) -> "Licence":
        """The licence of one act."""
        given = [p for point in act.points if isinstance(point, Give) for p in point.passages]
        asks = [w for p in act.points if isinstance(p, AskFor) for w in p.wordings]
        us = (company.name, company.voice.agent_name)
        anchors = (*company.vocabulary.plans, *company.vocabulary.competitors)
        return cls(
            approved(given),
            (*asks, *us),
            (*(t for s in state.signals.active for t in told(s)), *_told_now(state)),
            tuple(s.value for s in state.signals.active if s.criterion == "name"),
            tuple(a.lower() for a in anchors),
        )


def _told_now(state: ConversationState) -> Iterator[str]:
    """The sentences of this turn in which the buyer told something and asked nothing."""
    told = [s.quote for s in state.signals.active if s.turn == state.turn]
    asked = [q.text for q in state.questions if q.turn == state.turn]
    for line in state.history.by("caller")[-1:]:
        for text in sentences(line):
            free = "?" not in text and not any(q in text or text in q for q in asked)
            if free and any(quote in text for quote in told):
                yield text


def approved(passages: Sequence[Passage]) -> tuple[str, ...]:
    """All approved wordings of passages."""
    return tuple(t for p in passages for t in dict.fromkeys((p.text, p.spoken)))


def told(signal: SignalCaptured) -> tuple[str, str]:
    """A signal in our words and in the buyer's."""
    return signal.value, signal.quote
