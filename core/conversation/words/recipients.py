"""Those who get something sent: "fourteen thousand donors" are as many pieces of a mailing."""

from core.conversation.words.stems import stem

_RECIPIENTS = frozenset(
    map(
        stem,
        "recipient addressee household home house address customer client donor supporter patient"
        " member subscriber voter resident homeowner tenant parent family prospect contact".split(),
    )
)
_ANY = frozenset(map(stem, ("recipient", "addressee", "household", "address")))
"""Counting words of a company that cover recipients of any kind."""


def with_recipients(units: frozenset[str] | set[str]) -> set[str]:
    """The counted stems, plus all recipients if any kind of them counts."""
    return set(units) | _RECIPIENTS if units & _ANY else set(units)
