"""Names spelled aloud after they are said: "kowalski, k o w a l s k i". Pure."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from core.conversation.words.utterance import Found, Utterance

_ASIDE = r"(?:,? (?:as in|like in|for|like) [a-z]{3,})?"
_ITEM = rf"(?:(?:double|triple) )?[a-z]{_ASIDE}"
_RUN = re.compile(
    rf"[\s,.-]*(?<![\w'@.&-])(?P<run>{_ITEM}(?:(?:[\s,-]|\. ?|\bthen )+{_ITEM}){{2,}})(?![\w'@&])"
    r"(?:[\s,]+(?=\w))?"
)
_THEN = re.compile(
    r"\s*(?:$|[^\w\s]|(?:from|at|with|of|for|dot|here|there|and|but|not|calling|speaking|again"
    r"|please|i|my|we|our|it|that|the|you|your|can|could|last|first|family|surname"
    r"|[a-z]+[\s,]+[a-z](?:[\s,-]+[a-z]\b)+)\b)"
)
"""After a spelling. Other letters abbreviate what a clause is about: "s a p is our e r p"."""
_LETTER = re.compile(rf"(?:(?P<times>double|triple) )?\b(?P<letter>[a-z])\b{_ASIDE}")
_TIMES = {"double": 2, "triple": 3}
_BESIDE = re.compile(
    r"(?:[\s,.;:-]|\b(?:that's|that is|spelled|spelt|i'll spell (?:it|that)|and|with"
    r"|(?:the |my )?(?:last name|family name|surname)(?:'s| is)?))*"
)
"""Between a name and its spelling."""
_ALONE = re.compile(
    r"(?:[\s,.;:!-]|\b(?:no|yes|yeah|it's|it is|that's|that is|spelled|spelt|actually|sorry"
    r"|(?:i'll|let me) spell (?:it|that)|(?:my |the )?(?:last |family |first )?name(?:'s| is)?))*"
)
"""All that a turn says beside a spelling."""
_LEAST = 3
"""Fewest letters of a spelling."""
_SURNAME = re.compile(r"name\b")
LIKE = 60.0
"""Similarity (0–100) from which letters spell a word as it was heard."""


def spellings(u: Utterance) -> list[Found]:
    """Each run of three letters or more, joined: "n a double t" is "natt"."""
    found = [(_letters(u.text, m), m) for m in _RUN.finditer(u.text)]
    return [Found(letters, *m.span()) for letters, m in found if len(letters) >= _LEAST]


def _letters(text: str, run: re.Match[str]) -> str:
    """What a run spells; without the word a clause begins with: "k i, i run data"."""
    letters = _joined(run["run"])
    if _THEN.match(text, run.end("run")):
        return letters
    return letters[:-1] if letters[-1] in "ai" else ""


def only_spells(u: Utterance, runs: Sequence[Found]) -> bool:
    """Whether a turn is nothing but a spelling."""
    return bool(runs) and bool(_ALONE.fullmatch(u.without([(r.start, r.end) for r in runs]).text))


def respelled(name: str, letters: str) -> str:
    """A name with the part that the letters spell put right; the name itself if they spell none."""
    words = name.split()
    whole = "".join(words).lower()
    if len(words) > 1 and fuzz.ratio(letters, whole) > LIKE and len(letters) > len(whole) - 2:
        first = len(words[0])
        return name if letters == whole else f"{_cased(letters[:first])} {_cased(letters[first:])}"
    like = [fuzz.ratio(letters, word.lower()) for word in words]
    best = max(range(len(words)), key=lambda n: like[n])
    if like[best] < LIKE:
        return name
    if words[best].lower() != letters:
        words[best] = _cased(letters)
    return " ".join(words)


def as_spelled(u: Utterance, name: Found, runs: Sequence[Found]) -> str:
    """A name as spelled in the same turn. What follows a given name at once, and is unlike it, is
    the family name."""
    value = name.value
    for run in runs:
        beside = name.end <= run.start and _BESIDE.fullmatch(u.text, name.end, run.start)
        if _likeness(value, run.value) >= LIKE:
            value = respelled(value, run.value)
        elif beside and " " not in value and _surname(beside[0], run.value):
            value = f"{value} {_cased(run.value)}"
    return value


def _surname(before: str, letters: str) -> bool:
    """Whether letters after a given name spell the family name: in "ted, u s a" they do not."""
    named = _SURNAME.search(before) is not None
    return named or (len(letters) > _LEAST and not {*"aeiouy"}.isdisjoint(letters))


def _likeness(name: str, letters: str) -> float:
    lower = name.lower()
    return max(fuzz.ratio(letters, part) for part in (*lower.split(), lower.replace(" ", "")))


def _joined(said: str) -> str:
    found = _LETTER.finditer(said)
    return "".join(m["letter"] * _TIMES.get(m["times"] or "", 1) for m in found)


def _cased(letters: str) -> str:
    return letters[:1].upper() + letters[1:]
