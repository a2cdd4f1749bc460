"""Words for a place of business, of which a company has so many: "fourteen pubs"."""

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
"""What a company says that counts premises of any kind."""


def _plural(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "ch")) else f"{word}s"


MANY = "|".join(map(_plural, PREMISES))
"""The plurals, as a pattern."""


def widened(units: frozenset[str] | set[str]) -> set[str]:
    """The stems of what is counted, and of all premises where any kind of them is."""
    return set(units) | PLACES if units & _ANY else set(units)
