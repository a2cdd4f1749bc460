"""Synonyms in buyers' language, from `synonyms.yaml`."""

from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.retrieval.tokens import stem
from knowledge.yaml_text import plain

Groups = list[list[str]]


@cache
def _file() -> dict[str, Any]:
    text = (files("knowledge.retrieval") / "synonyms.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = plain(text)
    return read


def groups(*sections: str) -> Groups:
    """The groups of synonyms in these sections: `same`, `search`, `claims`."""
    return [line.split() for section in sections for line in _file()[section]]


@cache
def kinds() -> dict[str, list[str]]:
    """The kinds of a thing, which are no synonyms of each other: a `currency` is a `dollar`."""
    return {word: line.split() for word, line in _file()["kinds"].items()}


@cache
def kin() -> dict[str, tuple[str, ...]]:
    """The tokens by which a passage with a stem's synonym is found, by stem."""
    found: dict[str, dict[str, None]] = {}
    for n, group in enumerate(groups("same", "search")):
        for word in group:
            found.setdefault(stem(word), {})[f"+{n}"] = None
    for word, several in kinds().items():
        found.setdefault(stem(word), {}).update(dict.fromkeys(map(stem, several)))
    return {root: tuple(tokens) for root, tokens in found.items()}


@cache
def phrases() -> dict[tuple[str, ...], str]:
    """Phrases that mean the same as one word: `("money", "back")` is a `refund`."""
    return {
        tuple(phrase.split()): word
        for word, line in _file()["phrases"].items()
        for phrase in line.split(", ")
    }
