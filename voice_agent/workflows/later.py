"""`Later`: what a CRM or a calendar did not take in time, written again: for days, or when asked.

A record that a CRM refuses waits for a person. A calendar that refuses is set up wrongly: it is
asked again, for when that is put right.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.errors import CalendarFailed, CrmFailed
from voice_agent.workflows.jobs import Jobs

PAUSES_S = (10.0, 60.0, 600.0, 3600.0, 4 * 3600.0, 12 * 3600.0, 24 * 3600.0)
"""Before each try of the job."""
Write = Callable[[str, str], Awaitable[None]]
"""Writes a conversation's; the second tells this try from others. Raises: CrmFailed,
CalendarFailed, StoreFailed."""
Fail = Callable[[str, Exception, str], Awaitable[None]]
"""Notes for a person that it could not be written. Raises: StoreFailed."""


@dataclass(frozen=True, slots=True)
class Later:
    """A kind of job and the way to ask for it. `serve` must be called before jobs begin."""

    kind: str
    write: Write
    fail: Fail
    jobs: Jobs

    def serve(self) -> None:
        """Do such jobs on this server."""
        self.jobs.serve(self.kind, self.attempt)

    async def ask(self, key: str, after_s: float = 0.0) -> None:
        """Have what is a conversation's written in a while; `key` is its id, a slash, and what
        tells this from other times it was asked. Raises: StoreFailed."""
        await self.jobs.ask(self.kind, key, after_s=max(after_s, PAUSES_S[0]))

    async def now(self, key: str, after_s: float = 0.0) -> None:
        """The same at once or so soon, because a person asked. Raises: StoreFailed."""
        await self.jobs.ask(self.kind, key, after_s=after_s)

    async def attempt(self, key: str, tries: int) -> float | None:
        """Try; seconds until it is tried again, None when it is done or left to a person."""
        conversation_id, again = key.partition("/")[0], f"{key}-{tries}"
        try:
            await self.write(conversation_id, again)
        except (CrmFailed, CalendarFailed) as error:
            again_ever = error.retryable or isinstance(error, CalendarFailed)
            if again_ever and tries + 1 < len(PAUSES_S):
                return max(PAUSES_S[tries + 1], error.after_s)
            await self.fail(conversation_id, error, again)
        return None
