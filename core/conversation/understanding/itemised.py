"""Things a buyer who writes lists as what they need, an item a line: each is asked. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.commands import AskProduct, Command
from core.conversation.words.utterance import Utterance
from knowledge.words import carries_topic

MOST_ITEMS = 16
_ITEM = re.compile(r"^[ \t]*(?:[-*•–]|\(?\d{1,2}[.)])[ \t]+(?P<what>\S.*)$", re.MULTILINE)
_WANTED = re.compile(
    r"\b(?:requirements?|require|must|needs?|looking for|criteria|want|wish ?list|confirm|check"
    r"|support|interested in|capabilit\w+|features?|essentials?|should (?:have|be|do))\b"
)
"""In the line above a list: what follows is asked for."""
_OF_THEMSELVES = re.compile(
    r"\b(?:about us|background|facts|today|currently|at the moment"
    r"|(?:our|current|existing) (?:\w+ )?(?:stack|set-?up|tools|systems|team)"
    r"|we (?:use|have|run|are))\b"
)
_THESE = re.compile(
    r"\b(?:confirm|check|answer|address|comment on|go through|cover|support|meet|do|offer)"
    r" (?:all (?:of )?)?(?:these|this|those|them|the (?:above|following|list|points)|that)\b"
)
"""A question that points at the list."""
_AT_LEAST = re.compile(
    r"^(?:at least|minimum(?: of)?|min\.?|up to|approx\.?|about|~) ?", re.IGNORECASE
)
_JOINS = re.compile(r"\s*[,;]\s+|\s+(?:[+&/]|and|plus)\s+")


def itemised(u: Utterance, commands: Sequence[Command]) -> list[Command]:
    """The commands with a question for each item of a list of needs; one that only points at the
    list says nothing more."""
    items = [*_items(u, [c for c in commands if isinstance(c, AskProduct)])][:MOST_ITEMS]
    if not items:
        return [*commands]
    kept = [_beyond(c) if isinstance(c, AskProduct) else c for c in commands]
    return [*(c for c in kept if c is not None), *items]


def _beyond(asked: AskProduct) -> AskProduct | None:
    """What a question asks beyond what is listed: "confirm these and send prices"; None for no
    more than that."""
    match = _THESE.search(asked.question.lower())
    if match is None:
        return asked
    rest = _AND.sub("", asked.question[match.end() :])
    return replace(asked, question=rest) if carries_topic(rest) else None


_AND = re.compile(r"^[\s,]*(?:and|plus|as well as|also)?[\s,]*(?:please )?")


def _items(u: Utterance, asked: Sequence[AskProduct]) -> Iterator[AskProduct]:
    items = [*_ITEM.finditer(u.text)]
    if len(items) < 2 or not _asks(u.text, items[0].start()):
        return
    for item in items:
        if item["what"].rstrip().endswith("?") or any(
            c.question.lower() in item["what"] for c in asked
        ):
            continue
        at = item.start("what")
        for start, end in _parts(item["what"]):
            span = u.span(at + start, at + end)
            yield AskProduct(span, f"do you have {_AT_LEAST.sub('', span.quote)}")


def _asks(text: str, start: int) -> bool:
    """Whether the line above a list, or a question that points at it, asks for what is listed."""
    above = text[:start].rstrip().rpartition("\n")[2]
    if _OF_THEMSELVES.search(above) and not _WANTED.search(above):
        return False
    return bool(_WANTED.search(above) or _THESE.search(text))


def _parts(what: str) -> Iterator[tuple[int, int]]:
    """Where each thing of an item stands: "SOC 2 and a signed DPA" are two."""
    start = 0
    for end, after in [*(m.span() for m in _JOINS.finditer(what)), (len(what), len(what))]:
        if carries_topic(what[start:end]):
            yield start, end
        start = after
