"""In-memory durable jobs: enqueued twice they run once; `run` works through those due."""

from datetime import datetime, timedelta

from voice_agent.workflows.ports import WORK, Job


class MemoryJobs:
    """`serve` and `ask` like `voice_agent.workflows.jobs.Jobs`, with its own clock."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.kinds: dict[str, Job] = {}
        self.due: list[tuple[datetime, str, str, int]] = []
        self.asked: set[tuple[str, str, int]] = set()

    def clock(self) -> datetime:
        return self.now

    def serve(self, kind: str, job: Job, queue: str = WORK) -> None:
        self.kinds[kind] = job

    async def begin(self) -> None:
        """All kinds are registered."""

    async def ask(self, kind: str, key: str, *, after_s: float = 0.0, tries: int = 0) -> None:
        if (kind, key, tries) not in self.asked:
            self.asked.add((kind, key, tries))
            self.due.append((self.now + timedelta(seconds=after_s), kind, key, tries))

    async def run(self, for_s: float = 0.0) -> int:
        """Run what falls due within a time, advancing the clock; returns the number of tries."""
        until, done = self.now + timedelta(seconds=for_s), 0
        while ready := [job for job in self.due if job[0] <= until]:
            first = min(ready)
            self.due.remove(first)
            at, kind, key, tries = first
            self.now = max(self.now, at)
            again = await self.kinds[kind](key, tries)
            done += 1
            if again is not None:
                await self.ask(kind, key, after_s=again, tries=tries + 1)
        self.now = until
        return done
