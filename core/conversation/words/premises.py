"""Words for business premises that a company has several of: "fourteen pubs"."""

from core.conversation.words.stems import stem

PREMISES = (
    "location site branch office store shop outlet restaurant pub bar bistro cafe diner bakery"
    " kitchen franchise hotel inn motel resort clinic hospital practice pharmacy salon spa gym"
    " studio school campus plant factory mill depot warehouse yard garage dealership facility"
    " property building farm lab center centre"
).split()
"""Each in the singular."""
PLACES = frozenset(map(stem, PREMISES))
"""Their stems."""
_ANY = frozenset(map(stem, ("location", "site", "branch", "premises")))
"""Counting words of a company that cover premises of any kind."""


def _plural(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "ch")) else f"{word}s"


MANY = "|".join(map(_plural, PREMISES))
"""The plurals, as a pattern."""


def widened(units: frozenset[str] | set[str]) -> set[str]:
    """The counted stems, plus all premises if any kind of them counts."""
    return set(units) | PLACES if units & _ANY else set(units)
