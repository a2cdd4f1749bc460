"""Questions for a time together, and for what is free on a day. Pure."""

import re
from datetime import date

from core.conversation.understanding.times.wishes import wish_of


def asks_to_meet(text: str, today: date) -> bool:
    """Whether a question only asks for a time together: "could you do Thursday at 2pm?"."""
    meant = _TO_MEET.match(text) or _JUST_A_TIME.match(text) or _ANY_TIME_ON.match(text)
    return bool(meant) and wish_of(text, today).names_a_time


_TO_MEET = re.compile(
    r"(?:(?:so|and|or|also|maybe|perhaps|ideally|then),? )*"
    r"(?:(?:can|could|would|will|shall|should|might|may|are|is|do|does) (?:you|we|i|he|she|they|it"
    r"|there|that|someone|somebody|(?:any|some)(?:one|body)|your team|\w+day)\b|(?:how|what) about"
    r"|any (?:chance|availability|slots?|times?|openings?))(?:[^.?!]{0,40}\b(?:meet|talk|speak|chat"
    r"|connect|call|demo|meeting|free|available|availability|slots?|times?|work|suit|schedule|book"
    r"|arrange|set up|hop on|jump on)\b"
    r"|(?: you| we| i)?(?: do| be| make| manage)?(?: it| that)?"
    r"(?: (?:at|around|by|of|for|on|next|this|\d+ minutes))*"
    r" (?:\w+day|tomorrow|today|\d))"
)
"""A question about when to talk; anything else it asks is separate."""
_ANY_TIME_ON = re.compile(
    r"(?:(?:so|and|or|but|um|uh|okay|ok|then|well)[, ]+)*"
    r"(?:(?:(?:do|would) you (?:guys )?have|have you(?: guys)? got|you (?:guys )?(?:got|have)"
    r"|is there|are there|got)"
    r" (?:anything|something|any(?: \w+)? (?:times?|slots?|openings?|availability|room)|times?|room"
    r"|an? (?:slot|opening|time))"
    r"|what(?:'s| is| do you have| have you got| else do you have"
    r"| (?:other )?(?:times?|slots?|hours?)(?: (?:do|are|you|there|have|got|is|can|could|would))*))"
    r"(?: (?:open|free|available|left|in|on|for|at|over))*"
    r"(?: (?:early|late|next|this|the|any ?time|some ?time|on))*"
    r" (?:\w+day|tomorrow|today|week|morning|afternoon)s?"
    r"(?: (?:mornings?|afternoons?|evenings?|or|and|next|this|week|on|at|in|the|\w+day|instead"
    r"|open|free|available|around|after|before|noon|\d[\d:]*|[ap]\.?m|please|then))*[\s?.!]*$"
)
"""Asks for a free time on a day, and for nothing else: "do you have something Friday"."""
_JUST_A_TIME = re.compile(
    r"(?:(?:so|and|or|maybe|perhaps|ideally|say|then|on|next|this|early|late)[, ]+)*"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today)s?\b"
    r"(?:[\s,:/&+-]+(?:\d[\d:.]*|[ap]\.?m|or|and|next|this|week|on|at|in|the|after|before|around"
    r"|between|from|until|to|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mornings?|afternoons?|noon"
    r"|lunch ?time|evening|o'?clock|time|your|my|our|eastern|central|pacific|mountain|utc|gmt"
    r"|[a-z]?[ecmp][sd]t|okay|ok|possible|maybe|works?))*[\s?.!]*$"
)
"""Nothing but a time with a question mark."""


def asks_what_is_free(text: str) -> bool:
    """Whether words ask for the free times of a day: "what times do you have on Wednesday"."""
    return _ANY_TIME_ON.match(text) is not None
