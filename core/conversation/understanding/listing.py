"""A list of things somebody asks for, taken apart: "please send prices, lead time and terms"."""

import re

_PLEASE_SEND = re.compile(
    r"(?:could you |can you )?please (?:send|share|provide|advise|confirm|quote|include|let"
    r" (?:me|us)"
    r" (?:know|have)|tell (?:me|us))(?: (?:me|us|over|along|about|on))* (?:your |the )?"
)
_BETWEEN_ITEMS = re.compile(r",\s*(?:and |or |as well as )?|\s+(?:and|or|as well as)\s+")
_LONGEST_ITEM = 6
"""Words of one thing of a list."""


def items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The things a list asks for, each by itself: "please send prices, lead time and terms"."""
    lead = _PLEASE_SEND.match(text, start, end)
    if lead is None or "," not in text[lead.end() : end]:
        return [(start, end)]
    cuts = [m.span() for m in _BETWEEN_ITEMS.finditer(text, lead.end(), end)]
    edges = [lead.end(), *(edge for cut in cuts for edge in cut), end]
    parts = list(zip(edges[::2], edges[1::2], strict=True))
    short = all(len(text[a:b].split()) <= _LONGEST_ITEM for a, b in parts)
    return parts if short else [(start, end)]
