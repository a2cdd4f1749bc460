"""How many of the company's own things a buyer means: "two bench centrifuges"."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from core.commands import ProvideSignal
from core.conversation.words.figures import certainty, only_figures, standing_numbers
from core.conversation.words.gatherings import COMING, of_an_event
from core.conversation.words.lexicon import Mention
from core.conversation.words.measures import unit_of
from core.conversation.words.numbers import Number, numbers
from core.conversation.words.premises import PLACES, widened
from core.conversation.words.rates import in_period, period_of, put_right, rate
from core.conversation.words.recipients import with_recipients
from core.conversation.words.stems import WORD, stem
from core.conversation.words.utterance import Utterance
from knowledge.profile import Criterion

_WORDS_BETWEEN = 3
_OTHERS = re.compile(r"\b(?:have|had|own|already|sold|bought|used to|existing)\b[^.?!]{0,24}$")
"""Before what they already have, when we ask what they would buy,"""
_GONE = re.compile(r"\b(?:had|sold|used to)\b[^.?!]{0,24}$")
"""and before what they no longer have."""
_TO_BUY = re.compile(
    r"\b(?:thinking|think|want|wants|need|needs|like|likes|buy|order|looking|interested|after|get"
    r"|take)\b"
)
"""In our question: it asks what they would buy."""


_PIECES = ("piece", "unit", "item")
"""Generic words that anything may be counted in."""
_PIECE_STEMS = frozenset(map(stem, _PIECES))
_UNIT = stem("unit")
_HOMES = re.compile(
    r"\b(?:apartments?|condos?|condominiums?|townhomes?|housing|dorms?|self[ -]?storage|complex"
    r"|multi-?family|tenants?)\b"
)
"""Where these are, a unit is one of them: "an apartment building, eighty units"."""
BARE = 0.75
"""Confidence in a figure without a word for what is counted."""
GOODS = _PIECE_STEMS | frozenset(
    map(stem, ("machine", "device", "instrument", "system", "product", "model"))
)
"""Generic words for what the company sells, whatever its name."""
_NO_THINGS = COMING | frozenset(
    map(stem, "people person employee staff hour day night week month year dollar".split())
)
"""Counted things that are not goods."""
_A_TERM = re.compile(
    r" (?:\w+ )?(?:rates?|pric(?:es?|ing)|minimums?|costs?|deals?|specials?|discounts?|notice|trial"
    r"|plans?|turnaround|lead time)\b"
)
"""After the name of a rate or a term, not a number of theirs: "your four-week rate"."""
_STOPS = frozenset("for from until in at on by per starting".split())
_BELOW_ZERO = re.compile(r"(?:-|\u2212|\bminus |\bbelow )$")
"""Before a temperature: "a minus eighty freezer"."""
_WANTED = re.compile(
    r"\b(?:quote|price|order|buy|take|need|want|get|purchase|maybe|perhaps"
    r"|probably)\b[^.?!]{0,16}$"
)
_HEDGED = (
    r"(?:(?:about|around|roughly|approximately|like|maybe|probably|just|only|say|some|um|uh),? )*$"
)
_NEEDED = re.compile(
    r"\b(?:(?:need|want|take|order|buy|get|figure|(?:start|begin|go) with|if (?:i|we) (?:do|did)"
    rf"|(?:start|starts|starting) at)|quantity(?:'s| is| of| would be|:)?),? {_HEDGED}"
)
_THEN = re.compile(
    r"\s*(?:$|[.,;!?]|(?:to|by|in|for|until|before|this|next|at|please|then|as|again)\b)"
)
"""After a bare wanted number: "we need 2 by february"."""
_A_RATE = re.compile(r"\s*(?:/|per\b|an? \w+ (?:per|a)\b)")
"""After a price per piece: "210/user", "45 per seat"."""
_ONE_OR_MORE = (
    r"(?P<before>\b(?:an?|the|our|my|your|another|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|\d+) )"
)
_A_SUM = re.compile(r"[$\u20ac\u00a3]\s*$")
_OF_US = re.compile(r"\s*(?:or so )?of us\b")
_SOME_OF_US = re.compile(r"\b(?:for|with|between|to|of|from) (?:the |just the |us )?$")
"""Before a group of themselves: "extra hands for the two of us"."""
_PERSONS = frozenset(stem(word) for word in ("people", "person", "employee", "staff", "user"))
_OF_THEM = re.compile(
    r"\s+of (?:them|'em|em|those|these)\b|\s+(?:new|more|extra|such|fresh) ones\b"
)
_ALONE = re.compile(rf"(?:^|[.?!,;:]) ?(?:so |and |then |oh |well )*{_HEDGED}")
"""Before a number with which a clause begins: "the brochure, fifteen thousand of them","""
_PRICED = re.compile(r"\b(?:what(?:'s|'d| would| do| does| will| are)|how much)\b[^.?!]{0,24}$")
"""and before one whose price is asked."""
_A_PART = re.compile(r"\s+(?:of )?(?:them|those|these) (?!(?:and|by|for|in|please|to|before)\b)\w")
"""After a number that is part of what was told: "a couple of those trucks have rust"."""

_SOME_OF_OURS = re.compile(r"\s+of (?:my|our|the|his|her|their)\b")
"""After a number of some of their places: "two of my hotels are union"."""


def counted(
    u: Utterance,
    criterion: Criterion,
    mentions: Sequence[Mention],
    asked: Sequence[tuple[int, int]] = (),
    every_one: Sequence[Criterion] = (),
    unnamed: str | None = "",
) -> list[ProvideSignal]:
    """The number of what a criterion counts, if one stands before a word for it, in the criterion's
    own period; `asked`: the questions in the turn, where "over five thousand" is not their number;
    `every_one`: all criteria, another of which may count pieces; `unnamed`: the one for a number of
    things without a name (`of_unnamed`)."""
    u = _joined(u, criterion.counts)
    units = with_recipients(widened({stem(word.lower()) for word in criterion.counts}))
    coming, at_large = bool(units & COMING), unnamed in ("", criterion.name)
    named = {m.start for m in mentions if _named(m, criterion, units, every_one, at_large)}
    pieces = set() if units & (_NO_THINGS | PLACES) else _pieces(criterion, every_one) - units
    units |= pieces - ({_UNIT} if _HOMES.search(u.text) else set())
    every = numbers(u.text)
    kept = standing_numbers(u.text, every)
    every = tuple(n for n in every if not _BELOW_ZERO.search(u.text[: n.start]))
    period = period_of(criterion)

    def told_by(n: Number) -> int | None:
        there = coming and of_an_event(u.text, n.start, n.end)
        return _unit(u.text, n, units | _PERSONS if there else units, named, at_large)

    spoken = any(map(told_by, every)) or (
        period is not None and any(stem(w.group()) in units for w in WORD.finditer(u.text))
    )
    if not spoken or not every:
        return _single(u, criterion, units) if not every else []
    if (whole := _all_told(u.text, [n for n in kept if n in every])) is not None:
        return [_told(u, criterion, *whole, None, 0.85)]
    for number in (n for n in kept if n in every):
        bare = len(kept) == 1 and len(every) > 1  # "twelve centrifuges. sorry, two, not twelve"
        unit = told_by(number)
        often = rate(u.text, number.start, unit or number.end)
        if unit and "-" in u.text[number.start : unit] and _A_TERM.match(u.text, unit):
            continue
        end = unit or (number.end if bare else often[2] if period and often else None)
        open_ended = number.low is None or number.high is None
        if end is None or (open_ended and any(a <= number.start < b for a, b in asked)):
            continue
        before = u.text[: number.start]
        if (not often and _A_RATE.match(u.text, number.end)) or _A_SUM.search(before):
            continue
        if _of_others(criterion, before) and not (often or _WOULD.search(before)):
            continue
        if number.low == 1 and _A_PIECE.search(before):
            continue
        often = put_right(u.text, end) or often
        sure = BARE if _thing(u.text[number.end : end]) in pieces else 0.85
        number, end = (number, end) if often else _listed(u.text, number, end, kept, told_by)
        return [_told(u, criterion, number, end, often, sure)]
    return []


def _all_told(text: str, every: Sequence[Number]) -> tuple[Number, int] | None:
    """The total of several parts, and where it ends: "two reach-ins and a cooler, so three"."""
    if len(every) < _LEAST_PARTS:
        return None
    found = ((n, _SUMMED.match(text, n.end)) for n in every)
    return next(((n, match.end()) for n, match in found if match), None)


def _listed(
    text: str,
    number: Number,
    end: int,
    kept: Sequence[Number],
    told_by: Callable[[Number], int | None],
) -> tuple[Number, int]:
    """A number of one thing together with those of other things that the criterion counts, listed
    right after it: "one tower, two chillers"."""
    things = {_thing(text[number.end : end])}
    for other in kept:
        follows = other.start > end and _AND.fullmatch(text, end, other.start)
        unit = told_by(other) if follows and other.low and other.low == other.high else None
        if unit is None or number.low is None or number.low != number.high:
            continue
        if (thing := _thing(text[other.end : unit])) in things:
            break
        things.add(thing)
        total = number.low + (other.low or 0)
        number, end = Number(total, total, number.start, other.end), unit
    return number, end


def of_other_things(text: str, number: Number, criterion: Criterion) -> bool:
    """Whether a figure is said of things that a criterion does not count, "all five weekdays", or
    is the number of a document: "tracking is SM2231"."""
    if _IDENTIFIES.search(text[: number.start]):
        return True
    units = with_recipients(widened({stem(word.lower()) for word in criterion.counts}))
    match = _THINGS.match(text, number.end) if units else None
    return match is not None and stem(match["thing"]) not in units | GOODS


_IDENTIFIES = re.compile(
    r"(?<![\w'])(?:tracking|reference|ref|ticket|case|invoice|confirmation|claim|booking|p\.?o\.?"
    r"|order|account)(?: (?:number|no|id|code))?\.?(?:'s| is|:)? ?#?(?:[a-z]+[- ]?)?$|[a-z]-?$"
)
"""Before the number of a document."""
_THINGS = re.compile(
    r"[ -](?:(?!(?:or|and|in|of|at|for|if|but|is|as|with|on|to|so|by|from|maybe)\b)[a-z]+[ -])?"
    r"(?P<thing>(?!(?:is|was|has|its|this|plus|always|perhaps|total)\b)[a-z]+[a-rt-z]s)\b"
)
"""A number and what it counts, with one word between them."""


def _thing(said: str) -> str:
    """The thing counted by a number, from the words after it."""
    return stem(said.split()[-1].lower()) if said.split() else ""


_AND = re.compile(r",? (?:and |plus |& )?(?:also )?")
_LEAST_PARTS = 2
_SUMMED = re.compile(
    r"(?: (?:things?|of (?:them|those)|\w+s))? (?:all told|all in all|altogether|in all|in total"
    r"|total|combined)\b"
)


def _named(
    m: Mention,
    criterion: Criterion,
    units: set[str],
    every_one: Sequence[Criterion],
    at_large: bool,
) -> bool:
    """Whether a product's name is of what a criterion counts: by its last word, or as any of the
    company's goods, if no criterion counts that word."""
    if m.kind != "product":
        return False
    thing = stem(m.name.lower().split()[-1])
    theirs = any(thing == stem(w.lower()) for c in every_one for w in c.counts)
    return thing in units if theirs else at_large and bool(units & GOODS)


def of_unnamed(
    every_one: Sequence[Criterion], of_use: Mapping[str, str], uses: Sequence[str]
) -> str | None:
    """The criterion for a number of things without a name: that of what they want, else the one
    that counts pieces, else the first without conditions; empty: any, None: it cannot be told.

    `of_use`: the count that only those who want this are asked for; `uses`: what they want.
    """
    if told := [of_use[use] for use in uses if use in of_use]:
        return told[-1]
    own = set(of_use.values())
    if not uses and len(own) > 1:
        return None
    counting = [c for c in every_one if c.counts and not (uses and c.name in own)]
    pieces = [c for c in counting if not _PIECE_STEMS.isdisjoint(stem(w.lower()) for w in c.counts)]
    found = [*pieces, *(c for c in counting if not c.when), *counting]
    return found[0].name if found else ""


def _pieces(criterion: Criterion, every_one: Sequence[Criterion]) -> set[str]:
    """What anything may be counted in, except words of another criterion for its own things."""
    theirs = {stem(w.lower()) for c in every_one if c.name != criterion.name for w in c.counts}
    return {*_PIECE_STEMS} - theirs


def _joined(u: Utterance, counts: Sequence[str]) -> Utterance:
    """The turn with a compound thing, "two walk ins", in its counted form: `walk-in`. A single one
    counts only right after a number or an article: people walk in, too."""
    text = u.text
    for word in counts:
        if "-" in word:
            apart = re.escape(word.lower().replace("-", " "))
            text = re.sub(rf"\b{apart}(?=e?s\b)|{_ONE_OR_MORE}{apart}\b", _hyphened, text)
    return u if text == u.text else replace(u, text=text)


def _hyphened(match: re.Match[str]) -> str:
    before = match["before"] or ""
    return before + match[0][len(before) :].replace(" ", "-")


def _of_others(criterion: Criterion, before: str) -> bool:
    """Whether what is counted is not what we ask for: what they have, or had."""
    had = bool(criterion.ask) and not any(_TO_BUY.search(line.lower()) for line in criterion.ask)
    return (_GONE if had else _OTHERS).search(before) is not None


_WOULD = re.compile(r"(?:'d|'ll|\bwould|\bwill|\bmay|\bmight|\bto)(?: \w+)? (?:have|own)\b[^.?!]*$")
"""Before what they are going to have."""


def _told(
    u: Utterance,
    criterion: Criterion,
    number: Number,
    end: int,
    often: tuple[str, float, int] | None,
    sure: float,
) -> ProvideSignal:
    told = in_period(number, often, period_of(criterion))
    sure = certainty(u, number.start, end, sure)
    span = u.span(number.start, max(end, often[2]) if often and told != number else end)
    return ProvideSignal(span, criterion.name, told.value, "positive", sure)


def _single(u: Utterance, criterion: Criterion, units: set[str]) -> list[ProvideSignal]:
    """Things named one by one: "one incubator", "an incubator and a centrifuge"; or repeatedly: "a
    truck every week"."""
    found = [
        (one, end)
        for one in _ONE.finditer(u.text)
        if (end := _unit(u.text, _one(one), units, set(), True)) is not None
        and not _A_PIECE.search(u.text[: one.start()])
    ]
    found = list({end: (one, end) for one, end in found}.values())  # "a quote for one centrifuge"
    if not found:
        return []
    start, end = found[0][0].start(), found[-1][1]
    often = rate(u.text, start, end) if period_of(criterion) else None
    if _of_others(criterion, u.text[:start]) and not often:
        return []
    if len(found) == 1 and found[0][0].group() != "one" and not often:
        return []  # "a centrifuge" may be the first of many
    number = Number(len(found), len(found), start, end)
    return [_told(u, criterion, number, end, often, BARE)]


_A_PIECE = re.compile(
    r"\b(?:how much (?:is|are|for|does|do|would|will)|what(?:'s|'d| is| does| do| would| will))"
    r"(?: (?:it|you) (?:cost|charge|take)(?: me| us)?(?: for| to [a-z]+)?)?(?: just| only)? $"
    r"|\b(?:price|cost) (?:of|per|for) $"
)
"""Before a "one" that a price is asked for, which is no wanted number."""
_ONE = re.compile(r"\b(?:one|an?)\b(?! (?:of|more|day|year|question|thing)\b)")


def _one(match: re.Match[str]) -> Number:
    return Number(1, 1, match.start(), match.end())


def _unit(
    text: str, number: Number, units: set[str], named: set[int], at_large: bool
) -> int | None:
    """Where the counted word ends, if it follows the number; `at_large`: also without one, for the
    thing under discussion."""
    before = text[: number.start]
    match = _OF_THEM.match(text, number.end) if at_large else None
    if match and any(wanted.search(before) for wanted in (_WANTED, _NEEDED, _ALONE, _PRICED)):
        return match.end()
    part = _A_PART.match(text, number.end) and not _WANTED.search(before)
    if part or (units & PLACES and _SOME_OF_OURS.match(text, number.end)):
        return None
    if units & _PERSONS and (match := _OF_US.match(text, number.end)):
        return None if _SOME_OF_US.search(before) else match.end()
    if at_large and _NEEDED.search(before) and _THEN.match(text, number.end):
        return number.end
    measure = unit_of(text, number)
    rest = (n.start for n in numbers(text) if n.start >= number.end and text[n.end :][:1] != "-")
    later = min((at for at in rest if not _BELOW_ZERO.search(text[:at])), default=len(text))
    for n, match in enumerate(WORD.finditer(text, number.end)):
        told = stem(match.group().lower()) in units
        if n == 0 and measure and not told:
            return None  # "a 70 kW generator"
        if match.start() >= later or match.group().lower() in _STOPS:
            return None
        between = text[number.end : match.start()]
        right = n == 0 and between == ", " and _PUT_RIGHT.search(before)
        if n > _WORDS_BETWEEN or (re.search(r"[.?!,]", between) and not (told and right)):
            return None
        if told or match.start() in named:
            return match.end()
    return None


_PUT_RIGHT = re.compile(r"\b(?:sorry|no|wait|i mean|actually|correction)\W*$")
"""Before a figure that puts one right: "sixty thousand, no sorry, six thousand, customers"."""


def only_a_count(text: str) -> Number | None:
    """The exact figure that is all a text says: "twenty-six thousand"."""
    told = standing_numbers(text, numbers(text))
    exact = len(told) == 1 and told[0].low == told[0].high and not unit_of(text, told[0])
    return told[0] if exact and only_figures(text) else None


def just_one(text: str) -> list[Number]:
    """The "one" that answers how many: "just the one", "only one", "one tunnel, that's it"."""
    match = _JUST_ONE.fullmatch(text.strip(" .!,"))
    return [Number(1, 1, *match.span("one"))] if match else []


_JUST_ONE = re.compile(
    r"(?:(?:oh|um|uh|well|so|yeah|no|it's|that's|there's|we have|i have|i've got|we've got"
    r"|we need|i need|for now|right now|at first|probably|maybe)[, ]+)*"
    r"(?:just|only|a single|but)?(?: the| this| that)? ?(?P<one>one)"
    r"(?: (?!moment|sec|minute|thing|question|more|time|hour|day|week|month|year|quick)[a-z]+)?"
    r"(?:[, ]+(?:for now|right now|so far|at first|i think|really|actually|only|time|of them|sir"
    r"|ma'am|please|that's it|that's all))*"
)
