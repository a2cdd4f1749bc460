"""Questions for nothing but a price, however they are put and for however many. Pure."""

import re
from collections.abc import Iterator, Sequence

from core.conversation.words.numbers import SCALES, TEENS, TENS, UNITS

_NUMBER = "|".join((*UNITS, *TEENS, *TENS, *SCALES, "hundred"))
_AMOUNT = rf"(?:about|around|roughly|say|like|maybe|some|an?|\d[\d,.]*[mk]?|{_NUMBER})"
_HEADS = r"(?:seats?|users?|people|persons?|employees|licen[cs]es?|of us|staff|logins)"
_COUNTED = rf"(?:(?:active|monthly|synced) )?(?:rows?|records?|contacts|profiles|{_HEADS})"
_LEAD = (
    r"(?:(?:hi|hello|so|and|okay|ok|well|just|hey|then|now|hm+|right|fine|alright|please|look|yes"
    r"|no|um|uh|good|great|price|pricing)[,. ]+)*"
)
_WHAT = r"(?:it|this|that|all (?:this|that)|something like (?:this|that))"
_BARE = re.compile(
    rf"{_LEAD}"
    r"(?:(?:i|we)(?:'d| would|'m| am|'re| are)?(?: just| only)? (?:want|need|like|looking for)"
    r"(?: to (?:get|have))? (?:an? |some |your |the )?(?:price )?(?:quote|pricing|prices?|estimate)"
    r"|(?:what(?:'s| is| are) (?:the |your )?)?(?:quote|pricing|prices?)"
    r"|what(?:'s| is| are) (?:the |your )?(?:damage|costs?|costing|rates?|fees?|charges?)"
    rf"|how much (?:would|does|will|is|'s) {_WHAT}(?: all)?(?: be| cost| run| come to)?"
    rf"|how much(?: {_WHAT} (?:costs?|is))?"
    r"|how much (?:money )?(?:are we|would we be|do we|is that) (?:talking|looking at)(?: about)?"
    r"|how much (?:do|would|will) (?:you|we|i) (?:charge|want|ask|take|pay|(?:have|need) to pay)"
    rf"|what (?:would|will) {_WHAT} be(?= for\b)"
    rf"|what (?:would|does|will|do|did) (?:{_WHAT}|you) (?:all )?"
    r"(?:cost|run|come|charge|take|set (?:me|us) back)(?: to| in at| out at| at)?"
    r"|(?:just )?(?:give|tell) (?:me|us) (?:the|your|an?) (?:prices?|pricing|costs?|number|figure))"
    r"(?:[ ~]|\b(?:us|me|for|per|a|month|year|monthly|yearly|annually|then|now|anyway|roughly"
    rf"|exactly|altogether|in total|to|{_COUNTED})\b|\b{_AMOUNT}(?![\w']))*[ ?.!]*"
)
"""Asks for nothing but a price, of however much."""
_FOR_HEADS = re.compile(rf"\bfor (?:{_AMOUNT}[ -])+{_HEADS}\b")
AS_MANY = re.compile(
    r"(?:(?:and|or|so|what about|how about|what if|okay|ok|well|um|uh)[, ]+)*for"
    rf" (?:{_AMOUNT}(?:[ -]|(?=[?.!]|$)))+{_HEADS}?[ ?.!]*"
)
"""No more than a number of heads: "and for a hundred", said of a price."""
_OF_PRICES = re.compile(r"\b(?:how much|costs?|price[sd]?|pricing|charge|fees?|quote)\b")
_QUOTE_FOR = re.compile(
    r"\b(?:quotes?|quotation|offer|prices?|pricing|estimate) (?:for|on|of) (?:an? |the |your )?"
    rf"(?:{_AMOUNT}[ -])*(?:of )?(?:your |the )?(?P<what>[a-z0-9][^.?!,]*)"
)
_LESS = re.compile(r"(?:\d ?%|\bper ?cent) (?:off|less|cheaper|discount|reduction)\b")
HOW_MUCH, PER_HEAD = "how much does it cost", "is it priced per user"
"""What is looked up for a price, and first for one "for fifty seats"."""


def prices_of(question: str) -> Iterator[str]:
    """How a question for nothing but a price may be looked up as well."""
    if _BARE.fullmatch(question):
        if _FOR_HEADS.search(question):
            yield PER_HEAD
        yield HOW_MUCH
    elif AS_MANY.fullmatch(question):
        yield HOW_MUCH
    elif _LESS.search(question):
        yield "can we get a discount"
    elif match := _QUOTE_FOR.search(question):
        yield f"how much is {match['what']}"


def as_many(text: str, context: Sequence[str]) -> bool:
    """Whether a turn asks the price that was just asked for again, for another number."""
    asked = context[-1].lower() if context else ""
    return bool(_OF_PRICES.search(asked)) and AS_MANY.fullmatch(text) is not None
