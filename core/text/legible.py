"""What somebody wrote, without what nobody reads: runs without a word, words without an end."""

import re

_WORDLESS = re.compile(r"[\W_]{40,}")
_ENDLESS = re.compile(r"\S{600,}")
"""Longer than any address of a page that people send each other."""


def legible(text: str) -> str:
    """The text with such runs cut short, so that reading it takes as long as it is.

    Rules look for what follows a run from each place in it; a long one would keep them busy.
    """
    short = _WORDLESS.sub(lambda run: run[0][:39] + ("\n" if "\n" in run[0] else " "), text)
    return _ENDLESS.sub(lambda run: run[0][:600], short)
