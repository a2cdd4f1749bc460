"""Figures a buyer states of themselves: how many people, how much money."""

import re

from core.commands import ProvideSignal
from core.conversation.numbers import Number, numbers
from core.conversation.utterance import Utterance

HEDGE = re.compile(
    r"\b(maybe|probably|i think|i guess|not sure|might|perhaps|i believe|possibly|kind of|sort of"
    r"|could be|i'd say"
    r"|i suppose|don't know exactly|ballpark)\b"
)
PEOPLE = re.compile(
    r"^\s*(?:or so |plus |ish |\w+ )?(?:peoples?|employees|persons?|staff|folks|heads?|headcount"
    r"|of us|team members|workers"
    r"|man|fte|ftes|colleagues|strong|engineers|nurses|developers|in (?:total|the company"
    r"|our company))\b"
)
SIZE_BEFORE = re.compile(
    r"\b(?:team of|company of|staff of|headcount (?:is|of)|(?:we're|we are|there are"
    r"|there's) (?:about|around|roughly|only"
    r"|just|a|an|over|under|more than|less than|maybe|probably|like|approximately|some|currently"
    r"|now|at|close to|nearly)*"
    r"|employ(?:s|ing)?|size (?:is|of))\s*(?:about |around |roughly |over |a )*$"
)
OTHER_UNIT = re.compile(
    r"^\s*(?:or so )?(?:\w+ )?(?:rows|tables|records|syncs|dollars|bucks|euros|pounds|percent|%"
    r"|weeks?|months?|days?|years?"
    r"|hours?|minutes?|gigabytes?|gb|terabytes?|connectors?|destinations?|sources?|million"
    r"|customers?|users|seats|contacts"
    r"|locations|stores|warehouses?|tools|apps|systems|questions?|things?|am|pm|o'?clock|k\b"
    r"|grand|hospitals|offices)\b"
)
MONEY_AFTER = re.compile(
    r"^\s*(?:or so )?(?:dollars|bucks|euros|pounds|usd|grand|k\b)(?:\s+(?:a|per) (?P<per>month"
    r"|year))?"
)
MONEY_NEAR = re.compile(r"\b(?:budget|spend|spending|pay|paying|afford|set aside|allocated)\b")
ALONE = re.compile(
    r"\b(?:just me|only me|it's me|solo|one man|one person|by myself|i'm alone|sole proprietor)\b"
)


def certainty(u: Utterance, start: int, end: int, base: float) -> float:
    """Base certainty, less for a hedge near it and for a doubtful recognition."""
    near = u.text[max(0, start - 30) : end + 20]
    hedged = 0.75 if HEDGE.search(near) else 1.0
    return round(base * hedged * min(1.0, 0.4 + 0.6 * u.confidence(start, end)), 3)


def _replaced(u: Utterance, found: list[Number]) -> list[Number]:
    """Leave out what is taken back in the turn: "two hundred, not twenty"."""
    kept = [
        n
        for n in found
        if not re.search(r"\bnot (?:a |about )?$", u.text[max(0, n.start - 12) : n.start])
    ]
    for i in range(len(kept) - 1, 0, -1):
        between = u.text[kept[i - 1].end : kept[i].start]
        if re.search(r"\b(sorry|i mean|actually|no wait|make that|or rather|no)\b", between):
            return kept[i:]
    return kept


def employees(u: Utterance, expecting: str | None) -> list[ProvideSignal]:
    if match := ALONE.search(u.text):
        if expecting == "employees" or "just me" in match.group():
            return [
                ProvideSignal(u.span(match.start(), match.end()), "employees", "1", "positive", 0.8)
            ]
    every = _replaced(u, numbers(u.text))
    for number in every:
        after, before = u.text[number.end :], u.text[max(0, number.start - 48) : number.start]
        if PEOPLE.match(after):
            end = number.end + (m.end() if (m := PEOPLE.match(after)) else 0)
            return [_size(u, number, end, 0.95)]
        if OTHER_UNIT.match(after) or MONEY_AFTER.match(after) or "$" in before[-2:]:
            continue
        if expecting == "employees":
            return [_size(u, number, number.end, 0.9)]
        if SIZE_BEFORE.search(before) and (number.low or number.high or 0) >= 2:
            return [_size(u, number, number.end, 0.75)]
    return []


def _size(u: Utterance, number: Number, end: int, base: float) -> ProvideSignal:
    sure = certainty(u, number.start, number.end, base)
    return ProvideSignal(u.span(number.start, end), "employees", number.value, "positive", sure)


def budget(u: Utterance, expecting: str | None) -> list[ProvideSignal]:
    for number in _replaced(u, numbers(u.text)):
        after, before = u.text[number.end :], u.text[max(0, number.start - 40) : number.start]
        money = MONEY_AFTER.match(after) or before.rstrip().endswith("$")
        about_money = MONEY_NEAR.search(before) or expecting == "budget"
        if not money and not (
            about_money and not OTHER_UNIT.match(after) and not PEOPLE.match(after)
        ):
            continue
        stated = re.search(r"\b(?:we|our|i) (?:have|can|could)\b", before) or len(u.tokens) <= 8
        if not (about_money or stated):
            continue
        monthly = bool(re.search(r"\b(?:a|per|each) month|monthly\b", after[:30]))
        scale = 12 if monthly else 1
        yearly = Number(
            number.low * scale if number.low is not None else None,
            number.high * scale if number.high is not None else None,
            number.start, number.end,
        )  # fmt: skip
        span = u.span(
            number.start, number.end + (m.end() if (m := MONEY_AFTER.match(after)) else 0)
        )
        sure = certainty(u, number.start, number.end, 0.9)
        return [ProvideSignal(span, "budget", yearly.value, "positive", sure)]
    if match := re.search(
        r"\b(?:no|don't have a|haven't (?:set|got) a|there's no) (?:set |fixed |real )?budget\b",
        u.text,
    ):
        return [
            ProvideSignal(u.span(match.start(), match.end()), "budget", "none", "negative", 0.8)
        ]
    return []
