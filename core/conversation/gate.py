"""What a model may say: each sentence is licensed by the plan's passages or the caller, or stopped.

Pure. A sentence is stopped for the first thing in it that nobody approved: a number, a date, a
name, a promise, a reversed yes or no, a booking that was not made, a claim beyond the passages.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from core.conversation.dates import DAYS, MONTHS
from core.conversation.numbers import SCALES, TEENS, TENS, UNITS, numbers
from core.conversation.realise import passage_texts
from core.conversation.state import ConversationState
from core.conversation.stems import PLAIN, WORD, stem, stems
from core.plan import Act, AskFor, Give
from knowledge.profile import Company

_UNIT = re.compile(
    r"^\s*(?P<unit>%|percent|dollars?|usd|euros?|pounds?|bucks|cents|minutes?|hours?|days?|weeks?"
    r"|months?|years?|seconds?)"
)
_PERIOD = re.compile(
    r"^[a-z ]{0,9}\b(?:a|an|per|each|every|for a) (?P<per>month|year|week|day|hour)\b"
)
_MONEY = ("$", "\u20ac", "\u00a3")
NEGATIONS = re.compile(
    r"\b(?:no|not|never|cannot|can't|don't|doesn't|isn't|aren't|won't|without|unable|unavailable"
    r"|neither|nor|none|hasn't"
    r"|haven't|wasn't|unsupported|lacks?)\b"
)
PROMISES = re.compile(
    r"\b(?:guarantee\w*|promis\w+|we(?:'ll| will| shall)|i(?:'ll| will)|discount\w*|free"
    r"|refund\w*|waiv\w+|no charge|on the house"
    r"|complimentary|best price|special (?:offer|price|deal)|price match|unlimited|always|never"
    r"|100 ?%|zero downtime"
    r"|certif\w+|complian\w+|accredit\w+|audit\w*|award\w*|patent\w*|exclusive\w*|lifetime"
    r"|money[- ]back|no risk|risk[- ]free)\b"
)
BOOKED = re.compile(
    r"\b(?:(?:have|has|i've|we've|you're|you are|is|are|been|got you) (?:all )?(?:booked"
    r"|scheduled|set up for|confirmed|reserved"
    r"|penciled)|booked you|scheduled you|calendar invit\w+|see you (?:on|at|then|tomorrow)"
    r"|on (?:your|the) calendar"
    r"|meeting is (?:set|confirmed)|appointment is|i(?:'ve| have) (?:sent|emailed|added|created"
    r"|arranged))\b"
)
CUSTOMERS = re.compile(
    r"\b(?:trusted by|used by|customers (?:like|such as|include)|companies (?:like|such as)"
    r"|clients (?:like|such as|include)"
    r"|case study|our customers|work with brands)\b"
)
LEAKS = re.compile(
    r"\b(?:system prompt|my instructions|as an? (?:ai )?language model|ignore (?:all|previous"
    r"|your)|passage|openai|chatgpt|prompt)\b"
    r"|https?:|www\.|@|[{}<>#*_`\[\]]"
)
MARKS = re.compile(
    r"\b(?:SOC|ISO|HIPAA|FedRAMP|PCI|GDPR|CCPA|HITRUST|CSA|NIST|SLA|BAA|SOX|FERPA|ITAR)\b",
    re.IGNORECASE,
)
CLAIM = re.compile(
    r"\b(?:we|we're|we've|our|us|it|it's|its|yes|yeah|sure|there's|there is|there are|you can"
    r"|you get|that)\b"
)


@dataclass(frozen=True, slots=True)
class Licence:
    """What a turn's sentences may rest on."""

    passages: tuple[str, ...]
    """Approved wordings of the passages given in this turn."""
    plan: tuple[str, ...] = ()
    """Wordings of the plan itself: the question to ask, names we give out."""
    caller: tuple[str, ...] = ()
    """What the caller told of themselves; may be said back to them, not claimed by us."""
    question: str = ""
    booked: bool = False
    vocabulary: tuple[str, ...] = ()
    """Names of the company's trade, in any case: they need a passage like every other name."""

    @classmethod
    def of(cls, act: Act, state: ConversationState, company: Company, said: str) -> "Licence":
        """The licence of one act."""
        given = [p for p in act.points if isinstance(p, Give)]
        passages = passage_texts([p for g in given for p in g.passages])
        asks = [w for p in act.points if isinstance(p, AskFor) for w in p.wordings]
        caller = [t for s in state.active for t in (s.value, s.quote)]
        names = (company.name, company.voice.agent_name)
        question = " ".join(g.question for g in given)
        words = company.vocabulary
        trade = (*words.integrations, *words.tools, *words.competitors, *words.plans, *words.terms)
        return cls(tuple(passages), (*asks, *names), tuple(caller), question, vocabulary=trade)


def objection(sentence: str, licence: Licence) -> str | None:
    """Why a sentence may not be said; None when it may."""
    low = sentence.lower()
    if LEAKS.search(sentence) or len(sentence.split()) > 45:
        return "not speech for a caller"
    if BOOKED.search(low) and not licence.booked:
        return "speaks of a booking that was not made"
    for check in (_numbers, _dates, _names, _promises, _customers, _polarity, _beyond):
        if reason := check(sentence, licence):
            return reason
    return None


def _allowed(licence: Licence) -> str:
    return " ".join((*licence.passages, *licence.plan))


def _quantities(text: str) -> set[tuple[float, str, str]]:
    """Numbers with their unit (money, percent, a span of time, or none) and "a month" after it."""
    found = set()
    low = text.lower()
    for number in numbers(low):
        after = low[number.end :]
        match = _UNIT.match(after)
        unit = match["unit"].rstrip("s") if match else ""
        before = low[: number.start].rstrip()
        if before.endswith(_MONEY) or unit in ("dollar", "usd", "buck", "euro", "pound"):
            unit = "money"
        if unit == "%":
            unit = "percent"
        per = _PERIOD.search(after[:28])
        for value in (number.low, number.high):
            if value is not None:
                found.add((value, unit, per["per"] if per else ""))
    return found


def _numbers(sentence: str, licence: Licence) -> str | None:
    """Approved numbers with unit and period; the caller's own only when said of the caller."""
    approved = {q for t in (*licence.passages, *licence.plan) for q in _quantities(t)}
    theirs = {v for t in licence.caller for v, _, _ in _quantities(t)}
    echo = _echoes(sentence, licence)
    for value, unit, period in sorted(_quantities(sentence)):
        fits = any(
            v == value and _same_unit(unit, u) and (not period or period == p)
            for v, u, p in approved
        )
        if not fits and not (echo and unit not in ("money", "percent") and value in theirs):
            return f"the number {value:g} {unit}".rstrip()
    if re.search(r"[$\u20ac\u00a3%]", sentence) and not _quantities(sentence):
        return "a price without a figure"
    return None


def _same_unit(said: str, approved: str) -> bool:
    return said == approved or (not said and approved not in ("money", "percent"))


def _echoes(sentence: str, licence: Licence) -> bool:
    """Whether a sentence only says back what the caller told, and claims nothing of us."""
    if re.search(r"\byou(?:r|'re|'ve)?\b", sentence.lower()):
        return True
    approved = {s for t in licence.passages for s in stems(t)}
    return not stems(sentence) & approved and not re.search(r"\b(?:we|our|us)\b", sentence.lower())


def _dates(sentence: str, licence: Licence) -> str | None:
    allowed = (_allowed(licence) + " " + " ".join(licence.caller)).lower()
    words = set(re.findall(r"[a-z']+", sentence.lower()))
    for word in (
        *DAYS,
        *(m for m in MONTHS if m not in ("may", "march")),
        "tomorrow",
        "tonight",
        "yesterday",
        "weekend",
    ):
        if word in words and word not in allowed:
            return f"the date {word}"
    for phrase in (
        "next week",
        "next month",
        "next quarter",
        "next year",
        "this week",
        "this month",
        "this quarter",
        "coming soon",
    ):
        if phrase in sentence.lower() and phrase not in allowed:
            return f"the date {phrase}"
    return None


def _names(sentence: str, licence: Licence) -> str | None:
    """Capitalised words inside a sentence, and marks of certification in any case."""
    allowed = {w.lower() for w in WORD.findall(_allowed(licence))}
    theirs = {w.lower() for t in licence.caller for w in WORD.findall(t)}
    claims = bool(CLAIM.search(sentence.lower()))
    for match in MARKS.finditer(sentence):
        if match.group().lower() not in allowed:
            return f"the name {match.group()}"
    approved = _allowed(licence).lower()
    for match in _trade(licence.vocabulary).finditer(sentence.lower()) if claims else ():
        if match.group() not in approved:
            return f"the name {match.group()}"
    words = list(re.finditer(r"[A-Za-z][\w'.-]*", sentence))
    for place, match in enumerate(words):
        word = match.group().strip("'.-")
        low = word.lower().removesuffix("'s")
        inner = place > 0 and sentence[: match.start()].rstrip()[-1:] not in (".", "?", "!", '"')
        named = (
            (word[:1].isupper() and inner)
            or (len(word) > 1 and word.isupper())
            or any(c.isupper() for c in word[1:])
        )
        if not named or low in _NOT_NAMES or low in allowed:
            continue
        if low in theirs and not (claims and not re.search(r"\byou", sentence.lower())):
            continue
        return f"the name {word}"
    return None


@lru_cache(maxsize=8)
def _trade(vocabulary: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these names; what is also a plain word is left out."""
    names = [v.lower() for v in vocabulary if v.lower() not in PLAIN]
    any_of = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"\b(?:{any_of})\b" if any_of else r"(?!)")


_NOT_NAMES = frozenset("i i'm i'll i'd i've ok okay ai thanks yes no and so".split())


def _promises(sentence: str, licence: Licence) -> str | None:
    allowed = " ".join(licence.passages).lower()
    approved = {stem(w) for w in re.findall(r"[a-z']+", allowed)}
    for match in PROMISES.finditer(sentence.lower()):
        said = match.group()
        if said in allowed or (" " not in said and "'" not in said and stem(said) in approved):
            continue
        return f"the promise {said!r}"
    return None


def _customers(sentence: str, licence: Licence) -> str | None:
    match = CUSTOMERS.search(sentence.lower())
    if match and match.group() not in " ".join(licence.passages).lower():
        return f"a customer claim {match.group()!r}"
    return None


def closest(sentence: str, texts: Iterable[str]) -> tuple[float, str]:
    """The approved text that shares most content words with a sentence, and the share."""
    own = stems(sentence)
    best = (0.0, "")
    for text in texts:
        share = len(own & stems(text)) / max(len(own), 1)
        if share > best[0]:
            best = (share, text)
    return best


def _polarity(sentence: str, licence: Licence) -> str | None:
    """A yes where the approved text says no, or the other way round."""
    if sentence.rstrip().endswith("?"):
        return None
    parts = [p for t in licence.passages for p in re.split(r"(?<=[.;!?])\s+|, but |; ", t)]
    share, text = closest(sentence, parts)
    if share < 0.5:
        return None
    low = sentence.lower()
    denies, denied = bool(NEGATIONS.search(low)), bool(NEGATIONS.search(text.lower()))
    if denies != denied:
        return "the opposite of what is approved"
    if re.match(r"(?:yes|yeah|sure|absolutely)\b", low) and re.match(r"no\b", text.lower()):
        return "the opposite of what is approved"
    return None


GENERIC = frozenset(map(stem, "plan price cost platform product company business work".split()))
"""Words of a question that claim nothing by themselves."""
_COUNTED = frozenset(
    map(stem, (*UNITS, *TEENS, *TENS, *SCALES, "hundred", "dollar", "dollars", "percent"))
)
"""Words of figures; those are held to their passages as numbers."""


def _beyond(sentence: str, licence: Licence) -> str | None:
    """A claim of ours whose matter is in the question or the model, not in a passage."""
    low = sentence.lower()
    if sentence.rstrip().endswith("?") or not stems(sentence):
        return None
    approved = {s for t in (*licence.passages, *licence.plan) for s in stems(t)}
    theirs = {s for t in licence.caller for s in stems(t)}
    own = {s for s in stems(sentence) if s not in _COUNTED and not s[0].isdigit()}
    if not own:
        return None
    claims = bool(CLAIM.search(low)) or not re.search(r"\byou", low)
    if claims and (asked := (own & stems(licence.question)) - approved - GENERIC):
        return f"claims {sorted(asked)[0]!r}, which no passage covers"
    known = own & (approved | theirs)
    if len(known) / len(own) < (0.6 if claims else 0.34):
        return "a claim no passage covers"
    return None
