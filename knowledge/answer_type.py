"""What kind of thing a question asks for, and whether a passage states such a thing."""

import re
from typing import Literal

from knowledge.entry import Article, Passage

Asked = Literal["price", "duration", "frequency", "amount", "place", "time", "person", "any"]

_ASKS: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    ("frequency", re.compile(r"\bhow (often|frequent|frequently)\b")),
    ("duration", re.compile(r"\bhow (long|quickly|quick|fast|soon|many (minutes|hours|days|weeks|months))\b")),  # noqa: E501
    ("price", re.compile(r"\b(how much (is|are|does|do|would|will|for|per|money|you|it|to)|how expensive|what (is|are|s) (the|your) (\w+ )?(price|prices|pricing|cost|costs|fee|rate card))\b")),  # noqa: E501
    ("price", re.compile(r"\b(cost|costs|price|prices|pricing)\b")),
    ("amount", re.compile(r"\bhow (many|much|big|large)\b")),
    ("place", re.compile(r"\b(where|which (region|regions|country|countries))\b")),
    ("time", re.compile(r"\b(when (is|are|was|will|do|does|did|can)|what (time|date|day))\b")),
    ("person", re.compile(r"\b(who|whose)\b")),
)  # fmt: skip

_NUMBER = (
    r"(\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|once|twice)\b)"
)
_UNIT = r"\b(second|minute|hour|day|week|month|year|business day)s?\b"
_MONEY = r"([$€£]\s?\d|\b(dollars?|euros?|pounds?|cents?|free|charge|charged|cost|costs|price[sd]?|cheaper|fee|fees|pay|quote|discounts?|credits?|warehouse for)\b)"  # noqa: E501

_STATES: dict[Asked, re.Pattern[str]] = {
    "price": re.compile(_MONEY, re.I),
    "duration": re.compile(rf"({_UNIT}|any time|at once|instant|same day)", re.I),
    "frequency": re.compile(rf"({_NUMBER}|\bevery\b|continuous|daily|weekly|monthly|yearly)", re.I),
    "amount": re.compile(rf"({_NUMBER}|unlimited|no limit|every|extra-small|only|all)", re.I),
    "place": re.compile(r"\b(in|at|to|from|near|on|your)\b", re.I),
    "time": re.compile(rf"({_NUMBER}|{_UNIT}|any ?time|today|now|later|planned|once|until)", re.I),
    "person": re.compile(r"\b(you|we|engineers?|teams?|people|person|colleague|manager|executive|customers?|partners?|someone|companies|buyers?|users?|staff|expert|specialist|technician)\b", re.I),  # noqa: E501
}  # fmt: skip


def asked_for(question: str) -> Asked:
    """The kind of thing asked for; `any` when the wording does not say."""
    lowered = question.lower().replace("'s", " is")
    return next((kind for kind, pattern in _ASKS if pattern.search(lowered)), "any")


def states(kind: Asked, passage: Passage, article: Article) -> bool:
    """Whether the passage states such a thing, or its article's policy speaks in its place."""
    if kind == "any" or article.policy in ("defer", "escalate", "refuse"):
        return True
    if kind == "price" and article.type == "objection":
        return True
    return bool(_STATES[kind].search(f"{passage.text} {passage.spoken}"))
