"""A company, and a surname with its title, from capitals. Pure."""

import re
from collections.abc import Sequence

from core.conversation.words.utterance import Found, Utterance


def we_are(u: Utterance, known: Sequence[tuple[int, int]]) -> Found | None:
    """The company in "we're Acme Corp out of Denver", "our company is Acme", by its capitals."""
    match = _WE_ARE.search(u.said.text) or _OURS_IS.search(u.said.text)
    if match is None or any(a < match.end(1) and match.start(1) < b for a, b in known):
        return None
    return Found(match[1], match.start(1), match.end(1))


_WE_ARE = re.compile(
    r"\b[Ww]e(?:'re| are) ((?:[A-Z][\w&'-]* ){1,3}(?:Inc|Corp|Corporation|LLC|Ltd|Limited|GmbH|AG"
    r"|BV|SA|Group|Holdings?|Partners|Labs|Health|Bank|Systems|Technologies|Software|Logistics|Foods|Media))\b"
)


_OURS_IS = re.compile(
    r"\b(?:[Mm]y|[Oo]ur|[Tt]he) (?:company|firm|business|organi[sz]ation|employer)(?:'s| is)"
    r"(?: called)? ([A-Z][\w&'-]*(?: (?:& )?[A-Z][\w&'-]*){0,3})"
)


def told_whole(u: Utterance, company: Found | None) -> Found | None:
    """The name with what follows an abbreviation or an "&": "St. Clair Health", "Finch & Co"."""
    if company is None:
        return None
    short = company.value.split()[-1] in _SHORT
    rest = (_SHORTENED if short else _AND_CO).match(u.said.text, company.end)
    rest = rest or _AND_NAME.match(u.said.text, company.end)
    return Found(company.value + rest.group(), company.start, rest.end()) if rest else company


_SHORTENED = re.compile(r"\.(?: (?!I\b)[A-Z][\w&'-]*){1,3}")
_AND_CO = re.compile(r" & [A-Z][\w'-]*(?: [A-Z][\w'-]*)?")
_AND_NAME = re.compile(
    r" and (?!I\b)[A-Z][\w'-]*(?: (?:Co|Company|Sons?|Daughters?|Brothers|Partners|Associates))?"
    r"(?=\s*(?:[,.;!?]|$| here\b| in\b| out\b| over\b| we\b| we're\b))"
)
"""A name with "and" in it, by its capitals: "Clover and Clay"."""
_SHORT = frozenset("St Mt Ft Dr Mr Mrs Ste Gen".split())


def titled(u: Utterance, name: Found) -> Found:
    """A surname given alone, with the title before it: "this is Doctor Weber"."""
    title = _TITLE_BEFORE.search(u.text[: name.start])
    if title is None or " " in name.value:
        return name
    short = "Dr." if title["title"].startswith("d") else "Prof."
    return Found(f"{short} {name.value}", title.start(), name.end)


_TITLE_BEFORE = re.compile(r"\b(?P<title>dr|doctor|prof|professor)\b\.? $")
