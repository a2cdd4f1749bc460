"""The tests' Twilio does what Twilio does with its TwiML."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

import anyio
import httpx
import numpy as np
import pytest
from twilio.request_validator import RequestValidator

from tests.emulator.test_stream import silent_for
from tests.fakes import twilio_spec
from tests.fakes.twilio_account import Person, TwilioAccount
from voice_agent.telephony.ports import Outbound
from voice_agent.telephony.rest import TwilioCalls

pytestmark = pytest.mark.real_clock
REP, CALLER, TOKEN = "+14155550111", "+14155550142", "account-token"
SERVER = "https://agent.test"
ACCEPT = (
    '<Response><Gather numDigits="1" action="/answered" timeout="4"><Say>Press 1.</Say></Gather>'
    "<Redirect>/nothing</Redirect></Response>"
)


class Site:
    """A server that answers each path with a document, and keeps what it was told."""

    def __init__(self, documents: dict[str, str]) -> None:
        self.documents = documents
        self.told: list[tuple[str, dict[str, str]]] = []
        self.unsigned = 0
        self._validator = RequestValidator(TOKEN)

    def http(self) -> httpx.AsyncClient:
        def answer(request: httpx.Request) -> httpx.Response:
            form = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
            signature = request.headers.get("x-twilio-signature", "")
            self.unsigned += not self._validator.validate(str(request.url), form, signature)
            self.told.append((request.url.path, form))
            document = self.documents.get(request.url.path, "<Response/>")
            return httpx.Response(200, text=document, headers={"content-type": "text/xml"})

        return httpx.AsyncClient(transport=httpx.MockTransport(answer))

    def forms(self, path: str) -> list[dict[str, str]]:
        return [form for at, form in self.told if at == path]


@asynccontextmanager
async def company(
    documents: dict[str, str], rep: Person | None = None
) -> AsyncIterator[tuple[TwilioAccount, Site, TwilioCalls]]:
    site = Site(documents)
    known = {REP: rep} if rep else {}
    async with (
        site.http() as http,
        TwilioAccount(SERVER, TOKEN, known, speed=40.0, http=http) as twilio,
    ):
        with anyio.fail_after(20):
            yield twilio, site, TwilioCalls(twilio.rest.account_sid, TOKEN, twilio.rest.url)
    assert not site.unsigned, "everything Twilio sends is signed"


async def until(true: Callable[[], object]) -> None:
    while not true():
        await anyio.sleep(0.01)


def wanted(**more: object) -> Outbound:
    return Outbound(REP, "+18005550100", f"{SERVER}/hello", f"{SERVER}/status", **more)  # type: ignore[arg-type]


async def test_a_placed_call_tells_every_state_and_what_was_pressed():
    async with company({"/hello": ACCEPT}, rep=Person(keys=("1",))) as (twilio, site, calls):
        call_sid = await calls.place_call(wanted())
        await until(lambda: len(site.forms("/status")) == 4)
    states = [form["CallStatus"] for form in site.forms("/status")]
    assert states == ["queued", "ringing", "in-progress", "completed"]
    assert site.forms("/hello")[0]["Direction"] == "outbound-api"
    assert site.forms("/answered")[0]["Digits"] == "1"
    assert {form["CallSid"] for _, form in site.told} == {call_sid}
    assert twilio.rest.validated == 1 and not twilio.rest.refused
    assert "Say: Press 1." in twilio.legs[0].heard


@pytest.mark.parametrize(
    ("person", "state"),
    [(Person(rings_s=60.0), "no-answer"), (Person(how="busy"), "busy"),
     (Person(how="failed"), "failed")],
)  # fmt: skip
async def test_a_call_nobody_takes_says_why_and_fetches_nothing(person: Person, state: str):
    async with company({}, rep=person) as (_, site, calls):
        await calls.place_call(wanted(ring_s=20))
        await until(lambda: len(site.forms("/status")) == 3)
    assert site.forms("/status")[-1]["CallStatus"] == state and not site.forms("/hello")


async def test_a_ringing_call_is_taken_back_and_a_machine_is_found_out():
    async with company({}, rep=Person(rings_s=400.0)) as (twilio, site, calls):
        call_sid = await calls.place_call(wanted(ring_s=600))
        await until(lambda: len(site.forms("/status")) == 2)
        await calls.hang_up(call_sid)
        await until(lambda: len(site.forms("/status")) == 3)
        assert site.forms("/status")[-1]["CallStatus"] == "canceled"
    machine = Person(answered_by="machine_end_beep", found_after_s=2.0)
    hello = {"/hello": "<Response><Pause length='60'/></Response>"}
    async with company(hello, rep=machine) as (_, site, calls):
        await calls.place_call(wanted(detection_callback=f"{SERVER}/amd"))
        await until(lambda: site.forms("/amd"))
    assert site.forms("/amd")[0]["AnsweredBy"] == "machine_end_beep"


@pytest.mark.parametrize(
    ("person", "status"),
    [(Person(talks_s=2.0), "completed"), (Person(how="busy"), "busy"),
     (Person(rings_s=30.0), "no-answer")],
)  # fmt: skip
async def test_a_dial_tells_its_action_what_became_of_it(person: Person, status: str):
    dial = f'<Response><Dial action="/done" timeout="15"><Number>{REP}</Number></Dial></Response>'
    async with company({"/twilio/voice": dial}, rep=person) as (twilio, site, _):
        await twilio.call_in(silent_for(60))
    assert site.forms("/done")[0]["DialCallStatus"] == status
    assert site.forms("/twilio/status")[0]["CallStatus"] == "completed"


async def test_a_conference_holds_one_until_the_other_starts_it_and_ends_with_either():
    room = (
        '<Response><Dial action="/done"><Conference startConferenceOnEnter="false" '
        'endConferenceOnExit="true" waitUrl="/hold">r1</Conference></Dial></Response>'
    )
    hold = "<Response><Say>Please hold.</Say><Pause length='5'/></Response>"
    joins = (
        '<Response><Dial><Conference endConferenceOnExit="true">r1</Conference></Dial></Response>'
    )
    documents = {"/twilio/voice": room, "/hold": hold, "/hello": ACCEPT, "/answered": joins}
    rep = Person(keys=("1",), talks_s=3.0)
    async with company(documents, rep=rep) as (twilio, site, calls):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(twilio.call_in, silent_for(60))
            await until(lambda: site.forms("/hold"))
            await calls.place_call(wanted())
        history = [event for event, _ in twilio.conferences["r1"].history]
        caller, gone = site.forms("/done")[0], site.forms("/twilio/status")[0]
    assert history[:3] == ["join", "join", "start"] and history.count("end") == 1
    assert caller["DialCallStatus"] == "answered" and gone["CallStatus"] == "completed"


async def test_a_caller_tired_of_holding_hangs_up_and_gets_no_more_twiml():
    room = "<Response><Dial action='/done'><Conference>r1</Conference></Dial></Response>"
    async with company({"/twilio/voice": room}) as (twilio, site, _):
        await twilio.call_in(silent_for(60), holds_s=0.1)
    assert not site.forms("/done") and site.forms("/twilio/status")


async def test_a_rest_update_moves_a_holding_call_to_other_twiml():
    room = "<Response><Dial action='/done'><Conference>r1</Conference></Dial></Response>"
    async with company({"/twilio/voice": room}) as (twilio, site, calls):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(twilio.call_in, silent_for(60))
            await until(lambda: twilio.conferences)
            call_sid = next(iter(twilio.calls))
            again = f"<Response><Redirect>{SERVER}/again</Redirect></Response>"
            assert await calls.redirect(call_sid, again)
        assert not await calls.redirect(call_sid, again), "the call is over"
    assert site.forms("/again") and not site.forms("/done")


async def test_a_message_is_recorded_kept_and_fetched_with_the_account_alone():
    record = '<Response><Record action="/done" recordingStatusCallback="/recording"/></Response>'
    message = np.arange(8000, dtype=np.int16)
    async with company({"/twilio/voice": record}) as (twilio, site, _):
        await twilio.call_in(silent_for(60), message=message)
        done, told = site.forms("/done")[0], site.forms("/recording")[0]
        url = done["RecordingUrl"].replace("https://api.twilio.com", twilio.rest.url) + ".wav"
        async with httpx.AsyncClient(auth=(twilio.rest.account_sid, TOKEN)) as client:
            got = await client.get(url)
            refused = await client.get(url, auth=("AC", "wrong"))
    assert told["RecordingStatus"] == "completed" and done["RecordingDuration"] == "1"
    assert got.content[:4] == b"RIFF" and got.content[44:] == message.tobytes()
    assert refused.status_code == 401


@pytest.mark.skipif(twilio_spec.description() is None, reason="VOICE_AGENT_TEST_SPECS is not set")
def test_the_description_refuses_unknown_parameters_and_wrong_types():
    form = twilio_spec.form
    good = form("post", twilio_spec.CALLS, "To=%2B1&From=%2B2&Url=http://a/&Timeout=20")
    assert good["Timeout"] == 20
    for body in ("To=%2B1&From=%2B2&Colour=red", "To=%2B1", "To=%2B1&From=%2B2&Timeout=soon"):
        with pytest.raises(ValueError):
            form("post", twilio_spec.CALLS, body)
    with pytest.raises(ValueError, match="finished"):
        form("post", twilio_spec.CALL, "Status=finished")
