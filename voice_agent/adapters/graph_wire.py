"""Microsoft Graph (v1.0): requests of an application with a secret and access to mailboxes.

Errors name what an administrator has to do. Only links at Graph itself are followed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from core.clock import Clock
from core.errors import CalendarFailed
from voice_agent.adapters.bearer import Bearer, Token
from voice_agent.adapters.json_wire import Answer, Wire

LOGIN, GRAPH = "https://login.microsoftonline.com", "https://graph.microsoft.com"
PERMISSION = "Calendars.ReadWrite"
_NO_ITEM = ("ErrorItemNotFound", "ErrorInvalidIdMalformed")
_SECRET = "make a new secret for MICROSOFT_CLIENT_SECRET; its value is wanted, not its id"
_TOKENS = {
    "AADSTS7000215": _SECRET,
    "AADSTS7000222": "the secret has expired; " + _SECRET,
    "AADSTS700016": "MICROSOFT_CLIENT_ID is no application of this tenant",
    "AADSTS90002": "MICROSOFT_TENANT_ID is no tenant",
    "AADSTS900023": "MICROSOFT_TENANT_ID is no tenant",
}


@dataclass(frozen=True, slots=True)
class Application:
    """Our application in the company's Microsoft 365."""

    tenant: str
    client_id: str
    secret: str = field(repr=False)


class Graph:
    """Requests to reps' mailboxes. All raise CalendarFailed."""

    def __init__(
        self, wire: Wire, app: Application, clock: Clock, graph: str = GRAPH, login: str = LOGIN
    ) -> None:
        self._wire = wire
        self._app = app
        self._graph = graph.rstrip("/")
        self._login = login.rstrip("/")
        self._bearer = Bearer(wire, self._token, clock)

    async def ask(
        self, address: str, method: str, path: str, params: Mapping[str, Any] | None = None, *,
        tag: str = "", prefer: str = "", body: Any = None,
    ) -> Answer:  # fmt: skip
        """One request to the mailbox with this address; `tag`: only if unchanged since.

        An item that is missing (404), already exists (409) or has changed (412) is no error.
        """
        url = f"{self._graph}/v1.0/users/{quote(address, safe='@')}{path}"
        asked = f"?{urlencode(params, quote_via=quote)}" if params else ""  # spaces as %20, not +
        return await self._asked(address, method, url + asked, tag, prefer, body)

    async def more(self, address: str, url: str, prefer: str = "") -> Answer:
        """The next page of an answer, at Graph itself and nowhere else."""
        mine, theirs = urlsplit(self._graph), urlsplit(url)
        if (mine.scheme, mine.netloc) != (theirs.scheme, theirs.netloc):
            raise CalendarFailed(f"{mine.netloc} goes on at {theirs.netloc}")
        return await self._asked(address, "GET", url, "", prefer)

    async def _asked(
        self, address: str, method: str, url: str, tag: str, prefer: str, body: Any = None
    ) -> Answer:
        headers = {name: v for name, v in (("If-Match", tag), ("Prefer", prefer)) if v}
        answer = await self._bearer.ask(method, url, headers=headers, body=body)
        if answer.ok and not isinstance(answer.body, dict):
            raise CalendarFailed("Microsoft answers what is no event")
        known = answer.status in (409, 412) or code(answer) in _NO_ITEM
        if answer.ok or known:
            return answer
        raise self._refused(answer, address)

    async def _token(self) -> Token:
        app = self._app
        url = f"{self._login}/{quote(app.tenant, safe='')}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials", "client_id": app.client_id,
            "client_secret": app.secret, "scope": f"{self._graph}/.default",
        }  # fmt: skip
        answer = await self._wire.ask("POST", url, form=form)
        body: Mapping[str, Any] = answer.body if isinstance(answer.body, dict) else {}
        if not answer.ok:
            said = str(body.get("error_description", "")).partition(" Trace ID")[0][:200]
            said = said.splitlines()[0] if said else str(body.get("error", answer.status))
            why = next((w for code, w in _TOKENS.items() if said.startswith(code + ":")), "")
            told = f"Microsoft gives no token: {said}{'; ' if why else ''}{why}"
            raise CalendarFailed(told, retryable=not why)
        try:
            return Token(str(body["access_token"]), float(body["expires_in"]))
        except (KeyError, TypeError, ValueError) as error:
            raise CalendarFailed("Microsoft answers a grant without a token") from error

    def _refused(self, answer: Answer, address: str) -> CalendarFailed:
        said = _error(answer)
        why = ""
        if answer.status == 403 and "AccessPolicy" in said.get("message", ""):
            why = "Exchange keeps the application out of it; add the mailbox to its policy or scope"
        elif answer.status == 403:
            why = (
                f"give the application the permission {PERMISSION} of Microsoft Graph (application,"
                " not delegated) and an administrator's consent, which can take an hour to hold"
            )
        elif answer.status == 404:
            why = "there is no such mailbox; correct `email` or `calendar` in company.yaml"
        elif answer.status == 401:
            why = "check MICROSOFT_TENANT_ID and MICROSOFT_CLIENT_ID"
        told = f"the calendar of {address} at Microsoft answered {answer.status}"
        told = f"{told} {said.get('code', '')}: {said.get('message', '')[:200]}".rstrip(": ")
        return CalendarFailed(f"{told}{'; ' if why else ''}{why}", retryable=not why)


def code(answer: Answer) -> str:
    """Graph's error code; empty when there is none."""
    return _error(answer).get("code", "")


def _error(answer: Answer) -> dict[str, str]:
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    return {k: str(v) for k, v in error.items()} if isinstance(error, dict) else {}
