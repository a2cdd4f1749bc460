"""`SlackWay`: notices as cards in a Slack channel, updated when somebody acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from core.clock import Clock, utc_now
from core.store.claims import Claims
from core.store.notice_tables import NoticeRow
from knowledge.profile import Company
from voice_agent.adapters.slack_card import Shown, called, card, encoded, fallback, promised
from voice_agent.notices.ports import NotDelivered
from voice_agent.patience import asked_s

API = "https://slack.com/api"
SCOPE = "chat:write"
TIMEOUT_S = 10.0
GONE = "message_not_found"
ENDS = ("kept", "broken", "cancelled")
_REMEDIES = {
    "not_in_channel": "invite the app into the channel",
    "channel_not_found": "correct `systems.notices.slack_channel`, and invite the app there",
    "is_archived": "name another channel as `systems.notices.slack_channel`",
    "invalid_auth": "correct SLACK_BOT_TOKEN",
    "not_authed": "set SLACK_BOT_TOKEN",
    "account_inactive": "install the app again and set its SLACK_BOT_TOKEN",
    "token_revoked": "install the app again and set its SLACK_BOT_TOKEN",
    "token_expired": "install the app again and set its SLACK_BOT_TOKEN",
    "missing_scope": f"give the app the scope {SCOPE} and install it again",
    "no_permission": f"give the app the scope {SCOPE} and install it again",
}
_AGAIN = ("rate_limited", "ratelimited", "request_timeout", "fatal_error", "internal_error",
          "service_unavailable", "team_added_to_org")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack's Web API with the app's token."""

    client: httpx.AsyncClient
    token: str
    api: str = API
    clock: Clock = utc_now

    async def call(self, method: str, **fields: str) -> tuple[dict[str, Any], Mapping[str, str]]:
        """A successful answer, and its headers. Raises: NotDelivered."""
        try:
            answer = await self.client.post(
                f"{self.api}/{method}", data=fields, timeout=TIMEOUT_S,
                headers={"Authorization": f"Bearer {self.token}"},
            )  # fmt: skip
        except httpx.HTTPError as error:
            raise NotDelivered(f"Slack cannot be reached: {type(error).__name__}") from error
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            wait_s = asked_s(answer.headers, self.clock())
            raise NotDelivered("Slack asks to wait", after_s=wait_s)
        if not answer.is_success:
            wait_s = asked_s(answer.headers, self.clock())
            raise NotDelivered(f"Slack answered {answer.status_code}", after_s=wait_s)
        try:
            told = answer.json()
        except ValueError as error:
            raise NotDelivered("Slack answered no JSON") from error
        if not isinstance(told, dict) or told.get("ok") is not True:
            raise _refused(method, told)
        return told, answer.headers


class SlackWay:
    """Implements `voice_agent.notices.ports.Way`."""

    name = "slack"

    def __init__(self, slack: Slack, company: Callable[[], Company], claims: Claims) -> None:
        self._slack = slack
        self._company = company
        self._claims = claims

    def reaches(self, person: str) -> bool:
        """Everybody, in the channel."""
        return bool(self._company().systems.notices.slack_channel)

    async def deliver(self, notice: NoticeRow, ref: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post the card, or update the existing one. Raises: NotDelivered, StoreFailed."""
        shown = await self._shown(notice)
        blocks = card(notice, shown, called(self._company()))
        fields = {"text": fallback(notice), "blocks": encoded(blocks)}
        if ref:
            there = {"channel": str(ref["channel"]), "ts": str(ref["ts"])}
            await self._slack.call("chat.update", **there, **fields)
            return ref
        channel = self._company().systems.notices.slack_channel
        told, _ = await self._slack.call(
            "chat.postMessage", channel=channel, unfurl_links="false", **fields
        )
        return {"channel": told["channel"], "ts": told["ts"]}

    async def take_back(self, ref: Mapping[str, Any]) -> None:
        """Delete a card; a missing one is no error. Raises: NotDelivered."""
        try:
            await self._slack.call("chat.delete", channel=str(ref["channel"]), ts=str(ref["ts"]))
        except NotDelivered as error:
            if error.said != GONE:
                raise

    async def _shown(self, notice: NoticeRow) -> Shown:
        if promised(notice):
            row = await self._claims.store.callbacks.get(notice.about) or {}
            status = str(row.get("status", ""))
            return Shown(str(row.get("claimed_by", "")), None, status if status in ENDS else "")
        if not notice.conversation_id:
            return Shown()
        return Shown(*await self._claims.standing(notice.conversation_id))


def _refused(method: str, told: Any) -> NotDelivered:
    error = str(told.get("error", "")) if isinstance(told, dict) else ""
    remedy = _REMEDIES.get(error)
    why = f"Slack refused {method}: {error or 'no reason'}{f'; {remedy}' if remedy else ''}"
    return NotDelivered(why, final=error not in _AGAIN, said=error)
