"""Payment card numbers in what a buyer said or wrote, and the details that go with them. Pure.

A card is a number with a brand's length and prefix that passes the Luhn check. If the buyer says
that it is a card, a misheard or truncated number counts too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import phonenumbers

from core.privacy.digits import Run, runs

CARD = "[card number]"
DETAIL = "[card detail]"
"""Replaces a card's number, code or date in a text."""
LENGTHS = range(14, 20)
NAMED_LEAST = 7
"""This many digits after "my card number is" count as one, whatever their check digit."""
_BETWEEN = re.compile(
    r"[\W_]*(?:(?:and|then|the|it|its|it's|is|with|uh|um|code|date|number|on|back)[\W_]+){0,6}",
    re.IGNORECASE,
)
"""What may stand between a card and its bare code or date."""

MISHEARD = range(15, 20)
"""This many dictated digits count as a card even with a wrong check digit."""

_BRANDS: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = (
    (re.compile(r"4"), frozenset({16, 18, 19})),  # Visa
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), frozenset({16})),  # Mastercard
    (re.compile(r"3[47]"), frozenset({15})),  # American Express
    (re.compile(r"6011|64[4-9]|65"), frozenset({16, 17, 18, 19})),  # Discover
    (re.compile(r"30[0-5]|3095|36|3[89]"), frozenset({14, 15, 16})),  # Diners
    (re.compile(r"35(?:2[89]|[3-8])"), frozenset({16, 17, 18, 19})),  # JCB
    (re.compile(r"62|81"), frozenset({16, 17, 18, 19})),  # UnionPay
    (re.compile(r"50[18]|502|503|56|57|58|6[37]"), frozenset({16, 17, 18, 19})),  # Maestro
)
_NAMED = re.compile(
    r"\b(?:(?:credit|debit|bank|payment|corporate|company)\s+cards?|cards?\s+(?:number|no|details)"
    r"|visa|master\s?card|amex|american\s+express|discover\s+card|maestro|card(?:'s)?\s+is"
    r"|(?:my|the|our|a|this|by|with|on)\s+cards?)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:order|invoice|ticket|tracking|reference|ref|case|phone|mobile|cell|call|reach"
    r"|telephone|fax|account|serial|licen[cs]e|zip|postcode|extension|rows?|records?|po)\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:cvv2?|cvc2?|csc|c\s?v\s?v|c\s?v\s?c|security\s+code|verification\s+(?:code|number)"
    r"|three\s+digits\s+on\s+the\s+back|(?:code|number|digits)\s+on\s+the\s+back)\b",
    re.IGNORECASE,
)
_EXPIRY = re.compile(
    r"\b(?:expir\w*|exp|valid\s+(?:thru|through|until|till)|good\s+(?:thru|through|until))\b",
    re.IGNORECASE,
)
_MONTH = re.compile(
    r"\b(?:jan|febr?|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b[\s,]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Part of a text that must not be stored. `mark` replaces it."""

    start: int
    end: int
    mark: str


def find(text: str, *, primed: bool = False, spoken: bool = False) -> tuple[Hidden, ...]:
    """Every card with its details, in order.

    `primed`: one was given just before. `spoken`: digits may be misheard, and nobody dictates that
    many for anything else.
    """
    if sum(c.isdigit() for c in text) < 3 and not _SPOKEN.search(text):
        return ()
    there = runs(text)
    cards = [hidden for run in there for hidden in _cards(text, run, spoken)]
    details = _details(text, there, cards, primed=primed)
    return tuple(sorted((*cards, *details), key=lambda h: h.start))


_SPOKEN = re.compile(
    r"\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|\w+teen|\w+ty)\b",
    re.IGNORECASE,
)


def redacted(text: str, hidden: Sequence[Hidden] | None = None) -> str:
    """The text with each card and detail replaced by its mark."""
    for one in sorted(find(text) if hidden is None else hidden, key=lambda h: -h.start):
        text = f"{text[: one.start]}{one.mark}{text[one.end :]}"
    return text


def marked(text: str) -> bool:
    """Whether a card or part of one was removed from a text."""
    return CARD in text or DETAIL in text


def names_a_card(text: str) -> bool:
    """Whether the buyer announces a card number."""
    return bool(_NAMED.search(text))


def is_card(digits: str) -> bool:
    """Whether digits are a card number: prefix, length and check digit."""
    return _branded(digits) and luhn(digits)


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of ISO/IEC 7812-1."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        n = int(digit) * (1 + place % 2)
        total += n - 9 if n > 9 else n
    return total % 10 == 0


def _branded(digits: str) -> bool:
    return any(len(digits) in lengths and brand.match(digits) for brand, lengths in _BRANDS)


def _cards(text: str, run: Run, spoken: bool) -> Iterator[Hidden]:
    """The cards of one run."""
    if len(run.digits) < NAMED_LEAST or telephone(run):
        return
    found = list(_windows(run))
    yield from found
    if found or not NAMED_LEAST <= len(run.digits) <= LENGTHS[-1] + 8:
        return
    before = text[max(0, run.start - 80) : run.start]
    names = [m.end() for m in _NAMED.finditer(before)]
    others = [m.end() for m in _OTHER.finditer(before)]
    named = names and max(names) > max(others, default=-1)
    dictated = spoken and not others and misheard(run.digits)
    if (named and run.digits[0] in "23456") or dictated:
        yield Hidden(run.start, run.end, CARD)


def misheard(digits: str) -> bool:
    """Whether dictated digits are as many as a card's and not a restarted telephone number."""
    if len(digits) not in MISHEARD or digits[0] not in "3456":
        return False
    number, before = digits[-10:], digits[:-10]
    return not (number[:3] == before[:3] and _american(number))


def _windows(run: Run) -> Iterator[Hidden]:
    pieces, first = run.pieces, 0
    while first < len(pieces):
        last = _card_at(run, first)
        if last is None:
            first += 1
        else:
            yield Hidden(pieces[first].start, pieces[last].end, CARD)
            first = last + 1


def _card_at(run: Run, first: int) -> int | None:
    """The last piece of a card that begins with piece `first`."""
    digits, pieces = "", run.pieces
    fitting = None
    begins = first == 0 or pieces[first].apart
    for last in range(first, len(pieces)):
        digits += pieces[last].digits
        if len(digits) > LENGTHS[-1]:
            break
        ends = last == len(pieces) - 1 or pieces[last + 1].apart
        if (begins or ends) and len(digits) in LENGTHS and is_card(digits):
            fitting = last
    return fitting


def telephone(run: Run) -> bool:
    """Whether a run is telephone numbers: international, or one or two North American ones."""
    digits = run.digits
    if run.plus and len(digits) <= 15:
        return True
    return any(
        len(digits) == a + b and _american(digits[:a]) and (not b or _american(digits[a:]))
        for a, b in ((10, 0), (11, 0), (10, 10), (11, 10), (10, 11), (11, 11))
    )


def _american(digits: str) -> bool:
    if len(digits) == 11 and digits[0] != "1":
        return False
    number = phonenumbers.PhoneNumber(country_code=1, national_number=int(digits[-10:]))
    return phonenumbers.is_valid_number(number)


def _details(
    text: str, there: Sequence[Run], cards: Sequence[Hidden], *, primed: bool
) -> Iterator[Hidden]:
    """Codes named as such; with a card, also its date, and bare codes soon after it."""
    near = bool(cards) or primed
    for run in there:
        if any(run.start < card.end and card.start < run.end for card in cards):
            yield from _rest(run, cards)
            continue
        before = text[max(0, run.start - 40) : run.start]
        count = len(run.digits)
        code = 3 <= count <= 4 and _labelled(_CODE, before)
        month = _MONTH.search(before)
        expiry = near and count <= 8 and (_labelled(_EXPIRY, before) or bool(month and cards))
        follows = any(
            card.end <= run.start and _BETWEEN.fullmatch(text, card.end, run.start)
            for card in cards
        )
        bare = (follows or (primed and _dictated(run))) and count in (3, 4, 6)
        other = _OTHER.search(before) is not None
        if code or expiry or (bare and not other):
            yield Hidden(run.start, run.end, DETAIL)


def _dictated(run: Run) -> bool:
    """Whether a turn is mostly digits said one by one: "one two three", not "200"."""
    alone = run.before <= 3 and run.after <= 3
    return alone and len(run.pieces) > 1 and all(len(p.digits) <= 2 for p in run.pieces)


def _labelled(label: re.Pattern[str], before: str) -> bool:
    found = [m.end() for m in label.finditer(before)]
    return bool(found) and len(before[found[-1] :].split()) <= 5


def _rest(run: Run, cards: Sequence[Hidden]) -> Iterator[Hidden]:
    """What follows a card directly: its date and code."""
    pieces = [p for p in run.pieces if not any(c.start <= p.start < c.end for c in cards)]
    late = [p for p in pieces if any(p.start >= c.end for c in cards)]
    if late and sum(len(p.digits) for p in late) <= 12:
        yield Hidden(late[0].start, late[-1].end, DETAIL)
