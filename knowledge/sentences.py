"""Where sentences end, which the full stop of an abbreviation does not tell. Pure."""

import re

_GAP = re.compile(r"(?<=[.!?…])[\"')\]”’]*\s+")
_END = re.compile(r"[.!?…]+[\"')\]”’]*$")
_INITIALS = re.compile(r"^[\"'(\[“‘]*([A-Za-z]\.)+$")
_TITLES = {"mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "mt.", "sr.", "jr.", "rev.", "gen."}
_ABBREVIATIONS = set(
    "vs. approx. no. dept. est. inc. ltd. corp. co. llc. etc. ave. blvd. rd. e.g. i.e. a.m. p.m. "
    "jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. mon. tue. wed. thu. fri. sat. "
    "sun. min. max. hr. hrs. sec. mo. yr. ext. tel. incl. excl.".split()
)
_OPENERS = set(
    "i we you they he she it the a an this that these those there here is are do does did can "
    "could would will shall should may what which when where how who why our your my and but so "
    "if let thanks thank please sorry yes no great okay ok for to in on at with from by as all "
    "any".split()
)


def sentences(text: str) -> list[str]:
    """The sentences of a text, without the space around them."""
    found, begin = [], 0
    for gap in _GAP.finditer(text):
        before = text[begin : gap.end()].split()
        following = text[gap.end() : gap.end() + _LOOK].split(None, 1)
        if before and following and ends_sentence(before[-1], following[0]):
            found.append(text[begin : gap.end()].strip())
            begin = gap.end()
    rest = text[begin:].strip()
    return [*found, rest] if rest else found


_LOOK = 40
"""Characters that hold the next word."""


def ends_sentence(word: str, following: str) -> bool:
    """Whether a sentence ends with a word, as the next one is written."""
    if not _END.search(word):
        return False
    bare = word.lower().rstrip("\"')]”’").lstrip("\"'([“‘")
    if bare in _TITLES:
        return False
    if bare in _ABBREVIATIONS or _INITIALS.match(word):
        return following[:1].isupper() and re.sub(r"\W", "", following.lower()) in _OPENERS
    return bool(bare.strip(".!?…")) or len(bare) > 1
