"""What a figure says about a measured criterion: "sixty thousand square feet", "$14k/mo"."""

import re
from collections.abc import Sequence

from core.commands import ProvideSignal
from core.conversation.words.figures import certainty, standing_numbers
from core.conversation.words.measures import (
    PAYS,
    Unit,
    Wanted,
    is_length,
    measured_numbers,
    period_of,
    sides,
    unit_of,
    wanted,
)
from core.conversation.words.numbers import Number
from core.conversation.words.others import of_others
from core.conversation.words.rates import in_period, rate
from core.conversation.words.rates import period_of as rated_by
from core.conversation.words.utterance import Utterance
from knowledge.profile import Criterion

_BARE = re.compile(
    r"(?: ?(?:k|thousand|hundred|or so|ish|plus|odd|each|apiece|total|in all|tops|max|maybe"
    r"|probably|give or take|i think|i guess|i'd say|roughly|or thereabouts|across|all told"
    r"|altogether))*"
    r"\s*(?:$|[.,;!?]"
    r"|(?:not|now|actually|sorry|instead|rather|in|on|all|or|and|but|give|by|to|at|is|are|was|we|i"
    r"|it|so|for|a|the|our|per|last|this|every|then|with|when|because|though)\b)"
)
"""After a bare figure: no other noun that it would count."""
_UP_TO = r"(?:\s*(?:is|'s|are|was|runs?|running|comes? to|averages?|at|of|like|about|around|roughly"
_LEADS = re.compile(
    rf"\b(?P<cue>[a-z]+){_UP_TO}|maybe|usually|probably|currently|now|somewhere|between|over|under"
    r"|just|nearly|almost|close to|up to|some|well|,|:|costs? us|goes for))+\s*\$?$"
)
"""A word of the criterion's own, up to its figure: "the bill is like"."""
_FOR = re.compile(r"\s*(?:for|in|on|of|towards?) (?:the |our |my |its )?(?P<what>[a-z]+)")


_ANOTHERS = re.compile(
    rf"\b(?:our|my|the|their|your) (?P<what>[a-z]+(?: [a-z]+)?){_UP_TO}|about))+\s*\$?$"
)
"""What a sum is for, before or after it: "our rent is", "in wages"."""


def measured(
    u: Utterance,
    criterion: Criterion,
    every: Sequence[Criterion],
    asked: Sequence[tuple[int, int]],
    *,
    expected: bool,
) -> list[ProvideSignal]:
    """At most one figure in a criterion's unit. `every`: the company's criteria; `asked`: the
    questions in the turn; `expected`: whether we asked for it."""
    what = wanted(criterion)
    if what is None or criterion.name in _OWN_RULES:
        return []
    alone = sum(w is not None and w.measure == what.measure for w in map(_wanted, every)) == 1
    figures = measured_numbers(u.text)
    kept = standing_numbers(u.text, figures)
    units = {n: _taken_over(u.text, n, figures, kept) for n in kept}
    for number in (*_products(u.text, kept, what), *kept):
        unit = units.get(number) or unit_of(u.text, number)
        if unit is None and alone and what.measure == "money":
            unit = _sum_of_it(u.text, number, [c for c in every if c is not criterion])
        if what.measure == "money" and _the_other_way(u.text, number, criterion, expected):
            continue
        if expected and _of_another(u.text, number, criterion, every):
            continue
        earned = unit is None and _earned(u.text, number, criterion, every)
        told = _told(u.text, number, unit, what, expected=expected or earned, alone=alone)
        if told is None or of_others(u.text, number.start):
            continue
        end = max(told.end, number.end)
        if what.measure != "money" and (often := rate(u.text, number.start, end)):
            told, end = in_period(told, often, rated_by(criterion)), max(end, often[2])
        inside = any(a <= number.start and end <= b for a, b in asked) and not expected
        sure = certainty(u, number.start, end, 0.6 if inside else 0.85)
        span = u.span(number.start, end)
        return [ProvideSignal(span, criterion.name, told.value, "positive", sure, inside)]
    return []


_OWN_RULES = ("employees", "budget")
"""Criteria whose figures have their own modules."""


def _rated(criterion: Criterion) -> bool:
    """Whether a criterion asks how many in a period, so that "ten a month" may be its own."""
    return _PER.search(" ".join((criterion.label, *criterion.ask)).lower()) is not None


_PER = re.compile(
    r"\b(?:(?:a|per|each|every|in a) (?:day|week|month|year)|(?:dai|week|month|year)ly)\b"
)


def _sum_of_it(text: str, number: Number, others: Sequence[Criterion]) -> Unit | None:
    """The sum in "it's like fourteen thousand a month", of what was spoken of before, unless one of
    the other criteria may be meant."""
    period = period_of(text, number.end)
    if period is None or not _IT_IS.search(text[: number.start]) or any(map(_rated, others)):
        return None
    return Unit("money", 1.0, period[1], period[0])


_IT_IS = re.compile(
    r"(?:^|[.,;!?] ?|\band |\bso |\bwell |\buh |\bum )(?:it|that)(?:'s| is| was| runs(?: us)?"
    r"| comes to)(?: (?:like|about|around|roughly|maybe|probably|usually|something|somewhere"
    r"|close to|over|nearly|almost|just|say))*\s*\$?$"
)


def _the_other_way(text: str, number: Number, criterion: Criterion, expected: bool) -> bool:
    """Whether a sum is paid where their income is asked for, or taken in where it is not."""
    before = text[: number.start]
    if _of_income(criterion):
        return PAYS.search(before) is not None
    return not expected and _EARNS.search(before) is not None


def _of_income(criterion: Criterion) -> bool:
    words = " ".join((*criterion.counts, criterion.label, *criterion.ask)).lower()
    return _INCOME.search(words) is not None


def _earned(text: str, number: Number, criterion: Criterion, every: Sequence[Criterion]) -> bool:
    """Whether a bare figure is what they take in, where that is asked for: "we do about four
    hundred thousand a year"; unless something else is counted by a period."""
    if not _of_income(criterion) or any(_rated(c) for c in every if not _wanted(c)):
        return False
    return (number.low or 0) >= _LEAST_INCOME and _EARNS.search(text[: number.start]) is not None


_INCOME = re.compile(
    r"\b(?:revenues?|sales|turnover|incomes?|receipts|earnings|takings|billings?)\b"
    r"|\bdo you (?:make|gross|bring in|take in|turn over|earn)\b"
)
_EARNS = re.compile(
    r"\b(?:we|i|it|they|and)(?:'ll|'re|'d)? (?:[a-z]+ ){0,3}?(?:do|did|does|doing|make|makes|made"
    r"|making|gross(?:es|ed|ing)?|bring(?:ing)? in|brought in|tak(?:e|ing) in|took in"
    r"|turn(?:ing|ed)? over|earn(?:ed|ing)?|net|cleared|clear|hit)"
    r"(?: (?:like|about|around|roughly|maybe|probably|just|over|under|nearly|almost|close to|up to"
    r"|somewhere|between))*\s*\$?$"
)
_LEAST_INCOME = 10_000
"""A smaller bare figure may count anything: "we do four hundred a year"."""


def _wanted(criterion: Criterion) -> Wanted | None:
    own = criterion.kind == "number" and criterion.name not in _OWN_RULES
    return wanted(criterion) if own else None


def _of_another(
    text: str, number: Number, criterion: Criterion, every: Sequence[Criterion]
) -> bool:
    """Whether the word that leads up to a figure is another criterion's own: "the bill is 7500",
    where the roof was asked for."""
    lead = _LEADS.search(_JOINED_BEFORE.sub("", text[: number.start]))
    said = lead["cue"].rstrip("s") if lead else ""
    theirs, own = (
        {cue.rstrip("s") for c in several if (what := _wanted(c)) for cue in what.cues}
        for several in ([c for c in every if c.name != criterion.name], [criterion])
    )
    return said in theirs - own


_JOINED_BEFORE = re.compile(r"(?:\$?\d[\d.,]*k?(?: and |, ?| or ))+\$?$")
"""Other figures of the same thing: "bills are 4k and 2200"."""


def _taken_over(
    text: str, number: Number, figures: Sequence[Number], kept: Sequence[Number]
) -> Unit | None:
    """The unit of the figure that this one replaces: "six thousand square feet, sorry no, sixty
    thousand"."""
    gone = [n for n in figures if n not in kept and n.end <= number.start]
    return (unit_of(text, gone[-1]) if gone else None) if not unit_of(text, number) else None


def _products(text: str, kept: Sequence[Number], what: Wanted) -> list[Number]:
    """An area from its sides."""
    if what.measure != "area":
        return []
    return [
        Number(a.low * b.low, a.low * b.low, a.start, b.end, a.approximate)
        for a, b in zip(kept, kept[1:], strict=False)
        if sides(text, a, b) and a.low and b.low
    ]


def _told(
    text: str, number: Number, unit: Unit | None, what: Wanted, *, expected: bool, alone: bool
) -> Number | None:
    """A figure in the criterion's unit, if it can belong to it."""
    if unit is not None and unit.measure == "length" and what.measure == "area":
        if is_length(text, number, unit, expected=expected):
            return None
        unit = Unit("area", unit.factor**2, unit.end)
    if unit is not None and unit.measure != what.measure:
        return None
    cued = _cued(text, number, what)
    if unit is None:
        return _bare(text, number, what) if expected or cued else None
    if what.measure == "money":
        other = _FOR.match(text, unit.end) or _ANOTHERS.search(text[: number.start])
        theirs = other is not None and not what.cues.intersection(other["what"].split())
        clear = unit.months is not None and what.months is not None and alone and not theirs
        return what.value(number, unit) if expected or cued or clear else None
    own = unit.factor == what.factor or expected
    return what.value(number, unit) if expected or cued or (own and alone) else None


def _bare(text: str, number: Number, what: Wanted) -> Number | None:
    """A figure without a unit, unless it counts something other than the criterion does."""
    counted = _COUNTED.match(text, number.end)
    said = {counted["what"], counted["what"].removesuffix("s")} if counted else set[str]()
    alone = _BARE.match(text, number.end) or said & what.things
    if not alone or (what.measure != "money" and _paid(text, number)):
        return None
    if what.measure == "money" and (period := period_of(text, number.end)):
        months, end = period
        return what.value(number, Unit("money", 1.0, end, months))
    return what.value(number, None)


_COUNTED = re.compile(r"\s+(?P<what>[a-z]+)\b")


def _paid(text: str, number: Number) -> bool:
    """Whether a bare figure is an amount per month, and not a measurement."""
    return period_of(text, number.end) is not None


def _cued(text: str, number: Number, what: Wanted) -> bool:
    """Whether a word of the criterion's own leads up to a figure, or follows its unit."""
    lead = _LEADS.search(text[: number.start])
    if lead is not None and lead["cue"].rstrip("s") in {c.rstrip("s") for c in what.cues}:
        return True
    sentence = re.split(r"[.?!]", text[number.end :])[0][:_NEAR]
    return any(re.search(rf"\b{re.escape(cue)}", sentence) for cue in what.cues)


_NEAR = 40
