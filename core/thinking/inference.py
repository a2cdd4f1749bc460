"""Infers a buyer's needs from their questions and tools, by the articles that cover them. Pure.

An article names the values it `implies`: asking about keeping Salesforce current implies that use.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from core.commands import AskProduct, Command, ProvideSignal, Unclear
from core.conversation.understanding.asks.openers import opens
from core.conversation.understanding.replies.doubting import BADLY
from core.conversation.understanding.tells.unread import unread
from core.qualification.leaning import only_use
from core.talk import Span, UserSaid
from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer, NoAnswer
from knowledge.fitting import values_of
from knowledge.profile import Company
from knowledge.retrieval.sufficiency import TOO_LITTLE

SUGGESTED = 0.5
"""Confidence in a need that a question or a tool in use suggests."""
STATED = 0.75
"""Confidence in a need stated in the buyer's own words, matched through an article."""


SEGMENT = "segment"
"""Signal by which a question suggests a segment; it proves none."""


class Inference:
    """Infers needs for one company. Holds no conversation state."""

    def __init__(self, company: Company, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._criterion = {
            v: c.name for c in reversed(company.criteria) for v in values_of(company, c)
        }
        self._criterion |= {s.id: SEGMENT for s in company.segments}
        spoken: dict[str, list[str]] = {}
        for scenario in (s for s in company.scenarios if s.fit == "full"):
            spoken.setdefault(scenario.article or "", []).append(scenario.value)
        self._spoken = spoken
        """The values whose scenario names an article as the one that covers them, and not just a
        part of them."""
        self._counted = {
            c.name: use[1] for c in company.criteria if (use := only_use(company, c.name))
        }
        """The use that a count criterion implies."""
        self._open = {c.name for c in company.criteria if c.kind == "choice"}

    def infer(
        self,
        commands: tuple[Command, ...],
        asked: Mapping[str, Answer | NoAnswer],
        day: date,
        said: UserSaid,
    ) -> tuple[Command, ...]:
        """The commands with stated needs mapped to the company's names for them, plus suggested
        needs.

        `said`: the whole turn, which tells a sentence of empty words from noise.
        """
        told = _answerable(tuple(self._named(c, day) for c in commands), asked, said)
        known = {(c.criterion, c.value) for c in told if isinstance(c, ProvideSignal)}
        plain = {c.criterion for c in told if isinstance(c, ProvideSignal) and not c.implied}
        suggested = [
            s
            for c in told
            for s in self._suggested(c, asked, day)
            if (s.criterion, s.value) not in known
            if isinstance(c, AskProduct) or s.criterion not in plain
        ]
        return (*told, *dict.fromkeys(suggested))

    def _named(self, command: Command, day: date) -> Command:
        """A need in the buyer's own words as a use case, if an article identifies it."""
        if not isinstance(command, ProvideSignal) or command.polarity != "neutral":
            return command
        values = self._values(f"can you {command.value}", day, command.criterion)
        if not values:
            return command
        sure = max(command.confidence, STATED)
        return replace(command, value=values[0], polarity="positive", confidence=sure)

    def _suggested(
        self, command: Command, asked: Mapping[str, Answer | NoAnswer], day: date
    ) -> list[ProvideSignal]:
        """What a question, a named tool or a use-specific count suggests."""
        if isinstance(command, AskProduct):
            found = asked.get(command.question)
            if not isinstance(found, Answer):
                return []
            own = self._spoken.get(found.article.id, [])
            values = found.article.implies or (own if len(own) == 1 else ())
            return [self._signal(command.span, v) for v in values if v in self._criterion]
        if not isinstance(command, ProvideSignal):
            return []
        if use := self._counted.get(command.criterion):
            return [self._signal(command.span, use)]
        if command.criterion not in self._open:
            return []
        if command.polarity != "positive":
            return []
        found = self._knowledge.answer(f"do you work with {command.value}", day=day)
        if not isinstance(found, Answer) or found.article.type != "integration":
            return []
        implied = found.article.implies
        return [self._signal(command.span, v) for v in implied if v in self._criterion]

    def _values(self, question: str, day: date, criterion: str) -> list[str]:
        """The values of a criterion implied by the article that answers."""
        found = self._knowledge.answer(question, day=day)
        implied = found.article.implies if isinstance(found, Answer) else ()
        return [v for v in implied if self._criterion.get(v) == criterion]

    def _signal(self, span: Span, value: str) -> ProvideSignal:
        return ProvideSignal(span, self._criterion[value], value, "positive", SUGGESTED, True)


def _answerable(
    commands: tuple[Command, ...], asked: Mapping[str, Answer | NoAnswer], said: UserSaid
) -> tuple[Command, ...]:
    """The commands without questions that name nothing: nobody could answer them, so we ask again.
    A whole sentence that was heard well goes to a person."""
    kept = tuple(c for c in commands if not (isinstance(c, AskProduct) and _empty(asked, c, said)))
    dropped = next((c for c in commands if c not in kept), None)
    if kept or dropped is None:
        return kept
    asks = Unclear(dropped.span, "meaningless", "asks")
    return (asks if opens(dropped.span.quote.lower()) else unread(dropped.span),)


def _empty(asked: Mapping[str, Answer | NoAnswer], command: AskProduct, said: UserSaid) -> bool:
    found = asked.get(command.question)
    words = len(command.question.split())
    heard = f"{command.span.quote}?" in said.text or (
        words <= _PLAIN and said.confidence >= BADLY and opens(command.question.lower())
    )
    whole = heard and words >= _SENTENCE
    return not whole and isinstance(found, NoAnswer) and found.reason == TOO_LITTLE


_SENTENCE = 6
"""A question of this many words says something, even if we cannot tell what about."""
_PLAIN = 10
"""Without a question mark, one of more words and no subject was rather misheard."""
