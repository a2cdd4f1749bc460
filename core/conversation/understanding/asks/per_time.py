"""Whether a question asks only for the time that a price is for. Pure."""

import re

from knowledge.leading import LEAD

_PER_TIME = re.compile(
    rf"{LEAD}(?:(?:is|are) (?:that|this|it|they|those)(?: price)?(?: all)?"
    r" (?:(?:per|an?|each|every|for (?:an?|one|the|each|every)|by the)"
    r" (?:hour|day|night|week|month|quarter|year|visit)|hourly|daily|weekly|monthly|yearly"
    r"|annual\w*)"
    r"(?:,? or (?:what|not|(?:per |an? |each |by the )?\w+))?"
    r"|(?:(?:per|a) (?:month|year|week|day|hour)|monthly|yearly|annually|weekly|hourly)"
    r" or (?:per |a )?(?:month|year|week|day|hour|monthly|yearly|annually|weekly|hourly))"
)
"""Asks for the time a price is for: "is that per month", "per month or year?"."""


def of_its_time(question: str) -> bool:
    """Whether a question asks only for the time that the price just told is for."""
    return _PER_TIME.fullmatch(question.strip(" ?.!")) is not None
