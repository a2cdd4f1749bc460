"""Calls as proposals: what buyers asked and what one of our people answered. Pure.

Reads our call document (JSON) and plain text with lines `Name: words`. The agent's own words are no
source: they came from articles. Sentences with personal addresses or numbers are left out.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from knowledge.importing.hypertext import unique
from knowledge.importing.proposal import ImportFailed, Proposal, Said, passages_of, slug
from knowledge.retrieval.tokens import SENTENCE

_LINE = re.compile(
    r"^\s*(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?\s*)?"
    r"([\w.'’() -]{1,40}?)\s*:\s+(\S.*)$"
)
_OURS = re.compile(
    r"\b(rep|sales|account|representative|advisor|specialist|engineer|support)\b", re.I
)
_BUYER = re.compile(r"\b(caller|customer|buyer|prospect|lead|client|guest|visitor)\b", re.I)
_AGENT = re.compile(r"\b(agent|assistant|bot|ai)\b", re.I)
_ASKS = re.compile(
    r"^(?:(?:and|so|okay|ok|um|well|also|but|right|great),? )*"
    r"(?:what|how|which|where|when|who|why|do|does|did|is|are|can|could|will|would|have|has)\b",
    re.I,
)  # fmt: skip
_PRIVATE = re.compile(r"\S+@\S+|\+?\d[\d ()./-]{7,}\d|\b(?:my|your) (?:cell|mobile|number) is\b")
_EMPTY = re.compile(
    r"^(?:yes|yeah|no|sure|okay|ok|great|thanks?|thank you|right|hello|hi)\W*$", re.I
)
_SAME = 88
"""Two questions this similar (0..100, on sorted words) count as one."""
_FEWEST = 4
"""Fewest words of an answer worth keeping."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who spoke, and what. `who`: buyer, ours, or other."""

    who: str
    text: str


def read_call(text: str, document: str, ours: Sequence[str] = ()) -> list[Proposal]:
    """Questions with their answers as proposals; similar questions are merged, with several
    wordings.

    `ours`: names of our people in a plain transcript. Raises: ImportFailed.
    """
    turns = _document(text, document) if text.lstrip().startswith("{") else _plain(text, ours)
    if not {"buyer", "ours"} <= {turn.who for turn in turns}:
        raise ImportFailed(
            f"{document}: found no buyer and person of ours talking; write lines `Buyer: …` and "
            "`Rep: …`, or name ours with --ours NAME"
        )
    kept: list[tuple[list[str], str]] = []
    for question, answer in _pairs(turns):
        same = next((k for k in kept if fuzz.token_sort_ratio(k[0][0], question) >= _SAME), None)
        if same is None:
            kept.append(([question], answer))
        else:
            same[0].append(question)
            kept[kept.index(same)] = (same[0], max(same[1], answer, key=len))
    taken: set[str] = set()
    return [_proposal(asked, answer, document, taken) for asked, answer in kept]


def buyers_words(text: str) -> str:
    """The buyer's words in a text: their lines of a transcript; all of any other text."""
    names = [match[1] for raw in text.splitlines() if (match := _LINE.match(raw))]
    theirs = [name for name in names if _BUYER.search(name)]
    ours = [name for name in names if name not in theirs]
    if not theirs or not any(_AGENT.search(name) or _OURS.search(name) for name in ours):
        return text
    return "\n".join(turn.text for turn in _plain(text, ()) if turn.who == "buyer")


def _proposal(asked: list[str], answer: str, document: str, taken: set[str]) -> Proposal:
    place = unique(f"{document}#{slug(asked[0])}", taken)
    taken.add(place)
    texts = passages_of([answer])
    said = [
        Said(text, tuple(dict.fromkeys(asked)) if n == 0 else ()) for n, text in enumerate(texts)
    ]
    title = asked[0][0].upper() + asked[0][1:]
    notes = ("Said once on a call: check that it holds for everyone.",)
    return Proposal(place, title, tuple(said), topics=("from calls",), notes=notes)


def _document(text: str, document: str) -> list[Turn]:
    try:
        lines = json.loads(text)["transcript"]
        return [Turn(_who(line), str(line["text"])) for line in lines]
    except (ValueError, KeyError, TypeError) as error:
        raise ImportFailed(
            f"{document}: no call document with a `transcript` ({error}); save it from "
            "/api/v1/calls/{call_sid}"
        ) from error


def _who(line: dict[str, Any]) -> str:
    return {"caller": "buyer", "rep": "ours"}.get(str(line["speaker"]), "other")


def _plain(text: str, ours: Sequence[str]) -> list[Turn]:
    named = {name.lower() for name in ours}
    turns: list[Turn] = []
    for raw in text.splitlines():
        if match := _LINE.match(raw):
            turns.append(Turn(_role(match[1].strip(), named), match[2].strip()))
        elif raw.strip() and turns:
            turns[-1] = Turn(turns[-1].who, f"{turns[-1].text} {raw.strip()}")
    return turns


def _role(name: str, ours: set[str]) -> str:
    if name.lower() in ours or (_OURS.search(name) and not _BUYER.search(name)):
        return "ours"
    if _AGENT.search(name):
        return "other"
    return "buyer" if ours or _BUYER.search(name) else "other"


def _pairs(turns: Sequence[Turn]) -> Iterable[tuple[str, str]]:
    """Each buyer's question with what our person said until the buyer's next question."""
    question, answer = "", list[str]()
    for turn in [*turns, Turn("buyer", "is that all?")]:
        asked = _question(turn.text) if turn.who == "buyer" else ""
        if asked:
            told = _public(" ".join(answer))
            if question and len(told.split()) >= _FEWEST:
                yield question, told
            question, answer = asked, []
        elif turn.who == "ours" and question and not _EMPTY.match(turn.text):
            answer.append(turn.text)
        elif turn.who == "other" and not answer:
            question = ""


def _question(text: str) -> str:
    """The question in a turn, as a wording; empty if there is none."""
    for sentence in reversed(SENTENCE.split(text)):
        if sentence.endswith("?") or _ASKS.match(sentence):
            if _PRIVATE.search(sentence):
                return ""
            clean = re.sub(r"[^\w\s$%€£'’+./-]", "", sentence).strip(" .").lower()
            clean = re.sub(r"^(?:(?:and|so|okay|ok|um|well|also|but|right|great|uh) )+", "", clean)
            return clean if len(clean.split()) >= 3 else ""
    return ""


def _public(text: str) -> str:
    return " ".join(s for s in SENTENCE.split(text) if s and not _PRIVATE.search(s))
