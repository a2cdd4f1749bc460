"""Whether words are a whole turn, by how they begin and end and by what was asked. Pure.

For recogniser text: lower case, no punctuation, small errors.
"""

import re
from functools import lru_cache
from typing import Literal

from voice_agent.turn import lexicon as lex
from voice_agent.turn.events import Slot

Completeness = Literal["finished", "answer", "bare", "fallen", "unclear", "dictating", "unfinished"]
"""From certainly finished to certainly unfinished; `fallen`: finished by the voice alone."""

PHONE_DIGITS = 10
SPELLED_AT_LEAST = 2
_TLD = "|".join(sorted(lex.TLDS))
HAS_DOMAIN = re.compile(rf"(?:\bdot |\.)(?:{_TLD})\b")
ENDS_IN_DOMAIN = re.compile(HAS_DOMAIN.pattern + "$")


@lru_cache(maxsize=512)
def completeness(text: str, slot: Slot | None) -> Completeness:
    """Whether these words are a whole turn; `slot` is what was asked, None when nothing was."""
    said = re.findall(r"[\w@.+'-]+", text.lower())
    said = [word.strip(".-'") if word not in ("a.m.", "p.m.") else word[:3] for word in said]
    said = [word for word in said if word]
    if not said:
        return "unclear"
    if said[-1] in lex.HESITATIONS or lex.SEARCHING.search(" ".join(said)):
        return "unfinished"
    judged = _IN_SLOT[slot](said) if slot in _IN_SLOT else None
    if judged is not None:
        return judged
    if said[-1] in lex.MISHEARD_HESITATIONS and not _tail(said[:-1], lex.DIGITS):
        return "unfinished"
    return _dictated(said) or _sentence(said, text, asked=slot is not None)


def count_digits(said: list[str]) -> int:
    """Digits dictated in these words: "five five five", "double two", "forty two", "415"."""
    count, times = 0, 1
    for at, word in enumerate(said):
        if word in lex.REPEATS:
            times = lex.REPEATS[word]
            continue
        if word in lex.DIGITS:
            joined = word not in ("zero", "oh", "o") and at > 0 and said[at - 1] in lex.TENS
            count += 0 if joined else times
        elif word in lex.TENS or word in lex.TEENS:
            count += 2 * times
        elif word == "hundred":
            count += 2
        else:
            count += sum(map(str.isdigit, word))
        times = 1
    return count


def _sentence(said: list[str], text: str, *, asked: bool) -> Completeness:
    """Judge free speech by how it begins and ends."""
    line, last = " ".join(said), said[-1]
    if lex.PARTING.fullmatch(line) or lex.ANSWERS.issuperset(said):
        return "bare"
    if lex.ELLIPSIS.match(line) or lex.CLOSER.search(line):
        return "finished"
    body = _without_openers(said)
    if not body:
        return "unfinished" if last in lex.CONJUNCTIONS else "unclear"
    question = body[0] in lex.WH or body[0] in lex.INVERTED or bool(lex.QUESTION_FRAME.search(line))
    if last in lex.PRONOMINALS:
        return "answer" if question and len(body) >= 3 else "unclear"
    lone = len(said) == 1 and last in lex.SUBJECTS
    open_end = last in lex.OPEN_ENDS and not lex.PHRASAL_END.search(line)
    if lone or open_end or (len(body) == 2 and body[0] in lex.INVERTED):
        stranded = body[0] in lex.WH and len(body) >= 4 and last in lex.STRANDED
        return "unclear" if stranded else "unfinished"
    if body[0] in lex.SUBORDINATE and len(body) < 10 and not question:
        return "unfinished"
    if last in lex.COMPANIONED and body[0] not in lex.WH:
        return "unclear"
    if question:
        return _question(body, text)
    if last in lex.NUMBERS or last in lex.SUBJECTS:
        return "unclear"
    return "answer" if asked else "unclear"


def _question(body: list[str], text: str) -> Completeness:
    """A question is whole once it has a subject and something asked about it."""
    content = [
        w
        for w in body
        if w not in lex.AUXILIARIES | lex.SUBJECTS | lex.WH | lex.PREPOSITIONS | lex.DETERMINERS
    ]
    if body[0] in lex.WH and len(body) == 2:
        return "dictating"
    if body[0] in lex.WH and len(body) >= 3 and body[-1] not in lex.SUBJECTS - {"it", "you"}:
        return "finished"
    if len(body) >= 3 and content:
        return "finished"
    return "answer" if text.rstrip().endswith("?") else "unclear"


def _dictated(said: list[str]) -> Completeness | None:
    """Whether the words end in a number or spelling that nobody asked for and that may go on."""
    run = _tail(said, lex.DIGITS | lex.TENS | lex.TEENS | set(lex.REPEATS))
    if len(run) >= 3 or (run and {"number", "phone", "cell", "mobile"} & set(said)):
        return _digits_so_far(said)
    if said[-1] == "dot" or (len(said) > 1 and said[-1] == "at" and "email" in said):
        return "unfinished"
    if "dot" in said and said[-1] in lex.TLDS:
        return "finished"
    letters = _tail(said, lex.LETTERS)
    return "dictating" if len(letters) >= SPELLED_AT_LEAST else None


def _digits_so_far(said: list[str]) -> Completeness:
    digits, last = count_digits(said), said[-1]
    dialled = next((word for word in said if word in lex.DIGITS or word[0].isdigit()), "")
    wanted = PHONE_DIGITS + (1 if dialled == "one" or dialled[:1] == "1" else 0)
    if last in ("extension", "ext") or last in lex.REPEATS or "plus" in said and digits < 11:
        return "unfinished"
    if digits < wanted:
        return "unfinished"
    return "finished" if digits == wanted and "extension" not in said else "unclear"


def _phone(said: list[str]) -> Completeness | None:
    if not count_digits(said):
        preface = lex.OPENERS | lex.ANSWERS | set(lex.REPEATS)
        return "unfinished" if all(word in preface for word in said) else None
    return _digits_so_far(said)


def _email(said: list[str]) -> Completeness | None:
    at = "at" in said or any("@" in word for word in said)
    line = " ".join(said)
    if at and ENDS_IN_DOMAIN.search(line):
        return "unclear" if said[-1] == "co" else "finished"
    if at and HAS_DOMAIN.search(line):
        return None
    refused = (
        lex.CLOSER.search(line) or said[0] in ("no", "nope") or said[0] in lex.WH | lex.INVERTED
    )
    return None if refused and not at and "dot" not in said else "unfinished"


def _name(said: list[str]) -> Completeness | None:
    letters = _tail(said, lex.LETTERS)
    if letters and (len(letters) >= SPELLED_AT_LEAST or said[-1] not in ("a", "i")):
        return "dictating"
    if said[-1] in ("as", "like") or len(said) > 1 and said[-2:] in (["as", "in"], ["my", "name"]):
        return "unfinished"
    return "unclear" if len(said) == 1 and said[0] not in lex.ANSWERS else None


def _number(said: list[str]) -> Completeness | None:
    last = said[-1]
    if last in lex.UNITS:
        return "finished"
    if last in lex.NUMBERS or last[-1:].isdigit():
        return "unclear"
    return None


def _date(said: list[str]) -> Completeness | None:
    last = said[-1]
    if last in lex.TIME_ENDS:
        return "finished"
    if last in lex.WEEKDAYS or last in lex.NUMBERS or last[-1:].isdigit():
        return "unclear"
    return "unfinished" if last in ("next", "this", "coming", "early", "late", "end") else None


_IN_SLOT = {"phone": _phone, "email": _email, "name": _name, "number": _number, "date": _date}


def _without_openers(said: list[str]) -> list[str]:
    """The words from the first that is more than "so", "okay" or "um"."""
    return next((said[at:] for at, word in enumerate(said) if word not in lex.OPENERS), [])


def _tail(said: list[str], kind: frozenset[str] | set[str]) -> list[str]:
    """The unbroken run of such words (or numerals) at the end."""
    run: list[str] = []
    for word in reversed(said):
        numeral = "one" in kind and word.replace("-", "").isdigit()
        if word not in kind and not numeral:
            break
        run.append(word)
    return run[::-1]
