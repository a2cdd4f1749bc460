"""Telephone numbers as dictated: in groups, with "double", and partly corrected."""

import re
from collections.abc import Sequence
from dataclasses import replace

import phonenumbers

from core.conversation.words.numbers import PAIRS
from core.conversation.words.utterance import Found, Utterance
from knowledge.number_words import TENS, UNITS

DIGITS = {w: str(n) for w, n in UNITS.items()} | {"oh": "0", "o": "0", "nought": "0"}
_COUNTS = "|".join(w for w, n in UNITS.items() if n)
_ARE = (
    r"(?: (?:digits?|numbers?|figures?|part|bit|ones?))?"
    r"(?: (?:is|are|should|would|must|be|was|were|it's|they're|that's|actually|sorry|rather|in|with"
    r"|on))*\W*$"
)
_TAIL = re.compile(rf"\b(?:(?:last|final)(?: (?:{_COUNTS}|\d))?|end(?:s|ing)?){_ARE}")
_HEAD = re.compile(rf"\b(?:first(?: (?:{_COUNTS}|\d))?|area code|start(?:s|ing)?){_ARE}")
"""Which part of a number is repeated, right before its digits."""
_DONE = re.compile(r"\W*(?:$|[.,;!?]|(?:and|not|please|instead|rather|sorry|thanks?|at|in|then)\b)")
"""What may follow them, but no noun: "the last fifteen people"."""


def digit_run(u: Utterance, *, apart: bool = False) -> Found | None:
    """The longest run of dictated digits; understands "double five" and "twenty three".

    `apart`: "twenty three" is taken as 20 and 3.
    """
    best: Found | None = None
    i = 0
    while i < len(u.tokens):
        digits, used = _digits(u, i, apart)
        if used:
            found = Found(digits, u.tokens[i].start, u.tokens[i + used - 1].end)
            if best and _goes_back(u.text[best.end : found.start], len(digits)):
                best = Found(best.value[: -len(digits)] + digits, best.start, found.end)
            elif best is None or len(digits) > len(best.value):
                best = found
        i += max(used, 1)
    return best


_GOES_BACK = re.compile(r"[\s.,;!-]*(?:(?:no|sorry|wait|actually|i mean|scratch that)[\s.,;!-]+)+")
_FEWEST, _MOST = 2, 7
"""Number of digits that may be a number's repeated ending."""


def _goes_back(between: str, digits: int) -> bool:
    """Whether digits after a number correct its ending: "0176. No, sorry, 0167"."""
    return _FEWEST <= digits <= _MOST and _GOES_BACK.fullmatch(between) is not None


def _digits(u: Utterance, i: int, apart: bool) -> tuple[str, int]:
    """Digits from token `i` on, and how many tokens they took."""
    start, digits = i, ""
    if u.text[: u.tokens[i].start].rstrip().endswith("+"):
        digits = "+"
    while i < len(u.tokens):
        word = u.tokens[i].text
        step = _digit_word(word, u.tokens[i + 1].text if i + 1 < len(u.tokens) else "")
        following = u.tokens[i + 1].text if i + 1 < len(u.tokens) else ""
        if step is None or (word in ("o", "oh") and not digits and following not in DIGITS | PAIRS):
            break
        piece, used = step
        if piece == "+" and digits:
            break
        tens = i > start and u.tokens[i - 1].text in TENS
        if word in UNITS and digits and digits[-1] == "0" and tens and not apart:
            digits = digits[:-1] + piece  # "twenty three" is 23
        else:
            digits += piece
        i += used
    while i > start and u.tokens[i - 1].text in ("dash", "hyphen", "area", "code"):
        i -= 1
    return (digits, i - start) if any(c.isdigit() for c in digits) else ("", 0)


def _digit_word(word: str, following: str) -> tuple[str, int] | None:
    if word in DIGITS:
        return DIGITS[word], 1
    if word in PAIRS:
        return PAIRS[word], 1
    if word.replace(",", "").isdigit():
        return word.replace(",", ""), 1
    if word in ("double", "triple") and following in DIGITS:
        return DIGITS[following] * (2 if word == "double" else 3), 2
    if word == "plus" and (following in DIGITS or following in PAIRS or following.isdigit()):
        return "+", 1
    if word in ("dash", "hyphen", "area", "code", "hundred"):
        return ("00" if word == "hundred" else ""), 1
    return None


_POSSIBLE = phonenumbers.ValidationResult.IS_POSSIBLE


def phone_number(digits: str, region: str) -> str | None:
    """E.164 of a usable number, or None: one without its area code is none. `region`: the country
    assumed without a prefix."""
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != _POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def valid(number: str) -> bool:
    """Whether an E.164 number can really be assigned."""
    return phonenumbers.is_valid_number(phonenumbers.parse(number, None))


def spoken_phone(number: str, region: str) -> str:
    """An E.164 number as written within `region`: without the country prefix."""
    parsed = phonenumbers.parse(number, None)
    if phonenumbers.region_code_for_number(parsed) != region:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return national.replace("(", "").replace(") ", "-")


def home_region(numbers: Sequence[str]) -> str:
    """The country assumed for a number without a prefix: the company's own."""
    for number in numbers:
        try:
            region = phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
        except phonenumbers.NumberParseException:
            continue
        if region:
            return region
    return "US"


_COUNT = re.compile(rf"\b(?:last|final|first) (?P<n>{_COUNTS}|[1-9])\b")
"""How many digits are meant; not itself one of them: "the last four"."""
_AT_END = re.compile(r"\W*(?:(?:right |there )?(?:at|in|on|for) the (?:very )?end\b|at last\b)")


def amended(number: str, u: Utterance) -> tuple[str, Found] | None:
    """A number with its repeated part and where that was said: "the last four are zero one three
    eight", "no, that's 0124 at the end". None if no part is repeated."""
    counts = [m.span("n") for m in _COUNT.finditer(u.text)]
    told = tuple(t for t in u.tokens if (t.start, t.end) not in counts)
    run = digit_run(replace(u, tokens=told))
    digits = run.value.strip("+") if run else ""
    if run is None or not 1 <= len(digits) < 7 or not _DONE.match(u.text, run.end):
        return None
    before = u.text[: run.start]
    if _TAIL.search(before) or _AT_END.match(u.text, run.end):
        return number[: -len(digits)] + digits, run
    opening = _opened(number, digits) if _HEAD.search(before) else None
    return (opening, run) if opening else None


def _opened(number: str, digits: str) -> str | None:
    """An E.164 number with other digits at the beginning of its national part, spoken with or
    without the trunk prefix of its country; None if they are no such group."""
    parsed = phonenumbers.parse(number, None)
    region = phonenumbers.region_code_for_number(parsed) or ""
    trunk = phonenumbers.ndd_prefix_for_region(region, True) or ""
    national = phonenumbers.national_significant_number(parsed)
    anew = digits.removeprefix(trunk)
    if len(digits) != _OPENING and anew == digits:
        return None
    return number.removesuffix(national) + anew + national[len(anew) :]


_OPENING = 3
"""Digits of a number's first group, without a trunk prefix."""


_GROUP = 4
"""Digits of a number's last group, the part people repeat."""
_NO = frozenset("no nope not it's its that's that is sorry actually wait the um uh but".split())


def only_digits(u: Utterance, run: Found) -> bool:
    """Whether a turn is only a few digits: "no, zero one two four"."""
    beside = u.text[: run.start] + " " + u.text[run.end :]
    others = set(re.findall(r"[a-z']+", beside)) - _NO
    return len(run.value) < 7 and not others


def ended(number: str, run: Found) -> str | None:
    """A number with its last group replaced; None if the digits are no such group."""
    return number[:-_GROUP] + run.value if len(run.value) == _GROUP else None
