"""Our messages as Twilio have Twilio's exact format; the server's are parsed strictly."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_agent.emulator.messages import Clear, Ids, PlayMedia, SetMark, Violation, Writer, read

IDS = Ids("AC1", "CA1", "MZ1")


def test_messages_have_the_shapes_of_twilios_reference() -> None:
    writer = Writer(IDS)
    assert json.loads(writer.connected()) == {
        "event": "connected",
        "protocol": "Call",
        "version": "1.0.0",
    }
    assert json.loads(writer.start({"token": "x"})) == {
        "event": "start",
        "sequenceNumber": "1",
        "start": {
            "streamSid": "MZ1",
            "accountSid": "AC1",
            "callSid": "CA1",
            "tracks": ["inbound"],
            "customParameters": {"token": "x"},
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        },
        "streamSid": "MZ1",
    }
    assert json.loads(writer.media(b"\xff\x00", 40)) == {
        "event": "media",
        "sequenceNumber": "2",
        "media": {"track": "inbound", "chunk": "1", "timestamp": "40", "payload": "/wA="},
        "streamSid": "MZ1",
    }
    assert json.loads(writer.dtmf("#"))["dtmf"] == {"track": "inbound_track", "digit": "#"}
    assert json.loads(writer.mark("m"))["mark"] == {"name": "m"}
    stop = json.loads(writer.stop())
    assert stop["stop"] == {"accountSid": "AC1", "callSid": "CA1"}
    assert stop["sequenceNumber"] == "5"


def test_what_a_server_may_say_is_understood() -> None:
    def said(**body: object) -> str:
        return json.dumps({"streamSid": "MZ1", **body})

    assert read(said(event="media", media={"payload": "/wA="}), "MZ1") == PlayMedia(b"\xff\x00")
    assert read(said(event="mark", mark={"name": "a"}), "MZ1") == SetMark("a")
    assert read(said(event="clear"), "MZ1") == Clear()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", b"\x00", '{"event":"clear"}', '{"event":"clear","streamSid":"MZ2"}',
     '{"event":"media","streamSid":"MZ1","media":{"payload":"not base64!"}}',
     '{"event":"media","streamSid":"MZ1"}', '{"event":"mark","streamSid":"MZ1","mark":{}}',
     '{"event":"mark","streamSid":"MZ1","mark":{"name":""}}',
     '{"event":"start","streamSid":"MZ1"}'],
)  # fmt: skip
def test_what_twilio_would_refuse_is_a_violation(text: str | bytes) -> None:
    assert isinstance(read(text, "MZ1"), Violation)


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(read(text, "MZ1"), Violation)
