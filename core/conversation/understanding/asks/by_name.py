"""Which of our people somebody asks for by name: "Priya was supposed to call me". Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from core.commands import RequestCallback, RequestHuman, RequestMeeting, ReturnsCall
from core.conversation.understanding.times.choosing import Placed
from core.conversation.words.lexicon import Mention
from core.conversation.words.utterance import Utterance
from knowledge.profile import Company

_INTRODUCED = re.compile(
    r"\b(?:name is|name's|this is|it's|it is|i'm|i am|call me|we're|and) $|^(?:hi|hello|hey)? ?$"
)
"""Just before a name that is probably the caller's own, or a companion's."""
_HERSELF = re.compile(r"\b(?:name is|name's|this is|it's|it is|i'm|i am) $")
"""Just before a full name that is the caller's own, if what follows agrees."""
_ENDS = re.compile(
    r" ?(?:$|[,.!;]|(?:from|at|with|of|here|and|calling|again|speaking|[a-z] [a-z])\b)"
)
"""Just after the name of somebody who introduces themselves."""
_ACTS = re.compile(
    r" (?:was|were|is|has|had|did|said|promised|told|agreed|would|will|should|never|hasn't|didn't"
    r"|called|rang|could|can|may)\b"
)
"""Just after a name that opens a turn and is not the caller's."""
_OTHERS = re.compile(
    r" (?:from|at|of|here|speaking|with)\b"
    r"|'s\b(?! (?:(?:missed|phone|last) )?(?:calls?|message|mail|e-?mail|voice ?mail|note|number))"
)
_THEIRS = re.compile(r"\b(?:my|our|his|her|an?) (?:\w+ )?$")
_NOT = re.compile(r"\b(?:not|instead of|rather than|other than|except|without) (?:to |with )?$")
_FAILED = re.compile(r" (?:didn't|did not|couldn't|could not|wasn't|was no|can't|was not)\b")
_OF_SOMEBODY = (RequestCallback, RequestHuman, RequestMeeting, ReturnsCall)
"""Requests for one of our people, or any of them."""
_STYLED = re.compile(r"\b(?:mr|mrs|ms|miss|mister|dr|herr|frau)\.? (?P<last>[^\W\d_]+)")
_APART = 40
"""Most characters between a name and the request to its bearer."""


def without_namesakes(u: Utterance, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions without a caller who introduces themselves by the full name that one of us
    has, too."""
    return [m for m in mentions if m.kind != "rep" or not _namesake(u.text, m)]


def _namesake(text: str, m: Mention) -> bool:
    return bool(_HERSELF.search(text[: m.start]) and _ENDS.match(text, m.end))


def people(u: Utterance, mentions: Sequence[Mention], company: Company) -> list[Mention]:
    """Our people named in a turn: in full, or by a first name that only one of them has."""
    found = [m for m in mentions if m.kind == "rep"]
    first = Counter(r.name.split()[0].lower() for r in company.team)
    by = {r.name.split()[0].lower(): r for r in company.team}
    for token in u.tokens:
        inside = any(m.start <= token.start < m.end for m in found)
        name = token.text.removesuffix("'s")
        end = token.start + len(name)
        if inside or first[name] != 1 or not _ours(u, token.start, end):
            continue
        found.append(Mention(by[name].name, "rep", token.start, end))
    last = Counter(r.name.split()[-1].lower() for r in company.team)
    for match in _STYLED.finditer(u.text):
        who = [r for r in company.team if r.name.split()[-1].lower() == match["last"]]
        if last[match["last"]] == 1 and not any(m.end == match.end() for m in found):
            found.append(Mention(who[0].name, "rep", *match.span()))
    return [m for m in found if not _NOT.search(u.text[: m.start])]


def _ours(u: Utterance, start: int, end: int) -> bool:
    """Whether a first name is a colleague's, rather than the caller's or a stranger's."""
    before, after = u.text[:start], u.text[end:]
    surname = re.match(r" [A-Z][a-z]+", u.said.text[end:]) and u.said.text[start].isupper()
    if surname or _OTHERS.match(after) or _THEIRS.search(before):
        return False
    return not _INTRODUCED.search(before) or bool(_ACTS.match(after))


def asked_by_name(
    requests: Sequence[Placed], named: Sequence[Mention], u: Utterance, company: Company
) -> list[Placed]:
    """The requests, each with the colleague named next to it."""
    ids = {r.name: r.id for r in company.team}
    made: list[Placed] = []
    for command, start, end in requests:
        near = [m for m in named if _beside(u.text, m, start, end)]
        if near and isinstance(command, _OF_SOMEBODY):
            command = replace(command, rep=ids.get(near[0].name, ""))
        made.append((command, start, end))
    return made


def _beside(text: str, m: Mention, start: int, end: int) -> bool:
    if m.start < end and start < m.end:
        return True
    if end <= m.start and _FAILED.match(text, m.end):
        return False  # "let me talk to a person, Priya didn't help"
    between = text[m.end : start] if m.end <= start else text[end : m.start]
    return len(between) <= _APART and not re.search(r"[.?!;]", between)
