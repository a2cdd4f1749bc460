"""`Systems`: the company's other systems, built from settings and company folder, for `app`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.routing import BaseRoute

from core.clock import Clock
from core.store.claims import Claims
from core.store.notices import Notices
from core.store.unit_of_work import Store
from knowledge.profile import Company
from voice_agent.channels.email.mailroom import Post
from voice_agent.channels.email.noticing import MailWay
from voice_agent.channels.email.smtp import Smtp
from voice_agent.config import Settings
from voice_agent.notices import routes as inbox
from voice_agent.notices.ports import DurableJobs, Way
from voice_agent.notices.telling import Telling


@dataclass(frozen=True, slots=True)
class Systems:
    """What is there of them."""

    notices: Notices
    claims: Claims
    telling: Telling
    """Tells people; implements `core.ports.Notify`."""
    post: Post | None
    clock: Clock

    async def finished(self, document: dict[str, Any]) -> None:
        """Tell whom it concerns of a conversation by its document. Raises: StoreFailed."""
        if self.post is not None:
            await self.post.unasked.tell(document)
        await self.telling.lead(document)

    async def begin(self, jobs: DurableJobs) -> None:
        """Serve their durable work; before the jobs begin. Raises: StoreFailed."""
        await self.telling.begin(jobs)

    def routes(self, token: str) -> Sequence[BaseRoute]:
        """Their doors; to be placed before the API's own."""
        return inbox.routes(self.notices, self.claims, self.telling, token, self.clock)


def built_systems(
    settings: Settings, company: Company, store: Store, post: Post | None, clock: Clock
) -> Systems:
    """The systems that are set up. Raises: ConfigError."""
    notices, claims = Notices(store), Claims(store)
    telling = Telling(notices, _ways(company, post), company, clock, settings.public_url)
    return Systems(notices, claims, telling, post, clock)


def _ways(company: Company, post: Post | None) -> list[Way]:
    ways: list[Way] = []
    if post is not None and post.settings.smtp is not None:
        ways.append(MailWay(Smtp(post.settings.smtp), post.outbox.sender, company))
    return ways
