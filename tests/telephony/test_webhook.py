import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime

import anyio.lowlevel
import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from twilio.request_validator import RequestValidator

from voice_agent.telephony import token, twiml
from voice_agent.telephony.signed import MAX_BODY_BYTES, Told
from voice_agent.telephony.webhook import Webhooks, WebhookSettings

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
FIELDS = {"CallSid": "CA1", "From": "+15550001111", "To": "+15552223333"}
PUBLIC = "https://agent.example"


class Door:
    """Admission and call endings, recorded."""

    def __init__(self, refusal: str | None = None) -> None:
        self.why = refusal
        self.ended: list[tuple[str, str]] = []

    def followed(self, call_sid: str) -> None:
        """Nothing is awaited."""

    def admit(self, call_sid: str) -> str | None:
        return self.why

    async def end(self, call_sid: str, status: str) -> None:
        self.ended.append((call_sid, status))


def busy(told: Told, why: str) -> Response:
    return twiml.response(twiml.said("All lines are busy."))


def client(door: Door, *, auth_token: str = "", public: str = "") -> httpx.AsyncClient:
    settings = WebhookSettings(public, auth_token, b"key")
    app = Starlette(
        routes=Webhooks(settings, door, lambda: NOW, ended=door.end, turned_away=busy).routes()
    )
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://10.0.0.1:8080")


def signed(path: str) -> dict[str, str]:
    made = RequestValidator("s3cret").compute_signature(PUBLIC + path, FIELDS)
    return {"X-Twilio-Signature": made}


async def test_a_call_is_connected_to_the_media_socket_with_a_token_of_its_own():
    async with client(Door(), auth_token="s3cret", public=PUBLIC) as http:
        answer = await http.post("/twilio/voice", data=FIELDS, headers=signed("/twilio/voice"))
    assert answer.headers["content-type"].startswith("application/xml")
    twiml = ElementTree.fromstring(answer.text)
    stream = twiml.find("./Connect/Stream")
    assert stream.get("url") == "wss://agent.example/twilio/media"
    given = {p.get("name"): p.get("value") for p in stream}
    assert token.valid(b"key", given["token"], "CA1", given["from"], given["to"], NOW.timestamp())
    assert sum(len(k) + len(v) for k, v in given.items()) < 500
    assert [child.tag for child in twiml] == ["Connect"], "nothing follows that would delay media"


async def test_without_a_public_url_the_callers_host_serves_local_tools():
    async with client(Door()) as http:
        answer = await http.post("/twilio/voice", data=FIELDS)
    assert 'url="ws://10.0.0.1:8080/twilio/media"' in answer.text


async def test_a_signed_request_is_let_in_and_a_forged_one_is_not(caplog):
    by_twilio = signed("/twilio/voice")
    async with client(Door(), auth_token="s3cret", public=PUBLIC) as http:
        good = await http.post("/twilio/voice", data=FIELDS, headers=by_twilio)
        forged = await http.post(
            "/twilio/voice", data=FIELDS | {"From": "+1999"}, headers=by_twilio
        )
        missing = await http.post("/twilio/status", data=FIELDS)
    assert (good.status_code, forged.status_code, missing.status_code) == (200, 403, 403)
    assert "bad signature" in caplog.text
    assert "s3cret" not in caplog.text and by_twilio["X-Twilio-Signature"] not in caplog.text


async def test_a_public_server_without_an_auth_token_believes_nobody(caplog):
    door = Door()
    async with client(door, public=PUBLIC) as http:
        answers = [await http.post(f"/twilio/{path}", data=FIELDS) for path in ("voice", "status")]
    assert [answer.status_code for answer in answers] == [403, 403] and not door.ended
    assert "TWILIO_AUTH_TOKEN" in answers[0].text and "TWILIO_AUTH_TOKEN" in caplog.text


async def test_a_full_server_says_so_and_hangs_up():
    async with client(Door("full")) as http:
        answer = await http.post("/twilio/voice", data=FIELDS)
    twiml = ElementTree.fromstring(answer.text)
    assert [child.tag for child in twiml] == ["Say", "Hangup"]


@pytest.mark.parametrize("status", ["completed", "failed", "no-answer", "busy", "canceled"])
async def test_a_status_that_ends_a_call_is_passed_on(status):
    door = Door()
    async with client(door) as http:
        await http.post("/twilio/status", data=FIELDS | {"CallStatus": "ringing"})
        answer = await http.post("/twilio/status", data=FIELDS | {"CallStatus": status})
    assert answer.status_code == 204
    assert door.ended == [("CA1", status)]


async def test_a_giant_body_and_a_body_without_a_call_are_refused():
    async with client(Door()) as http:
        giant = await http.post("/twilio/voice", content=b"a=" + b"x" * MAX_BODY_BYTES)
        empty = await http.post("/twilio/voice", content=b"\xff\xfe=%zz")
    assert (giant.status_code, empty.status_code) == (413, 400)
    await anyio.lowlevel.checkpoint()  # lets the client's unread body stream be closed


async def test_after_the_stream_the_call_is_hung_up():
    async with client(Door()) as http:
        answer = await http.post("/twilio/after", data=FIELDS)
    assert "<Hangup" in answer.text
