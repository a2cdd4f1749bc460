"""`Later`: repeats writes a CRM or a calendar did not take in time: for days, or on request.

A record that a CRM refuses waits for a person. A calendar that refuses is misconfigured: it is
retried, for when that is fixed, until the meeting begins.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.errors import CalendarFailed, CrmFailed
from voice_agent.patience import TWO_DAYS
from voice_agent.workflows.jobs import Jobs

FIRST_S = 10.0
"""Delay before the first try: the wrap-up has just failed twice."""
Write = Callable[[str, str], Awaitable[None]]
"""Writes what belongs to a conversation; the second argument identifies this try. Raises:
CrmFailed, CalendarFailed, StoreFailed."""
Fail = Callable[[str, Exception, str], Awaitable[bool]]
"""Notes for a person that the write failed; returns whether it is still worth trying by itself.
Raises: StoreFailed."""
Late = Callable[[str, float], Awaitable[bool]]
"""Whether a person must know now, since a try after this pause in seconds would come too late.
Raises: StoreFailed."""


async def never(conversation_id: str, pause_s: float) -> bool:
    """What is as good later."""
    return False


@dataclass(frozen=True, slots=True)
class Later:
    """A kind of job, and how to enqueue it."""

    kind: str
    write: Write
    fail: Fail
    jobs: Jobs
    late: Late = never

    def __post_init__(self) -> None:
        self.jobs.serve(self.kind, self.attempt)

    async def ask(self, key: str, after_s: float = 0.0) -> None:
        """Enqueue a conversation's write for later; `key` is its id, a slash, and what
        distinguishes this request from others. Raises: StoreFailed."""
        await self.jobs.ask(self.kind, key, after_s=max(after_s, FIRST_S))

    async def now(self, key: str, after_s: float = 0.0) -> None:
        """The same at once or sooner, because a person asked. Raises: StoreFailed."""
        await self.jobs.ask(self.kind, key, after_s=after_s)

    async def attempt(self, key: str, tries: int) -> float | None:
        """Try; returns seconds until a retry, None when it is done or left to a person."""
        conversation_id, again = key.partition("/")[0], f"{key}-{tries}"
        try:
            await self.write(conversation_id, again)
        except (CrmFailed, CalendarFailed) as error:
            again_ever = error.retryable or isinstance(error, CalendarFailed)
            pause_s = TWO_DAYS.after(tries, error.after_s) if again_ever else None
            if pause_s is None or await self.late(conversation_id, pause_s):
                goes_on = await self.fail(conversation_id, error, again)
                return (pause_s or TWO_DAYS.pauses_s[-1]) if goes_on else None
            return pause_s
        return None
