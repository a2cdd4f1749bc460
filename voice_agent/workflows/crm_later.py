"""`CrmLater`: records the CRM did not take in time, written again: for days, or when asked.

What a person has to look into is not tried by itself.
"""

from dataclasses import dataclass

from core.errors import CrmFailed
from voice_agent.workflows.jobs import Jobs
from voice_agent.workflows.wrapup import WrapUp

JOB = "crm"
PAUSES_S = (600.0, 3600.0, 4 * 3600.0, 12 * 3600.0, 24 * 3600.0)
"""Before each try after the first of the job."""


@dataclass(slots=True)
class CrmLater:
    """The job and the way to ask for it. `serve` must be called before jobs begin.

    `steps` are other ones once the company's rules change.
    """

    steps: WrapUp
    jobs: Jobs

    def serve(self) -> None:
        """Do such jobs on this server."""
        self.jobs.serve(JOB, self.write)

    async def ask(self, key: str, after_s: float = 0.0) -> None:
        """Have a conversation's records written in a while; `key` is its id, a slash, and what
        tells this from other times it was asked. Raises: StoreFailed."""
        await self.jobs.ask(JOB, key, after_s=max(after_s, PAUSES_S[0]))

    async def now(self, key: str) -> None:
        """The same at once, because a person asked. Raises: StoreFailed."""
        await self.jobs.ask(JOB, key)

    async def write(self, key: str, tries: int) -> float | None:
        """Try; seconds until it is tried again, None when it is done or left to a person."""
        conversation_id, again = key.partition("/")[0], f"{key}-{tries}"
        try:
            await self.steps.write_crm(conversation_id, again)
        except CrmFailed as error:
            if error.retryable and tries < len(PAUSES_S):
                return max(PAUSES_S[tries], error.after_s)
            await self.steps.fail_crm(conversation_id, error, again)
        return None
