"""Splits text into words and numbers, and reduces words to stems and sounds.

Numbers become digits, whatever they count; core's `words.numbers` reads quantities.
"""

import re
from functools import lru_cache
from threading import local
from typing import Any

import snowballstemmer

from knowledge.number_words import LARGE, NUMBERS
from knowledge.retrieval.english import CONTRACTIONS, ENDINGS, IRREGULAR, OWN_STEMS

SENTENCE = re.compile(r"(?<=[.!?])\s+")
"""The boundary between two sentences."""
_TOKEN = re.compile(r"\$?\d+(?:[.,]\d+)*%?|[a-z]+(?:'[a-z]+)?|&")
_SHORT = re.compile(r"(?<=\d)k\b|(?P<sum>\$\d[\d.,]*)m\b")
"""Thousands, and millions of money: "5m" alone may be metres."""
_ISE = re.compile(r"is(e|es|ed|er|ing|ation)$")
"""Roman numerals: "SOC 2 Type II"; the others are also letters or words."""
SCALES = LARGE | {"hundred": 100}
_CENTURIES = ("18", "19", "20")


class _Stemmers(local):
    """One stemmer per thread, because it has internal state."""

    def __init__(self) -> None:
        self.english: Any = snowballstemmer.stemmer("english")


_stemmers = _Stemmers()


def snowball(word: str) -> str:
    """The Snowball stem of a lower-case word, without exceptions."""
    return str(_stemmers.english.stemWord(word))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a lower-case word, the same for all its spellings and forms."""
    american = _ISE.sub(r"iz\1", word) if len(word) > 6 else word
    if word in OWN_STEMS:
        return OWN_STEMS[word]
    return snowball(IRREGULAR.get(word, american))


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers; contractions expanded, small numbers as digits."""
    lowered = _SHORT.sub(_in_full, text.lower().replace("’", "'").replace("-", " "))
    words: list[str] = []
    for token in _TOKEN.findall(lowered):
        words.extend(_opened(token))
    return _figures(words)


def _in_full(short: re.Match[str]) -> str:
    return f"{short['sum']} million" if short["sum"] else " thousand"


@lru_cache(maxsize=20_000)
def _opened(token: str) -> tuple[str, ...]:
    if token in CONTRACTIONS:
        return tuple(CONTRACTIONS[token].split())
    for ending, word in ENDINGS.items():
        if token.endswith(ending) and len(token) > len(ending):
            return token.removesuffix(ending), word
    return (token.replace(",", ""),)


def _figures(words: list[str]) -> list[str]:
    """Numbers as digits: "nine thousand one" is `9001`, "5 million" `5000000`; a lone "one" stays a
    word."""
    out: list[str] = []
    run: list[str] = []
    for n, word in enumerate([*words, ""]):
        figure = out[-1] if out and not run else ""
        if word in NUMBERS or (word in SCALES and (run or figure == "a")):
            run.append(word)
        elif word in SCALES and _DIGITS.fullmatch(figure):
            out[-1] = _times(figure, SCALES[word])
        elif word != "and" or not _joins(words, n, run):
            out += _number(run)
            run = []
            if word:
                out.append(word)
    return _years(out)


_DIGITS = re.compile(r"\$?\d+(?:\.\d+)?")


def _times(figure: str, scale: int) -> str:
    sign, digits = ("$", figure[1:]) if figure[0] == "$" else ("", figure)
    return f"{sign}{float(digits) * scale:.15g}"


def _joins(words: list[str], n: int, run: list[str]) -> bool:
    """Whether the "and" at `n` is within a number: "a hundred and five", not "five and six"."""
    if not run or run[-1] not in SCALES or "between" in words[max(0, n - 5) : n]:
        return False
    one, two = (*words[n + 1 : n + 3], "", "")[:2]
    whole = two not in SCALES or (run[-1] == "hundred" != two)  # "two hundred and three hundred"
    return one in NUMBERS and whole


def _number(run: list[str]) -> list[str]:
    """One or more consecutive numbers."""
    numbers: list[str] = []
    while run not in ([], ["one"]):
        number, used = _first(run)
        numbers.append(str(number))
        run = run[used:]
    return numbers + run


def _first(run: list[str]) -> tuple[int, int]:
    """The first of several numbers, and how many words it takes."""
    whole, part, last = 0, 0, 100
    for n, word in enumerate(run):
        if word in SCALES:
            scale, part = SCALES[word], max(part, 1)
            part, whole = (part * scale, whole) if scale == 100 else (0, whole + part * scale)
            last = scale
        elif (value := NUMBERS[word]) and (value < 10 <= last or last >= 100):
            part, last = part + value, value
        else:
            return whole + part, max(1, n)
    return whole + part, len(run)


def _years(words: list[str]) -> list[str]:
    """A year said in two halves: "nineteen ninety five"."""
    out: list[str] = []
    for word in words:
        if out and out[-1] in _CENTURIES and word.isdigit() and len(word) == 2:
            out[-1] += word
        else:
            out.append(word)
    return out


_SOUNDS = str.maketrans({
    "b": "p", "v": "f", "d": "t", "g": "k", "c": "k", "q": "k", "z": "s", "x": "s", "j": "s",
    "a": "", "e": "", "i": "", "o": "", "u": "", "y": "", "h": "", "w": "",
})  # fmt: skip


def sound(word: str) -> str:
    """A rough consonant skeleton: words that recognisers confuse tend to share it."""
    skeleton = word.replace("ph", "f").translate(_SOUNDS)
    return re.sub(r"(.)\1+", r"\1", skeleton)
