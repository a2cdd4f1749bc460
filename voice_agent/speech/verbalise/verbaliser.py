"""Written text to spoken text: deterministic, so a price is read the same way on every call.

Rules apply in order; what one has turned into words is protected from the next. Plain words pass
unchanged. Only the voice gets the spoken form: history, transcript and captions keep the written
one, and `SpokenClause` holds both.
"""

import re
import unicodedata
from collections.abc import Callable

from voice_agent.speech.verbalise.amounts import FINAL, PERIODS
from voice_agent.speech.verbalise.amounts import RULES as AMOUNTS
from voice_agent.speech.verbalise.contacts import EMAIL, PHONE, URL, email, phone, url
from voice_agent.speech.verbalise.times import RULES as TIMES
from voice_agent.speech.verbalise.words import LETTERS, NAMES

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_MARKUP = re.compile(
    r"\[([^\]]*)\]\([^)]*\)|^\s*[-*•]\s+|(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)"
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "})
_RULES: list[Rule] = [
    (EMAIL, email),
    (URL, url),
    (PHONE, phone),
    *NAMES,
    *TIMES,
    *AMOUNTS,
    (
        re.compile(r"(?<=\w)\s?/\s?(" + "|".join(sorted(PERIODS, key=len, reverse=True)) + r")\b"),
        lambda m: f" per {PERIODS[m.group(1)]}",
    ),
    *LETTERS,
]


def spoken(text: str, *, language: str = "en") -> str:
    """The words to voice.

    Only English is verbalised; in other languages characters that cannot be voiced are removed.
    """
    clean = _MARKUP.sub(lambda m: m.group(1) or "", _voiceable(text).translate(_QUOTES))
    if not language.lower().startswith("en"):
        return _tidy(clean)
    held: list[str] = []
    for pattern, say in _RULES:
        clean = pattern.sub(_holding(say, held), clean)
    # In reverse: a later phrase may contain earlier ones.
    for place in range(len(held) - 1, -1, -1):
        clean = clean.replace(chr(ord(FINAL) + place), held[place])
    return _tidy(clean)


def _holding(
    say: Callable[[re.Match[str]], str], held: list[str]
) -> Callable[[re.Match[str]], str]:
    def hold(match: re.Match[str]) -> str:
        words = say(match)
        if words == match.group(0):
            return words
        held.append(words)
        return chr(ord(FINAL) + len(held) - 1)

    return hold


def _voiceable(text: str) -> str:
    """The text without emoji, control and private-use characters."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or not unicodedata.category(character).startswith(("C", "So", "Sk"))
        and character != "\ufe0f"  # turns the character before it into an emoji
    )


def _tidy(text: str) -> str:
    text = re.sub(r"\s+([,.;:!?…])", r"\1", " ".join(text.split()))
    return re.sub(r"([([]) | (?=[)\]])", r"\1", text)
