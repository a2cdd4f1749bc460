"""Requests about the personal data we hold: to see it, or to have it deleted. Pure.

What a product does with its customers' data is another subject: these say "me" and "my".
"""

import re
from collections.abc import Iterator

from core.commands import Command, DataRequest
from core.conversation.words.utterance import Utterance

_MINE = r"(?:my|mine|(?:about|on|of|for|regarding|concerning) me|i (?:gave|sent|provided|shared))"
_DATA = (
    r"(?:data|information|info|details|records?|everything|conversations?"
    r"|messages?|chats?|transcripts?|recordings?)"
)
_ERASE = re.compile(
    rf"\b(?:delete|erase|wipe|purge|destroy|remove)\b(?=[^.?!]{{0,80}}\b{_MINE}\b)"
    rf"(?=[^.?!]{{0,60}}\b{_DATA}\b)[^.?!]*|\bright to be forgotten\b[^.?!]*"
)
_SEE = re.compile(
    r"\b(?:what|which|all|any|every|everything|whatever|copy|overview|list)\b[^.?!]{0,40}\byou"
    r"(?:'ve| (?:have|hold|keep|store|got|know|collect\w*|process))\b[^.?!]{0,30}"
    r"\b(?:about|on|of|regarding|concerning) (?:me|myself)\b[^.?!]*"
    r"|\bcopy of (?:all )?my (?:\w+ )?data\b[^.?!]*"
    r"|\b(?:where|how) did you (?:get|obtain|find|come by) my\b[^.?!]*|\bwho gave you my\b[^.?!]*"
)
_BY_LAW = re.compile(
    r"\b(?:subject access|data subject|right of access|right to (?:access|erasure)|dsars?|sars?"
    r"|article 1[5-7])\b[^.?!]*"
)
_OWN = re.compile(rf"\b(?:i|{_MINE}|hereby|this is an?)\b")
_WONDERS = re.compile(
    r"\b(?:do|does|did|will|would|how|when|if|once|after|can (?:i|we)|could (?:i|we))\b"
    r"(?! (?:you )?(?:please|kindly|like|want))[^.?!]*$"
)
"""Before "delete my data": asks what happens to it, rather than requesting deletion."""


def data_rights(u: Utterance) -> list[tuple[Command, int, int]]:
    """The request with its place; at most one, deletion first."""
    return [*_found(u)][:1]


def _found(u: Utterance) -> Iterator[tuple[Command, int, int]]:
    for match in _ERASE.finditer(u.text):
        if not _WONDERS.search(u.text[: match.start()]):
            yield DataRequest(u.span(*match.span()), "erase"), *match.span()
    for match in _SEE.finditer(u.text):
        yield DataRequest(u.span(*match.span()), "see"), *match.span()
    for match in _BY_LAW.finditer(u.text):
        begin = max(u.text.rfind(mark, 0, match.start()) for mark in ".?!") + 1
        sentence = u.text[begin : match.end()]
        if _OWN.search(sentence):
            erase = re.search(r"eras|delet|forgot|17", sentence)
            command = DataRequest(u.span(*match.span()), "erase" if erase else "see")
            yield command, *match.span()
