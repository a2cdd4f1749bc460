"""Tells people who come to an event from those who work at a company."""

import re

from core.conversation.words.stems import stem

COMING = frozenset(
    stem(w) for w in ("guest", "attendee", "visitor", "participant", "spectator", "delegate")
)
"""Counted things of a company that are attendees."""
_EVENTS = (
    r"festivals?|weddings?|concerts?|fairs?|part(?:y|ies)|conferences?|galas?|parades?"
    r"|marathons?|races?|reunions?|ceremon(?:y|ies)|receptions?|banquets?|fundraisers?|picnics?"
    r"|tournaments?|rall(?:y|ies)|expos?|trade shows?|celebrations?|events?|graduations?|walks?"
)
_EVENT = re.compile(rf"\b(?:{_EVENTS})\b")
_DAY_OF_ONE = re.compile(
    rf"\b(?:{_EVENTS}|shows?|(?:grand |our |the )opening|opening(?= is)|open house|kick-?off"
    r"|launch)(?:'s| is| starts| begins| happens| falls)?(?: on)? $"
)
"""Before the day of an event of theirs: "our client party jan 20"."""
_COMPANY = re.compile(
    r"\b(?:we're|we are|we have|we've got|company|business|firm|outfit|agency|staff|employ\w*"
    r"|crew|payroll)\b"
)
_WORK = re.compile(r"\s*(?:\w+ ){0,2}(?:employees?|staff|workers|of us|on (?:the )?payroll)\b")


def of_an_event(text: str, start: int, end: int) -> bool:
    """Whether the people of a figure come to the event in its sentence."""
    before = re.split(r"[.?!;]", text[:start])[-1]
    events = [m.end() for m in _EVENT.finditer(before)]
    return (
        bool(events)
        and not _COMPANY.search(before, events[-1])
        and not re.match(
            r" (?:compan|business|firm|planner|agenc|organi[sz]er)", before[events[-1] :]
        )
        and not _WORK.match(text, end)
    )


def day_of_one(before: str) -> bool:
    """Whether the words before a day make it the day of an event of theirs."""
    return _DAY_OF_ONE.search(before) is not None
