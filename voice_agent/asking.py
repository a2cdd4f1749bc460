"""`as_taken`: a request that is put otherwise until its server takes it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from voice_agent.refusal import Refusal, Refused

MOST_STEPS = 6
"""Refusals after which a request is given up."""
Dialect = TypeVar("Dialect")
Answer = TypeVar("Answer")


async def as_taken(
    dialect: Dialect,
    ask: Callable[[Dialect], Awaitable[Answer]],
    after: Callable[[Dialect, Refusal], Dialect | None],
    key: str,
) -> tuple[Dialect, Answer]:
    """The dialect in which a request was taken, and its answer.

    `after`: the next to try when one is refused; None where another would change nothing.
    Raises: Refused, and as `ask` does.
    """
    from openai import APIStatusError

    for _ in range(MOST_STEPS):
        try:
            return dialect, await ask(dialect)
        except APIStatusError as error:
            refusal = Refusal.of(error, key)
            step = after(dialect, refusal)
            if step is None:
                raise Refused(refusal) from error
            dialect = step
    raise Refused(refusal)
