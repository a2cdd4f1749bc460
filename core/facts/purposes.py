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
_FIGURE = (
    r"(?:\d|[$€£]|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|half|noon"
    r"|midnight|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b|one\b(?! of)"
    r"|an? (?:half|third|quarter|tenth|couple|few|dozen|hundred|thousand|million|billion|second"
    r"|minute|hour|day|week|month|year|decade|mile|foot|inch|yard|acre|pound|ton|dollar|buck"
    r"|percent|tenner)s?\b)"
)
_SAME = (
    r"(?:all|everything|it|right|time|ready|done|over|enough|average|normal|standard|typical"
    r"|as|the (?:same|size|usual|norm|best|most|only|right|limit|average)|to (?!discuss|talk))\b"
)
"""After an "about" that compares or rounds: "that's about all", "it's about the same"."""
_IT = re.compile(
    r"(?:^|[.?!,;]\s*|\b(?:and|so|yes|yeah|just)\s+)(?:it|this|(?P<that>that))(?:['’]s| is|'d be"
    r"| would be| was)(?: just| only| really)? (?:about|regarding|concerning|to (?:discuss|go over"
    rf"|talk about))\s+(?!{_FIGURE}|{_SAME})(?(that)(?!(?:what|where|how|when|who)\b))"
    r"(?P<what>[^.?!]+)",
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
