"""A conversation's log by turn: what both sides said, asked and cited. Reads facts only."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.events import (
    CriterionAsked,
    Fact,
    QuestionAnswered,
    QuestionDeferred,
    QuestionRaised,
    SignalCaptured,
    UtteranceRecorded,
)


@dataclass
class TurnLog:
    """One turn of the log."""

    caller: list[UtteranceRecorded] = field(default_factory=list)
    agent: list[UtteranceRecorded] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    raised: list[QuestionRaised] = field(default_factory=list)
    signals: list[SignalCaptured] = field(default_factory=list)

    @property
    def said(self) -> str:
        """The caller's words."""
        return " ".join(u.text for u in self.caller)

    @property
    def reply(self) -> str:
        """Our words, as heard."""
        return " ".join(u.text for u in self.agent)

    @property
    def cited(self) -> list[str]:
        """Articles cited by heard answers."""
        return self._citing("answer")

    @property
    def along(self) -> list[str]:
        """Articles answered along with a deferral, as a likely meaning."""
        return self._citing("confirm")

    @property
    def left(self) -> list[str]:
        """Articles whose own words defer a question."""
        return self._citing("deferral")

    def _citing(self, kind: str) -> list[str]:
        return [c.split("@")[0] for u in self.agent if u.kind == kind for c in u.citations]


@dataclass
class Log:
    """All turns by number, and each question's outcome by id."""

    turns: dict[int, TurnLog]
    answered: dict[str, QuestionAnswered]
    deferred: dict[str, QuestionDeferred]


def by_turn(facts: Sequence[Fact]) -> Log:
    """The log of a conversation's facts."""
    log = Log(defaultdict(TurnLog), {}, {})
    for fact in facts:
        match fact:
            case UtteranceRecorded(turn=turn, speaker="caller"):
                log.turns[turn].caller.append(fact)
            case UtteranceRecorded(turn=turn):
                log.turns[turn].agent.append(fact)
            case CriterionAsked():
                log.turns[fact.turn].asked.append(fact.criterion)
            case QuestionRaised():
                log.turns[fact.turn].raised.append(fact)
            case SignalCaptured():
                log.turns[fact.turn].signals.append(fact)
            case QuestionAnswered():
                log.answered[fact.question_id] = fact
            case QuestionDeferred():
                log.deferred[fact.question_id] = fact
            case _:
                pass
    return log
