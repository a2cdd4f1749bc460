"""The call around the stream: signed webhooks, what follows the stream, callbacks, REST updates."""

import anyio
import pytest
from twilio.request_validator import RequestValidator

from tests.emulator.server import STREAM, Server
from tests.emulator.test_stream import placed, silent_for
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

TOKEN = "0123456789abcdef"


async def closes_soon(server: Server) -> None:
    await anyio.sleep(0.5)
    server.hang_up()


def with_action(after: str) -> dict[str, str]:
    voice = STREAM.replace("<Connect>", "<Connect action='/twilio/after'>")
    return {"/twilio/voice": voice, "/twilio/after": after}


def paths(server: Server) -> list[str]:
    return [url.removeprefix("https://agent.test") for url, _, _ in server.requests]


async def test_every_request_carries_a_signature_that_twilios_own_validator_accepts() -> None:
    server = Server(closes_soon, with_action("<Response><Hangup/></Response>"))
    await placed(server, silent_for(5), auth_token=TOKEN)
    validator = RequestValidator(TOKEN)
    assert paths(server) == ["/twilio/voice", "/twilio/after", "/twilio/status"]
    for url, form, signature in server.requests:
        assert validator.validate(url, form, signature)
        assert not validator.validate(url, form | {"From": "+1"}, signature)
    url, headers = server.dialled[0]
    assert validator.validate(url, {}, headers["X-Twilio-Signature"])


async def test_voice_request_has_the_fields_of_a_ringing_call() -> None:
    server = Server()
    report, _ = await placed(server, silent_for(0.2), caller="+442079460123")
    form = server.requests[0][1]
    assert form["CallStatus"] == "ringing" and form["Direction"] == "inbound"
    assert form["ApiVersion"] == "2010-04-01" and form["From"] == form["Caller"] == "+442079460123"
    assert form["FromCountry"] == "GB" and form["ToCountry"] == "US"
    assert form["CallSid"] == report.call_sid and len(form["CallSid"]) == 34
    assert form["AccountSid"].startswith("AC")


async def test_call_goes_on_with_the_action_when_the_server_closes_the_socket() -> None:
    server = Server(closes_soon, with_action("<Response><Say>Bye</Say><Hangup/></Response>"))
    report, _ = await placed(server, silent_for(60))
    assert report.verbs == ["ConnectStream", "Say", "Hangup"] and "Say: Bye" in report.notes
    assert server.requests[1][1]["CallStatus"] == "in-progress"
    status = server.requests[-1][1]
    assert status["CallStatus"] == "completed" and status["CallDuration"] in ("0", "1")


async def test_without_an_action_the_verbs_after_connect_run() -> None:
    voice = STREAM.replace("</Connect>", "</Connect><Redirect>next</Redirect>")
    documents = {"/twilio/voice": voice, "/twilio/next": "<Response><Hangup/></Response>"}
    server = Server(closes_soon, documents)
    report, _ = await placed(server, silent_for(60))
    assert paths(server) == ["/twilio/voice", "/twilio/next", "/twilio/status"]
    assert report.verbs == ["ConnectStream", "Redirect", "Hangup"]


async def test_caller_who_hangs_up_gets_no_more_twiml() -> None:
    server = Server(None, with_action("<Response><Hangup/></Response>"))
    report, _ = await placed(server, silent_for(1))
    assert paths(server) == ["/twilio/voice", "/twilio/status"]
    assert report.ended_by == "caller"


async def test_transfer_posts_what_became_of_the_dial() -> None:
    dial = "<Response><Dial action='/dialled'><Number>+14155550100</Number></Dial></Response>"
    documents = with_action(dial) | {"/dialled": "<Response/>"}
    server = Server(closes_soon, documents)
    report, _ = await placed(server, silent_for(60), dial_status="no-answer")
    form = server.requests[2][1]
    assert form["DialCallStatus"] == "no-answer" and "DialCallDuration" not in form
    assert report.notes[0] == "Dial: +14155550100"


async def test_rest_redirect_stops_the_stream_and_runs_the_new_twiml() -> None:
    server = Server()
    async with server.http() as http:
        plan = CallPlan("https://agent.test", silent_for(60))
        call = EmulatedCall(plan, http, dial=server.dial)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call.run)
            await server.until("media", 20)
            call.update(twiml="<Response><Dial>+14155550100</Dial></Response>")
    assert server.got[-1][1]["event"] == "stop"
    assert call.report.verbs == ["ConnectStream", "Dial"] and call.report.ended_by == "update"


async def test_rest_completion_ends_the_call() -> None:
    server = Server(None, with_action("<Response><Redirect>/twilio/voice</Redirect></Response>"))
    async with server.http() as http:
        plan = CallPlan("https://agent.test", silent_for(60))
        call = EmulatedCall(plan, http, dial=server.dial)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call.run)
            await server.until("media", 20)
            call.update(status="completed")
    assert paths(server) == ["/twilio/voice", "/twilio/status"]
    assert call.report.status == "completed"


async def test_refused_socket_is_reported_and_the_next_verb_runs() -> None:
    voice = STREAM.replace("<Stream ", "<Stream statusCallback='/stream' ").replace(
        "</Connect>", "</Connect><Say>Sorry</Say>"
    )
    server = Server(None, {"/twilio/voice": voice, "/stream": ""}, refuse_socket=True)
    report, _ = await placed(server, silent_for(60))
    assert server.requests[1][1]["StreamEvent"] == "stream-error"
    assert report.notes == ["31920: 503", "Say: Sorry"]


async def test_stream_status_is_posted() -> None:
    voice = STREAM.replace("<Stream ", "<Stream name='n' statusCallback='/stream' ")
    server = Server(closes_soon, {"/twilio/voice": voice, "/stream": ""})
    report, _ = await placed(server, silent_for(60))
    events = [(form["StreamEvent"], form["StreamName"]) for _, form, _ in server.requests[1:3]]
    assert events == [("stream-started", "n"), ("stream-stopped", "n")]
    assert server.requests[1][1]["StreamSid"] == report.stream_sid


@pytest.mark.parametrize(
    ("document", "note"),
    [("<Response><Dance/></Response>", "12200"), ("hello", "12100"), (None, "11200")],
)
async def test_bad_answers_end_the_call_with_twilios_error(document: str, note: str) -> None:
    server = Server(None, {"/twilio/voice": document})
    report, _ = await placed(server, silent_for(1))
    assert note in report.notes[0] and report.status == "failed"
    assert server.requests[-1][1]["CallStatus"] == "failed"


async def test_busy_twiml_is_a_busy_call() -> None:
    document = "<Response><Reject reason='busy'/></Response>"
    report, _ = await placed(Server(None, {"/twilio/voice": document}), silent_for(1))
    assert report.status == "busy"


async def test_redirect_loop_ends() -> None:
    document = "<Response><Redirect>/twilio/voice</Redirect></Response>"
    report, _ = await placed(Server(None, {"/twilio/voice": document}), silent_for(1))
    assert "loop" in report.notes[-1]


async def test_public_url_is_signed_while_a_local_server_is_dialled() -> None:
    """A server behind a proxy: its TwiML names the public host, we talk to the local one."""
    server = Server(closes_soon)
    async with server.http() as http:
        plan = CallPlan(
            "http://127.0.0.1:8080", silent_for(9), auth_token=TOKEN, signed_as="https://agent.test"
        )
        await EmulatedCall(plan, http, dial=server.dial).run()
    assert server.requests[0][0] == "http://127.0.0.1:8080/twilio/voice"
    assert RequestValidator(TOKEN).validate(
        "https://agent.test/twilio/voice", server.requests[0][1], server.requests[0][2]
    )
    assert server.dialled[0][0] == "ws://127.0.0.1:8080/twilio/media"
