"""Salesforce's REST API as we use it: a self-renewing session, errors with their remedies."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import anyio

from core.crm.records import NotWritten
from core.errors import CrmFailed
from voice_agent.adapters.json_wire import Answer, Wire

VERSION = "/services/data/v61.0"
CREATE = "run `voice-agent crm check --create`, or name another field in `crm.salesforce`"
APP = (
    "check SALESFORCE_CLIENT_ID and SALESFORCE_CLIENT_SECRET, and that the connected app has the"
    " client credentials flow with a user to run as"
)
LIMIT_S = 1800.0
"""Retry delay once the daily request limit is used up: the allowance returns by the hour."""
NO_KEY = "external ID field does not exist"
DUPLICATES = {"Sforce-Duplicate-Rule-Header": "allowSave=true"}


class SalesforceWire:
    """Requests to one org by the client credentials flow. `login`: the token endpoint's host."""

    def __init__(self, wire: Wire, instance: str, login: str, client_id: str, secret: str) -> None:
        self._wire = wire
        self._instance = instance
        self._login = login
        self._client_id = client_id
        self._secret = secret
        self._token = ""
        self._one = anyio.Lock()

    async def ask(
        self, method: str, path: str, body: Any = None, params: Mapping[str, Any] | None = None
    ) -> Answer:
        """One request below the version's path. Raises: CrmFailed unless one record is at fault."""
        answer = Answer(401, None)
        for _ in range(2):
            token = await self._session()
            headers = {"Authorization": f"Bearer {token}", **DUPLICATES}
            answer = await self._wire.ask(
                method, self._instance + VERSION + path, body=body, params=params, headers=headers
            )
            if answer.status != 401:
                break
            self._token = ""  # it has expired or was revoked
        if answer.status == 401:
            raise CrmFailed(
                f"Salesforce: {message(answer.body)}", remedy=f"{APP}, then retry.", retryable=False
            )
        if code(answer.body) == "REQUEST_LIMIT_EXCEEDED":
            raise CrmFailed(
                "Salesforce: the org has used up its requests",
                remedy="Buy requests or lower what others use.", after_s=LIMIT_S,
            )  # fmt: skip
        return answer

    async def query(self, soql: str) -> list[dict[str, Any]]:
        """The rows of a query with few results. Raises: CrmFailed."""
        answer = await self.ask("GET", "/query", None, {"q": soql})
        if not answer.ok:
            raise unreadable(answer)
        found: list[dict[str, Any]] = answer.body["records"]
        return found

    async def _session(self) -> str:
        """A token believed valid. Raises: CrmFailed."""
        async with self._one:
            if self._token:
                return self._token
            form = {
                "grant_type": "client_credentials",
                "client_id": self._client_id,
                "client_secret": self._secret,
            }
            url = f"{self._login}/services/oauth2/token"
            answer = await self._wire.ask("POST", url, form=form)
            if not answer.ok:
                told = answer.body if isinstance(answer.body, dict) else {}
                said = told.get("error_description") or told.get("error") or answer.status
                raise CrmFailed(
                    f"Salesforce gives no token: {said}", remedy=f"{APP}, then retry.",
                    retryable=False,
                )  # fmt: skip
            self._token = str(answer.body["access_token"])
            return self._token


def code(body: Any) -> str:
    """The first error's code; empty when there is none."""
    if isinstance(body, list) and body and isinstance(body[0], dict):
        return str(body[0].get("errorCode", ""))
    return ""


def message(body: Any) -> str:
    """Salesforce's error message."""
    if isinstance(body, list) and body and isinstance(body[0], dict):
        return str(body[0].get("message", ""))[:500]
    return "no reason given"


def fields(body: Any) -> Sequence[str]:
    """The fields that the first error names."""
    return tuple(body[0].get("fields", ())) if code(body) else ()


def refused(answer: Answer) -> NotWritten:
    """The refusal of one record, with its remedy."""
    name, text = code(answer.body), message(answer.body)
    if NO_KEY in text:
        name = "INVALID_FIELD"
    about = ", ".join(fields(answer.body))
    if answer.status == 300:
        return NotWritten(
            "several-match", "several records carry our key",
            "Merge them, and make the key field unique.",
        )  # fmt: skip
    if name in ("UNABLE_TO_LOCK_ROW", "DUPLICATE_VALUE", "SERVER_UNAVAILABLE"):
        return NotWritten(name.lower(), text, "", retryable=True, after_s=1.0)
    remedy = {
        "INVALID_FIELD": f"A field is missing, or not visible to the user we run as: {CREATE}.",
        "INVALID_FIELD_FOR_INSERT_UPDATE": f"The user we run as may not write {about}: allow it.",
        "REQUIRED_FIELD_MISSING": f"The org wants {about}: give the field a default there.",
        "STRING_TOO_LONG": f"Make {about} longer, or map it to a long text.",
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": f"Add the value to the picklist of {about}.",
        "FIELD_CUSTOM_VALIDATION_EXCEPTION": "Exempt this integration from the validation rule.",
        "DUPLICATES_DETECTED": "Merge the record with the one it looks like, then retry.",
        "INSUFFICIENT_ACCESS_OR_READONLY": "Give the user we run as access to the record.",
    }.get(name, "See what Salesforce says, put it right there, then retry.")
    return NotWritten(name.lower() or f"status-{answer.status}", text, remedy)


def unreadable(answer: Answer) -> CrmFailed:
    """The error for a refused read."""
    refusal = refused(answer)
    return CrmFailed(
        f"Salesforce: {refusal.message}", remedy=refusal.remedy, retryable=refusal.retryable
    )


def quoted(value: str) -> str:
    """A text as a SOQL string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def part(value: str) -> str:
    """A text escaped for a URL path."""
    return quote(value, safe="")
