"""Removes from a text what nobody reads: runs without words, words without end."""

import re

_WORDLESS = re.compile(r"[\W_]{40,}")
_ENDLESS = re.compile(r"\S{600,}")
"""Longer than any URL people send each other."""


def legible(text: str) -> str:
    """The text with such runs cut short, so that reading it takes time linear in its length.

    Rules search what follows from each position of a run; a long one would keep them busy.
    """
    short = _WORDLESS.sub(lambda run: run[0][:39] + ("\n" if "\n" in run[0] else " "), text)
    return _ENDLESS.sub(lambda run: run[0][:600], short)
