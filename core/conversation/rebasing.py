"""Merges what became true while a turn was planned into the state the turn leads to. Pure."""

from dataclasses import fields, replace
from typing import Any, TypeVar

from core.conversation.parts import History, Part

P = TypeVar("P", bound=Part)


def rebased(planned: P, base: P, now: P) -> P:
    """The state, or a part of it, that a turn planned on `base` leads to `now`."""
    if now is base:
        return planned
    news: dict[str, Any] = {}
    for f in fields(now):
        was, is_now = getattr(base, f.name), getattr(now, f.name)
        if is_now is was:
            continue
        if isinstance(is_now, Part):
            is_now = rebased(getattr(planned, f.name), was, is_now)
        elif isinstance(now, History) and f.name != "context":  # both went on from the base
            is_now = _joined(getattr(planned, f.name), was, is_now)
        news[f.name] = is_now
    return replace(planned, **news)


def _joined(
    planned: tuple[Any, ...], base: tuple[Any, ...], now: tuple[Any, ...]
) -> tuple[Any, ...]:
    """The lines a turn leads to and those heard since it began; rewritten ones stay rewritten.

    Only so many are kept: of the lines of `base`, the first may be gone.
    """
    still = next(n for n in range(len(now), -1, -1) if now[:n] == base[len(base) - n :])
    return now if 2 * still < len(base) else (*planned, *now[still:])
