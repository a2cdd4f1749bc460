"""Lists in a sentence."""

from collections.abc import Sequence


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; empty for none."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
