"""Splits text into the clauses that are voiced, sent and marked one by one.

The first clause is short, because the caller is waiting for it; the others are long enough to be
spoken with one intonation. A cut falls where a speaker would breathe: after a sentence, at a
semicolon, at a comma that is not part of a list, a date or a name, or before a conjunction that
opens a new clause.
"""

import re

from knowledge.sentences import ends_sentence

FIRST_MIN, FIRST_BEFORE_WORD = 8, 25
NEXT_MIN, NEXT_BEFORE_WORD = 45, 70
REST_MIN = 12
"""Least characters after a cut inside a sentence: less is spoken in the same breath."""
FIRST_LONG = 45
"""From here the first clause is cut at any comma, or before a phrase such as "to …"."""
LONGEST = 200
"""From here any space will do, except inside a number or a name."""
AT_ONCE = 300
"""Most characters per request to an engine: about 20 seconds."""

_STRONG = re.compile(r"([;:][\"')\]”’]*|[—–])$")
_DIGITS = re.compile(r"^[(\[+#$€£]*\d")
_SHORT_CAPITALS = re.compile(r"^[A-Z]{2}[.,;:]?$")

_SUFFIXES = {"inc", "llc", "ltd", "corp", "gmbh", "plc", "co", "jr", "sr", "phd", "md"}
_JOINING = set("but because so which while although though if unless whereas".split())
_PAIRING = {"and", "or", "when", "where", "who", "until", "after", "before", "then"}
_PHRASES = {"to", "for", "with", "without", "from", "every", "about"}
_MONTHS = set(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_SUBJECTS = set(
    "i we you they he she it the our your my this that there i'll we'll you'll it's that's i'd "
    "we'd you'd can could would will do does did is are not if when which how what someone".split()
)


def split(text: str) -> list[str]:
    """The clauses in order; joined by spaces they are the text, with its whitespace normalised."""
    clauses: list[str] = []
    for line in text.splitlines():
        for sentence in _sentences(line.split()):
            clauses += _breaths(sentence, first=not clauses)
    return clauses


def portions(text: str) -> list[str]:
    """A text in the portions engines take: whole, unless it is long; none if it is
    unpronounceable."""
    text = text.encode("utf-8", "replace").decode()  # a lone surrogate breaks every engine
    parts = [text.strip()] if len(text) <= AT_ONCE else split(text)
    return [part for part in parts if pronounceable(part)]


def pronounceable(text: str) -> bool:
    """Whether a text can be spoken: it has a letter or a digit."""
    return any(character.isalnum() for character in text)


def _sentences(words: list[str]) -> list[list[str]]:
    found: list[list[str]] = []
    begin = 0
    for at in range(len(words) - 1):
        said = sum(map(len, words[begin : at + 1]))
        if said > 3 and ends_sentence(words[at], words[at + 1]):
            found.append(words[begin : at + 1])
            begin = at + 1
    return [*found, words[begin:]] if words[begin:] else found


def _breaths(words: list[str], first: bool) -> list[str]:
    clauses: list[str] = []
    begin, said, left = 0, -1, sum(map(len, words)) + len(words) - 1
    for at in range(len(words) - 1):
        said += len(words[at]) + 1
        left -= len(words[at]) + 1
        if _breathes(words, at, said, left, first and not clauses):
            clauses.append(" ".join(words[begin : at + 1]))
            begin, said = at + 1, -1
    return [*clauses, " ".join(words[begin:])]


def _breathes(words: list[str], at: int, said: int, left: int, first: bool) -> bool:
    """Whether to cut after words[at], `said` characters into the clause with `left` to come."""
    word, following = words[at], words[at + 1]
    if _belongs(word, following):
        return False
    if said >= LONGEST:
        return True
    if left < REST_MIN or said < FIRST_MIN:
        return False
    if _STRONG.search(word):
        return True
    if first and said >= FIRST_LONG and (word.endswith(",") or following in _PHRASES):
        return True
    if word.endswith(","):
        return said >= (FIRST_MIN if first else NEXT_MIN) and not _in_list(words, at)
    enough = FIRST_BEFORE_WORD if first else NEXT_BEFORE_WORD
    return said >= enough and _opens_clause(words, at + 1)


def _belongs(word: str, following: str) -> bool:
    """Whether two words belong to one number, date, place or name."""
    if _DIGITS.match(following):
        return bool(_DIGITS.match(word)) or _bare(word) in _MONTHS or not word.endswith(",")
    if _DIGITS.match(word) and not word.endswith((",", ";", ":")):
        return True
    if _bare(following) in _SUFFIXES or _SHORT_CAPITALS.match(following):
        return True
    dated = _bare(following) in _MONTHS
    named = word[:1].isupper() and following[:1].isupper() and not word.endswith((",", ";", ":"))
    return dated or named or word in {"&", "+"} or following in {"&", "+", "%"}


def _in_list(words: list[str], at: int) -> bool:
    """Whether a comma separates list items: the next part is short and leads to another item."""
    for ahead in range(at + 1, min(at + 5, len(words))):
        if words[ahead].endswith(","):
            return True
        if words[ahead] in {"and", "or"} and ahead <= at + 4:
            return not _opens_clause(words, ahead)
    return False


def _opens_clause(words: list[str], at: int) -> bool:
    if words[at] in _JOINING:
        return True
    return words[at] in _PAIRING and at + 1 < len(words) and _bare(words[at + 1]) in _SUBJECTS


def _bare(word: str) -> str:
    return word.lower().strip("\"'([“‘.,;:!?…)]”’")
