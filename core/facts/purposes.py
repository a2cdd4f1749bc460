"""What buyers say that a call is to be about. Pure."""

import re
from collections.abc import Sequence

from core.events import CallbackRequested, Fact, UtteranceRecorded
from core.facts.standing import every

_CALL = re.compile(
    r"\b(?:call|ring|phone|speak|talk)\w*\b[^.?!]*?"
    r"\b(?:about|regarding|concerning|to (?:discuss|go over))\s+(?P<what>[^.?!]+)",
    re.IGNORECASE,
)
_IT = re.compile(
    r"(?:^|[.?!,;]\s*|\b(?:and|so|yes|yeah|just)\s+)(?:it|this|that)(?:['’]s| is|'d be| would be"
    r"| was)(?: just| only| really)? (?:about|regarding|concerning|to (?:discuss|go over"
    r"|talk about))\s+"
    r"(?P<what>(?!\d|[$€£]|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|\w+teen|\w+ty|half|noon|hundred)\b(?: (?:or|to|and|hundred|thousand|people|percent)\b|$))"
    r"[^.?!]+)",
    re.IGNORECASE,
)
"""Says so of a call that was mentioned before; "it's about two hundred" is a figure."""
_POINTS_BACK = re.compile(r"(?:that|this|it|them|those|these)\b", re.IGNORECASE)


def purpose(facts: Sequence[Fact]) -> tuple[str, ...]:
    """What the promised call is to be about, as they last said; empty if they did not."""
    said = [u for u in every(facts, UtteranceRecorded) if u.speaker == "caller"]
    asked = [c.turn for c in every(facts, CallbackRequested)]
    found = [m for u in said if asked and u.turn <= asked[-1] for m in _CALL.finditer(u.text)]
    found += [m for u in said if asked and u.turn >= asked[0] for m in _IT.finditer(u.text)]
    told = (m["what"].strip() for m in found)
    return tuple(what for what in told if not _POINTS_BACK.match(what))[-1:]
