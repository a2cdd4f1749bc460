"""What kind of fact a question asks for, and whether a passage states one."""

import re
from typing import Literal

from knowledge.entry import Article, Passage

Asked = Literal[
    "price",
    "duration",
    "frequency",
    "amount",
    "place",
    "year",
    "date",
    "time",
    "person",
    "doer",
    "owner",
    "any",
]

_YES_NO = re.compile(
    r"^(\W|\b(so|and|but|or|um|uh|well|ok|okay|hi|hello|yeah|yes)\b)*"
    r"(do|does|did|is|are|can|could|will|would|have|has|should|am)\b"
)
_INDIRECT = re.compile(r"\b(tell me|know|idea|wondering|ask|understand)\b")
_PRICE_OF = r"\b(how much|what) (does|do|would|will|is|are|the)\b.*\b(costs?|prices?|pricing|fees?|charge)\b"  # noqa: E501
_UNIT_OF = (
    r"(?:hour|day|week|weekend|month|quarter|year|night|unit|piece|head|seat|user|foot|mile|ton"
    r"|pallet|person)"
)
_IT = r"(?:it|they|them|that|this|those|these|one|ones|one of (?:those|these|them|your \w+))"
_PRICE_SAID = (
    r"\bset(?:s|ting)? (?:me|us|you|a \w+) back\b"
    rf"|\bwhat(?: is| are| do| does| will| would| can| could)? .{{1,50}}?\b(?:runs?|goe?s? for"
    rf"|sells? for|rents? for|comes? to|runn(?:ing|in) (?:me|us))"
    rf"(?= (?:me|us|for an?|by the|per|an?) |[\s?.!]*$)"
    r"|\bwhat (?:is|are|would|will)(?: be)? (?:the|your)"
    r" (?:damage|tab|ticket|hit|going rate|sticker)(?= (?:on|for|to|if)\b|[\s?.!]*$)"
    r"|\bwhat (?:do|would|will) (?:you|y'all)(?: \w+)?"
    r" (?:get|charge|want|ask|take|quote|bill) (?:me |us |people )?(?:for|per|an?) "
    rf"|\bwhat (?:is|are) {_IT} (?:(?:going )?for an?|by the|per|an?) {_UNIT_OF}\b"
    rf"|\bwhat (?:is|are) (?:(?:the|your|an?) )?(?:[\w-]+ ){{1,6}}by the {_UNIT_OF}\b"
    r"|\b(?:the|your|what) (?:hourly|daily|weekly|monthly|yearly|weekend|overnight|day|week|month)"
    r"(?:ly)? (?:rates?|prices?|costs?|on|for)\b"
    r"|\bwhat (?:is|would be) (?:the|your) (?:hour|dai|week|month|year)ly\W*$"
    rf"|\bwhat (?:is|are|does|do) {_IT} (?:come to )?(?:each|apiece|a pop|a piece)\b"
    r"|(?:^|[.!?,] )(?:and )?(?:the )?rates?\W*$"
)
"""Ways to ask a price without a word for it."""
_LAST = r"(?:last|past|previous) (?:week|month|quarter|twelve months|few months|12 months)"
"""The past: only a statement with a time answers it, not a promise for the future."""
_RATE_OF = (
    r"\b(what|which)( is| are)? (the|your) (\w+ ){0,2}(rates?|percentages?|ratio|share)\b(?! limit)"
)
_OWNED = (
    r"\b(?:(?:owned|acquired|bought|backed|funded|founded) by|made by (?!you\b)"
    r"|are you(?: \w+)? part of"
    r"|(?:subsidiary|brand|unit|division) of|belongs? to)\b"
)
"""Questions about who owns a company: its integrations do not answer them."""
_ASKS: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    ("year", re.compile(r"\b((what|which) year|when (did|was|were)|how long ago|last year)\b")),
    ("year", re.compile(rf"^(what|which|how)\b.*\b{_LAST}\b")),
    ("frequency", re.compile(r"\bhow (often|frequent|frequently)\b")),
    ("duration", re.compile(r"\bhow (long|quickly|quick|fast|soon)\b")),
    ("duration", re.compile(r"\bhow many (seconds|minutes|hours|days|weeks|months|years)\b")),
    ("price", re.compile(r"\bhow much (is|are|do|would|for|per|money|you|to)\b")),
    ("price", re.compile(_PRICE_OF)),
    ("price", re.compile(_PRICE_SAID)),
    ("amount", re.compile(_RATE_OF)),
    ("amount", re.compile(r"\bhow (many|much|big|large)\b")),
    ("place", re.compile(r"\b(where|which (region|regions|country|countries))\b")),
    ("date", re.compile(r"\b(what|which) (day|date)s?\b")),
    ("time", re.compile(r"\b(when (is|are|was|will|do|does|did|can)|what (time|date|day))\b")),
    (
        "doer",
        re.compile(
            r"\bwho(?: will| would| does| do you have| is (?:going|supposed) to)?"
            r" (?:deals?|takes? care|handles?|looks? after|does|do the|files?|pays?|cleans?|clears?"
            r"|installs?|maintains?|repairs?|fix(?:es)?|services?|pulls?|gets? the|talks?|arranges?"
            r"|sets? (?:it|this|that|everything)? ?up|builds?|delivers?|removes?|shovels?|writes?"
            r"|trains?|signs?|carr(?:y|ies))\b"
        ),
    ),
    ("person", re.compile(r"\b(who|whose)\b")),
)

_WHOM = re.compile(
    r"\bwho(?:m|ever)? (?:do|did|would|will) you (?!have\b|employ\b|assign\b|put\b)\w+"
)
"""Asks for the counterpart of what we do, which may have any name."""

_NUMBER = (
    r"(\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|once|twice)\b)"
)
_OF_MONEY = re.compile(r"\b(?:pay|paid|costs?|priced?|prices|fees?|charged?|extra|free)\b")
_UNIT = r"\b(second|minute|hour|day|week|month|year)s?\b"
_SUM = r"[$€£]\s?\d|\b(dollars?|euros?|pounds?|cents?|free|no charge|no (set-up )?fee)\b"
_PRICED = re.compile(r"\b(costs?|price[sd]?|cheaper|fees?|pay|charged?|depends|included)\b", re.I)
_FEE_FOR = re.compile(r"\b(fee|fees|charge|cost|price|surcharge) (for|of|on)\b")
_ROLES = (
    r"\b(engineers?|teams?|people|person|colleagues?|managers?|executives?|customers?|partners?"
    r"|someone|companies|compan(y|ies)|users?|staff|experts?|specialists?|technicians?|firms?)\b"
)

_STATES: dict[Asked, re.Pattern[str]] = {
    "price": re.compile(_SUM, re.I),
    "duration": re.compile(rf"({_UNIT}|any time|at once|instant|same day)", re.I),
    "frequency": re.compile(
        r"(\bevery\b|continuous|real.?time|hourly|daily|nightly|weekly|once an?\b|twice an?\b"
        r"|\btimes a\b|\bper (minute|hour|day|week)|\b(seconds?|minutes?|hours?)\b)",
        re.I,
    ),
    "amount": re.compile(rf"({_NUMBER}|unlimited|no limit|extra-small)", re.I),
    "place": re.compile(r"\b(in|at|to|from|near|on|your)\b", re.I),
    "year": re.compile(r"\b((19|20)\d\d|since|ago|founded|first released)\b", re.I),
    "date": re.compile(
        r"\b((mon|tues|wednes|thurs|fri|satur|sun)days?|weekdays?|weekends?|any ?time|any day|today"
        r"|tomorrow|(every|each|same|next|that|business|working|first|last) (day|month|year)"
        r"|days? (of|after|before)|around the clock|renew\w*|\d+(st|nd|rd|th)"
        r"|january|february|march|april|may \d|june|july|august|september|october|november"
        r"|december)\b",
        re.I,
    ),
    "time": re.compile(rf"({_NUMBER}|{_UNIT}|any ?time|today|now|later|once|until)", re.I),
    "person": re.compile(_ROLES, re.I),
    "doer": re.compile(rf"{_ROLES}|\b(?:we|you|yourself|yourselves|ourselves)\b", re.I),
    "owner": re.compile(rf"{_OWNED}|\b(?:independent|owns?|owners?)\b", re.I),
}


def asked_for(question: str) -> Asked:
    """The kind of fact asked for; `any` when the wording does not say."""
    lowered = question.lower().replace("'s", " is").replace("'d ", " would ")
    if _FEE_FOR.search(lowered):
        return "price"
    if re.search(_OWNED, lowered):
        return "owner"
    if _YES_NO.match(lowered) and not _INDIRECT.search(lowered):
        return "any"
    kinds = (kind for kind, pattern in _ASKS if pattern.search(lowered))
    kind: Asked = next(kinds, "any")
    return "any" if kind in ("person", "doer") and _WHOM.search(lowered) else kind


def of_money(question: str) -> bool:
    """Whether a question of any form is about what something costs: "do we pay for that"."""
    return _OF_MONEY.search(question.lower()) is not None


def states(kind: Asked, passage: Passage, article: Article) -> bool:
    """Whether the passage states such a fact, or its article's policy answers instead."""
    if kind == "any" or article.policy in ("defer", "escalate", "refuse"):
        return True
    said = f"{passage.text} {passage.spoken}"
    if kind == "price" and article.type in ("price", "objection") and _PRICED.search(said):
        return True
    return bool(_STATES[kind].search(said))
