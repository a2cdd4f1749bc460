"""The kind of work a caller wants from a maintenance business, in general English: maintain,
replace, install or repair. Pure."""

import re
from collections.abc import Sequence

_GOING = (
    r"stay(?:ing)? (?:lit|on|cold|hot|cool|warm|shut|closed)|turn(?:ing)? on"
    r"|com(?:e|ing) on|(?:start|work|cool|heat|hold|drain|latch|spin|light|charg|fill|print"
    r"|pump|flush|lock|clos|mak|fir|mov)(?:e|ing)?|run(?:ning)?|open(?:ing)?"
)
_KINDS: Sequence[tuple[str, re.Pattern[str], re.Pattern[str]]] = (
    (
        "upkeep",
        re.compile(r"\b(?:maintenance|upkeep|preventi(?:ve|tative)|service (?:plan|contract)s?)\b"),
        re.compile(
            r"\bmaint(?:enance|ain(?:ed|ing)?)\b|\bservic(?:e|ing) (?:agreement|contract|plan)s?\b"
            r"|\b(?:com(?:e|es|ing)|swing(?:ing)?|stop(?:ping)?) (?:by|out|in|round|around)\b"
            r"[^.?!]{0,40}\b(?:regular(?:ly)?|every|times? (?:a|per)|once an?|twice an?|monthly"
            r"|quarterly|weekly)\b"
            r"|\bkeep(?:ing)? (?:an eye on|(?:it|them|everything|things|\w+ \w+)"
            r" (?:going|running|up))\b|\bon a (?:regular )?schedule\b|\btune[- ]?ups?\b"
            r"|\bup ?keep\b|\bpreventi(?:ve|tative)\b"
            r"|\b(?:serviced?|cleaned|checked) (?:\w+ )?(?:regularly|every \w+)\b"
        ),
    ),
    (
        "instead",
        re.compile(r"\b(?:replac\w+|change ?outs?|retrofit\w*)\b"),
        re.compile(
            r"\breplac(?:e|ed|es|ing|ement)\b|\bswap(?:ped|ping)?\b[^.?!]{0,40}\bout\b"
            r"|\bswap(?:ped|ping)? out\b|\b(?:on|at) (?:its|it's|their) last legs?\b"
            r"|\b(?:has|have|needs?|time for (?:it|them)) (?:got )?to go\b"
            r"|\b(?:need|want|get(?:ting)?|buy(?:ing)?) (?:an? )?(?:brand[- ])?new one\b"
        ),
    ),
    (
        "put in",
        re.compile(r"\b(?:install\w*|new build|build-?outs?)\b"),
        re.compile(
            r"\binstall(?:ed|ing|ation|s)?\b"
            r"|(?<!you )(?<!guys )(?<!folks )(?<!else )(?<!they )\bput(?:ting)?"
            r" (?:in\b(?=$|[ ]?[.,?!])|(?:an?|our|the|my|in|another|new|two|three) (?:[\w-]+ ))"
            r"|\bbuild(?:ing)? (?:it |one |this )?out\b"
            r"|\bopening (?:up )?(?:an?|our|my|another)\b"
            r"|\badd(?:ing)? (?:an?|another|two|three|some|more)\b"
        ),
    ),
    (
        "mend",
        re.compile(r"\b(?:repairs?|fix\w*|breakdowns?|service calls?)\b"),
        re.compile(
            r"\brepair(?:s|ed|ing)?\b|\bfix(?:ed|es|ing)?\b|\b(?:broke|broken|busted|kaput)\b"
            r"|\b(?:conk|crap|cut)(?:s|t?ed|p?ed|p?ing|t?ing) out\b|\bon the (?:fritz|blink)\b"
            r"|\bg(?:ave|iven|iving) (?:up (?:the ghost|on (?:me|us))|out)\b|\bact(?:s|ed|ing) up\b"
            r"|\b(?:died|quits?) (?:on (?:me|us)|working|yesterday|today|last \w+|this \w+)\b"
            r"|\b(?:died|quit)\b(?=$|[.,;!?])"
            r"|(?:\b(?:is|are|went|been|just)|'s|'re)"
            r" (?:dead|down|out of order|toast|kaput|frozen up)\b"
            r"|\bleak(?:s|ed|ing)\b|\bblow(?:s|ing) (?:warm|hot|cold)\b"
            rf"|\b(?:won'?t|doesn'?t|isn'?t|stopped|quit|not) (?:{_GOING})\b"
            r"|\bthrow(?:s|ing) (?:an? )?(?:\w+ )?(?:errors?|codes?|faults?)\b"
            r"|\bmak(?:es|ing) (?:an? |this |some |that )?(?:\w+ )?"
            r"(?:racket|noise|grinding|sound)s?\b"
            r"|\btripp(?:ed|ing|s) (?:the |a )?breakers?\b"
        ),
    ),
)
"""In order of precedence: something broken that is to be replaced is not repaired."""
_IF = re.compile(r"\b(?:if|when(?:ever)?|in case|(?:any|every|each) ?time)\b")
"""Before something that may happen one day, or happens regularly."""
_LEAST = 2
"""Fewest kinds a company must distinguish for general words to identify them."""


class Works:
    """Knows which of a company's purposes is which kind of work."""

    def __init__(self, purposes: Sequence[str]) -> None:
        found = {
            kind: [value for value in purposes if named.search(value.lower())]
            for kind, named, _ in _KINDS
        }
        known = {kind: values[0] for kind, values in found.items() if len(values) == 1}
        self._known = known if len(known) >= _LEAST else {}

    def find(self, text: str) -> str | None:
        """The purpose that lower-case text implies by its kind of work, if any."""
        for kind, _, said in _KINDS:
            found = said.search(text) if kind in self._known else None
            if found is not None and not _IF.search(text, 0, found.start()):
                return self._known[kind]
        return None


def mends(purposes: Sequence[str]) -> bool:
    """Whether the company repairs what others have sold."""
    named = next(named for kind, named, _ in _KINDS if kind == "mend")
    return any(named.search(value.lower()) for value in purposes)
