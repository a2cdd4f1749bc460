"""Numbers in English words: cardinals, ordinals, decimals, years and digits one by one."""

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split()
)
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = ("", " thousand", " million", " billion", " trillion")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip

NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A written number: `1,250`, `99.9`."""


def cardinal(number: int) -> str:
    """`1250` → "one thousand two hundred fifty"; beyond trillions, digit by digit."""
    if number < 0:
        return "minus " + cardinal(-number)
    if number < 1000:
        return _below_thousand(number)
    if number >= 1000 ** len(_SCALES):
        return digits(str(number))
    groups = []
    for scale in _SCALES:
        number, group = divmod(number, 1000)
        if group:
            groups.append(_below_thousand(group) + scale)
    return " ".join(reversed(groups))


def ordinal(number: int) -> str:
    """`21` → "twenty-first"."""
    words = cardinal(number)
    head, cut, last = re.split(r"([ -]|^)(?=[a-z]+$)", words, maxsplit=1)
    if last in _ORDINALS:
        return head + cut + _ORDINALS[last]
    return head + cut + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def digits(text: str) -> str:
    """Each digit by its name; other characters are dropped."""
    return " ".join(_ONES[int(character)] for character in text if character in "0123456789")


def year(number: int) -> str:
    """`2026` → "twenty twenty-six", `2007` → "two thousand seven", `1905` → "nineteen oh five"."""
    century, rest = divmod(number, 100)
    if century % 10 == 0 and rest < 10:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def number(text: str) -> str:
    """A written number: "1,250.5" → "one thousand two hundred fifty point five"."""
    whole, point, fraction = text.replace(",", "").partition(".")
    if len(whole) > 1 and whole[0] == "0" or len(whole) > 15:
        return digits(whole)
    words = cardinal(int(whole or "0"))
    return f"{words} point {digits(fraction)}" if point else words


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(_TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    elif rest or not words:
        words.append(_ONES[rest])
    return " ".join(words)
