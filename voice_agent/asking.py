"""`as_taken`: retries a request in other dialects until its server accepts it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from voice_agent.refusal import Refusal, ServiceRefused

MOST_STEPS = 6
"""Refusals before giving up."""
Dialect = TypeVar("Dialect")
Answer = TypeVar("Answer")


async def as_taken(
    dialect: Dialect,
    ask: Callable[[Dialect], Awaitable[Answer]],
    after: Callable[[Dialect, Refusal], Dialect | None],
    key: str,
) -> tuple[Dialect, Answer]:
    """The dialect in which the server accepted the request, and its answer.

    `after`: the dialect to try after a refusal; None when no other would help.
    Raises: Refused, and whatever `ask` raises.
    """
    from openai import APIStatusError

    for _ in range(MOST_STEPS):
        try:
            return dialect, await ask(dialect)
        except APIStatusError as error:
            refusal = Refusal.of(error, key)
            step = after(dialect, refusal)
            if step is None:
                raise ServiceRefused(refusal) from error
            dialect = step
    raise ServiceRefused(refusal)
