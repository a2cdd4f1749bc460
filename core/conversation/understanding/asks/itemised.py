"""Lists of needs, one item per line or within a sentence: each item is asked about. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.commands import AskProduct, Command
from core.conversation.understanding.asks.pricing import price_list
from core.conversation.words.utterance import Utterance
from knowledge.retrieval.words import carries_topic

MOST_ITEMS = 16
_ITEM = re.compile(r"^[ \t]*(?:[-*•–]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+(?P<what>\S.*)$", re.MULTILINE)
_WANTED = re.compile(
    r"\b(?:requirements?|require|must|needs?|looking for|criteria|want|wish ?list|confirm|check"
    r"|support|interested in|capabilit\w+|features?|essentials?|should (?:have|be|do))\b"
)
"""In the line above a list: the items are requested."""
_OF_THEMSELVES = re.compile(
    r"\b(?:about us|background|facts|today|currently|at the moment"
    r"|(?:our|current|existing) (?:\w+ )?(?:stack|set-?up|tools|systems|team)"
    r"|we (?:use|have|run|are))\b"
)
_THESE = re.compile(
    r"\b(?:confirm|check|answer|address|comment on|go through|cover|support|meet|do|offer)"
    r" (?:all (?:of )?)?(?:these|this|those|them|the (?:above|following|list|points)|that)\b"
    r"|\bwho (?:can|could|would|will) (?:send|share|provide|sign|complete)"
    r" (?:these|those|them|that)\b"
    r"|\b(?:where|how) (?:can|could|do|would|may) (?:i|we) (?:get|find|obtain|request|download|see)"
    r" (?:these|those|them)\b"
)
"""A question that refers to the list."""
_ASKS_ITSELF = re.compile(
    r"(?:the )?(?:price|pricing|costs?)\b|(?:describe|explain|outline|specify|list|confirm)\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"^(?:(?:one|two|three|2|3) (?=(?:\w+ )?(?:references?|examples?|case stud))"
    r"|at least|minimum(?: of)?|min\.?|up to|approx\.?|about|~) ?",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"\s*[,;]?\s*(?<!\w)\(?\d{1,2}[.)]\s+"
    r"|\s*[,;]\s*(?:(?:and|or|plus|as well as)\s+)?(?=\S)"
    r"|\s+(?:[+&/]|and|or|plus|as well as)\s+",
    re.IGNORECASE,
)
_PLEASE_SEND = re.compile(
    r"(?:(?:(?:can|could|would|will) (?:you|someone|somebody)|(?:can|could|may) (?:i|we))(?: also)?"
    r"(?: please)? (?=send|share|provide|e-?mail|mail|forward|tell|give|get|have|see)|please )"
    r"(?:also )?(?:send|share|provide|advise|confirm|quote|include|e-?mail|mail|forward|give|get"
    r"|have|see|let (?:me|us) (?:know|have)|tell (?:me|us))"
    r"(?: (?:me|us|over|along|about|on))* (?:your |the )?"
)
_ONE_PAPER = re.compile(
    r"(?:\w+ ){0,2}(?:quot(?:e|ation)|offer|proposal|estimate|invoice) (?:for|on)\b"
)
"""A paper that covers everything that follows, rather than a list of things."""
_LONGEST_ITEM = 6
"""Most words of one item of a list within a sentence."""
_NEEDED = re.compile(
    r"(?:\b(?:we|i)(?:'ll| will|'d| would)?(?: also)? (?:need|require|must have|are looking for)"
    r"|\b(?:needs?|requirements?|must[- ]haves?)(?=:))(?P<mark>:?) (?P<what>[^.?!:\n]{1,300})"
    r"|(?:^|(?<=[.;!?] ))(?:needs?|requires?|must have) (?P<what4>[^.?!:\n]{1,300})"
    r"|\bplease (?:send|share|provide)(?: (?:me|us))?"
    r"(?P<mark2>:) (?P<what2>[^.?!:\n]{1,300})"
    r"|\bplease [^.?!:\n]{3,80}? and (?P<mark3>send|share|provide)(?: (?:me|us))?"
    r" (?P<what3>[^.?!:\n]{1,300})",
    re.IGNORECASE,
)
"""A sentence that lists what they need."""


_QUALITY = re.compile(
    r"(?:the |your )?(?:latest|newest|most recent|recent|current|updated|signed|full|complete|dated"
    r"|if (?:any|available|possible))(?: (?:one|version|copy))?",
    re.IGNORECASE,
)
"""Says which of the things before it: "pen test report, latest"."""


def things(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The range of each item of a list: "SOC 2 and a signed DPA" are two."""
    found = []
    for at, after in [*(m.span() for m in _JOINS.finditer(text, start, end)), (end, end)]:
        if text.count("(", start, at) > text.count(")", start, at):
            continue
        if carries_topic(text[start:at]) and not _QUALITY.fullmatch(text[start:at].strip(" .?!")):
            found.append((start, at))
            start = after
    return found


def items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """What a question asks for, item by item: "please send prices, lead time and terms"."""
    lead = _PLEASE_SEND.match(text, start, end)
    if lead is None or _ONE_PAPER.match(text, lead.end(), end):
        return [(start, end)]
    return _short(text, things(text, lead.end(), end)) or [(start, end)]


def _short(text: str, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts of a list that has some, none of which is a sentence."""
    brief = all(len(text[a:b].split()) <= _LONGEST_ITEM for a, b in parts)
    return parts if brief and len(parts) > 1 else []


def itemised(u: Utterance, commands: Sequence[Command]) -> list[Command]:
    """The commands with a question for each item of a list of needs; a question that only refers to
    the list is dropped."""
    asked = [c for c in commands if isinstance(c, AskProduct)]
    found = [*_items(u, asked), *_in_a_sentence(u, asked)][:MOST_ITEMS]
    if not found:
        return [*commands]
    kept = [_beyond(c) if isinstance(c, AskProduct) else c for c in commands]
    return [*(c for c in kept if c is not None), *found]


def _in_a_sentence(u: Utterance, asked: Sequence[AskProduct]) -> Iterator[AskProduct]:
    """The items of a sentence that a colon or a question refers to."""
    for match in _NEEDED.finditer(u.text):
        marked = match["mark"] or match["mark2"] or match["mark3"]
        pointed = marked or _THESE.search(u.text)
        if not pointed or any(c.question.lower() in match.group() for c in asked):
            continue
        place = next(match.span(n) for n in ("what", "what2", "what3", "what4") if match[n])
        goes_on = _FOR.search(u.text, *place)
        within = (place[0], goes_on.start()) if goes_on else place
        for start, end in _short(u.text, things(u.text, *within)):
            if not u.text.startswith("to ", start):
                span = u.span(start, end)
                what = _YOURS.sub("", span.quote)
                priced = price_list(what.lower())
                yield AskProduct(span, what if priced else f"do you have {what}")


_FOR = re.compile(r"\s(?:before|so that|in order to|because|until|otherwise)\b")
"""After a list: what its things are needed for."""
_YOURS = re.compile(r"^(?:your|the|our|a list of|a copy of)(?: standard| current)? ", re.IGNORECASE)


def _beyond(asked: AskProduct) -> AskProduct | None:
    """What a question asks beyond the list: "confirm these and send prices"; None if nothing."""
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
        for start, end in things(u.text, *item.span("what")):
            span = u.span(start, end)
            lead = _PLEASE_SEND.match(span.quote.lower())
            plain = span.quote[lead.end() if lead else 0 :]
            what = _YOURS.sub("", _AT_LEAST.sub("", plain))
            asks = _ASKS_ITSELF.match(what)
            yield AskProduct(span, what if asks else f"do you have {what}")


def _asks(text: str, start: int) -> bool:
    """Whether the line above a list, or a question that refers to it, asks for the items."""
    above = text[:start].rstrip().rpartition("\n")[2]
    if _OF_THEMSELVES.search(above) and not _WANTED.search(above):
        return False
    return bool(_WANTED.search(above) or _THESE.search(text))
