"""`HttpNurture`: updates a marketing system over HTTP, with one request for every change.

`PUT {base}/{conversation_id}` with a bearer token and
`{"id", "status": "enrolled|due|left", "why", "name", "company", "email", "phone", "owner",
"reason", "resources": [...], "re_engage_on", "changed_at"}`; any 2xx means it is stored. A retry
sends the same.
"""

from dataclasses import dataclass
from urllib.parse import quote

import httpx

from core.clock import Clock, utc_now
from core.projections.document import instant
from core.store.nurture_tables import NurtureRow
from voice_agent.nurture.ports import NurtureFailed
from voice_agent.patience import asked_s

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class HttpNurture:
    """Implements `voice_agent.nurture.ports.Nurture`."""

    client: httpx.AsyncClient
    base: str
    token: str
    clock: Clock = utc_now

    async def put(self, row: NurtureRow) -> None:
        """Send the present state of a nurture enrolment. Raises: NurtureFailed."""
        body = {
            "id": row.conversation_id,
            **{name: getattr(row, name) for name in (
                "status", "why", "name", "company", "email", "phone", "owner", "reason",
                "resources",
            )},
            "re_engage_on": instant(row.re_engage_on),
            "changed_at": instant(row.changed_at),
        }  # fmt: skip
        url = f"{self.base.rstrip('/')}/{quote(row.conversation_id, safe='')}"
        try:
            answer = await self.client.put(
                url, json=body, timeout=TIMEOUT_S,
                headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
            )  # fmt: skip
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NurtureFailed(f"{self.base} cannot be reached: {type(error).__name__}") from error
        status = answer.status_code
        if status in (401, 403):
            raise NurtureFailed(f"{self.base} answered {status}; correct VOICE_AGENT_NURTURE_TOKEN")
        if not answer.is_success:
            final = 400 <= status < 500 and status not in (408, 409, 425, 429)
            asked = asked_s(answer.headers, self.clock())
            raise NurtureFailed(f"{self.base} answered {status}", final=final, after_s=asked)
