"""What a buyer's questions and tools tell of their needs, by the articles that speak of them. Pure.

An article names the values it `implies`: who asks about keeping Salesforce current has that use.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from core.commands import AskProduct, Command, ProvideSignal
from core.conversation.understanding.tells.unread import unread
from core.qualification.leaning import only_use
from core.talk import Span
from knowledge.answer import KnowledgeBase
from knowledge.entry import Answer, NoAnswer
from knowledge.fitting import values_of
from knowledge.profile import Company
from knowledge.sufficiency import TOO_LITTLE

SUGGESTED = 0.5
"""Certainty of what a question or a tool in use suggests."""
STATED = 0.75
"""Certainty of a need told in the buyer's own words, known by the article that speaks of it."""


SEGMENT = "segment"
"""The signal by which a question suggests a kind of buyer; it proves none."""


class Inference:
    """Reads needs for one company. Holds no state of any conversation."""

    def __init__(self, company: Company, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        criteria = [c for s in company.segments for c in s.criteria]
        self._criterion = {v: c.name for c in reversed(criteria) for v in values_of(company, c)}
        self._criterion |= {s.id: SEGMENT for s in company.segments}
        spoken: dict[str, list[str]] = {}
        for scenario in company.scenarios:
            spoken.setdefault(scenario.article or "", []).append(scenario.value)
        self._spoken = spoken
        """The values whose scenario names an article as the one that speaks of it."""
        self._counted = {c.name: use[1] for c in criteria if (use := only_use(company, c.name))}
        """The use that a criterion of its own counts for."""
        self._open = {c.name for c in criteria if c.kind == "choice"}

    def infer(
        self,
        commands: tuple[Command, ...],
        asked: Mapping[str, Answer | NoAnswer],
        day: date,
        said: str,
    ) -> tuple[Command, ...]:
        """The commands with needs named as the company names them, and those only suggested.

        `said`: the whole turn, by which a sentence of words that name nothing is told from noise.
        """
        told = _answerable(tuple(self._named(c, day) for c in commands), asked, said)
        known = {(c.criterion, c.value) for c in told if isinstance(c, ProvideSignal)}
        suggested = [
            s
            for c in told
            for s in self._suggested(c, asked, day)
            if (s.criterion, s.value) not in known
        ]
        return (*told, *dict.fromkeys(suggested))

    def _named(self, command: Command, day: date) -> Command:
        """A need in the buyer's own words as the use it is, where an article tells which."""
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
        """What a question suggests, a tool that is named, or a count of what one use alone has."""
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
    commands: tuple[Command, ...], asked: Mapping[str, Answer | NoAnswer], said: str
) -> tuple[Command, ...]:
    """Without questions that name nothing: nobody could answer them, so they are asked again. A
    whole sentence with its question mark was heard well, and goes to a person."""
    kept = tuple(c for c in commands if not (isinstance(c, AskProduct) and _empty(asked, c, said)))
    dropped = next((c for c in commands if c not in kept), None)
    return kept or ((unread(dropped.span),) if dropped else commands)


def _empty(asked: Mapping[str, Answer | NoAnswer], command: AskProduct, said: str) -> bool:
    found = asked.get(command.question)
    whole = f"{command.span.quote}?" in said and len(command.question.split()) >= _SENTENCE
    return not whole and isinstance(found, NoAnswer) and found.reason == TOO_LITTLE


_SENTENCE = 6
"""Words from which a question says something, though we cannot tell what of."""
