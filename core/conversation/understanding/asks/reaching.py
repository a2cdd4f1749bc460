"""Whether callers check whom they reached ("is this tide line"), or ask whom to contact. Pure."""

import re

from rapidfuzz import fuzz

from core.conversation.words.lexicon import Lexicon, compact
from knowledge.profile import Company

_IS_THIS = re.compile(
    r"(?i:is(?:n't)? this|am i (?:speaking|talking) (?:to|with)|did i (?:reach|call|dial)"
    r"|have i (?:reached|called))\s+(?i:the |an? )?"
    r"(?P<name>(?:(?<=\b[DM]r)\.|(?<=\bMrs)\.|[^?.!])*)"
)
_ELSEWHERE = re.compile(
    r"(?!(?:your|our|my|back)\b)(?:[\w.'-]+ ){0,3}(?:dentists?|dental|doctors?|clinic|pharmacy"
    r"|hospital|surgery|(?<!best )practice|office|vets?|pizz\w+|restaurant|hotel|salon|barber\w*"
    r"|bakery|garage|school|church|police|library|post office|gym|taxi|plumbers?)"
    r"(?:'s)?(?: (?:office|shop|place|department|station))?(?: (?:on|in|at|near|by"
    r"|over) [\w' ]{2,30})?"
)
"""A business that somebody took us for: "the dentist", "Dr. Feldman's office"."""
_ALIKE = 80.0
"""Similarity (0–100) from which a heard name is ours."""


def asks_who(question: str, company: Company, lexicon: Lexicon) -> bool:
    """Whether a question, with its capitals, asks for us, for one of us, or for another name."""
    match = _IS_THIS.match(question)
    if match is None:
        return False
    other = match["name"].split()
    if _ELSEWHERE.fullmatch(match["name"].strip().lower()):
        return True  # a wrong number, as is another's name
    named = 2 <= len(other) <= 3 and all(word[0].isupper() for word in other)
    if named and not lexicon.names(match["name"].lower()):
        return True
    said = match["name"].strip().lower()
    us = {n.lower() for rep in company.team for n in (rep.name, rep.name.split()[0])}
    return said in us or fuzz.ratio(compact(said), compact(company.name)) >= _ALIKE


_WHERE = re.compile(
    r"\b(?:who|whom|where|how|which|what(?:'s| is| was)?(?: (?:the|that|your|their|its))?"
    r" (?:number|address|e-?mail|mail|link|site|website|page))\b"
)


def asks_where(words: str) -> bool:
    """Whether words may ask whom to contact: "so who do I call then"."""
    return _WHERE.search(words.lower()) is not None
