"""Responses to Twilio during a transfer, even from a server without its database."""

import httpx
import pytest
from starlette.applications import Starlette

from core.errors import StoreFailed
from voice_agent.telephony.signed import SignedForms
from voice_agent.telephony.transfer_routes import TransferRoutes


class Away:
    """Transfers whose database cannot be reached."""

    async def _gone(self, *given, **more):
        raise StoreFailed("gone")

    brief = took = missed = hold = _gone


async def post(what: str, **fields: str) -> httpx.Response:
    signed = SignedForms("", "")
    app = Starlette(routes=TransferRoutes(signed, Away(), "https://agent.test").routes())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://agent.test") as http:
        return await http.post(f"/twilio/transfer/t1/{what}", data=fields)


@pytest.mark.parametrize(
    ("what", "fields", "has", "lacks"),
    [
        ("hold", {}, "<Pause", "<Hangup"),
        ("done", {"DialCallStatus": "no-answer"}, "<Redirect", "<Hangup"),
        ("done", {"DialCallStatus": "completed"}, "<Hangup", "<Redirect"),
        ("brief", {}, "<Hangup", "<Gather"),
        ("answer", {"Digits": "1"}, "<Hangup", "<Conference"),
    ],
)
async def test_without_the_database_the_caller_is_kept_and_nobody_is_joined(
    what, fields, has, lacks
):
    answer = await post(what, **fields)
    assert has in answer.text and lacks not in answer.text


async def test_a_state_that_cannot_be_kept_is_refused_so_that_it_is_told_again():
    assert (await post("rep", CallStatus="busy")).status_code == 503
