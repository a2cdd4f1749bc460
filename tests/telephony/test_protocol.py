import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_agent.telephony import protocol
from voice_agent.telephony.protocol import (
    Connected,
    Dtmf,
    Malformed,
    Marked,
    Media,
    Started,
    Stopped,
    parse,
)

START = {
    "event": "start",
    "sequenceNumber": "1",
    "streamSid": "MZ1",
    "start": {
        "streamSid": "MZ1",
        "accountSid": "AC1",
        "callSid": "CA1",
        "tracks": ["inbound"],
        "customParameters": {"token": "t", "from": "+1555"},
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    },
}


def media(payload: str, timestamp: object = "20", track: str = "inbound") -> str:
    body = {"track": track, "chunk": "2", "timestamp": timestamp, "payload": payload}
    return json.dumps({"event": "media", "streamSid": "MZ1", "media": body})


def test_every_event_of_twilio_is_understood():
    assert parse('{"event":"connected","protocol":"Call","version":"1.0.0"}') == Connected()
    assert parse(json.dumps(START)) == Started("MZ1", "CA1", "AC1", {"token": "t", "from": "+1555"})
    assert parse(media(base64.b64encode(b"\x7f\xff").decode())) == Media(0.02, b"\x7f\xff")
    assert parse('{"event":"dtmf","dtmf":{"track":"inbound_track","digit":"5"}}') == Dtmf("5")
    assert parse('{"event":"mark","mark":{"name":"1.0.1"}}') == Marked("1.0.1")
    assert parse('{"event":"stop","stop":{"accountSid":"AC1","callSid":"CA1"}}') == Stopped()


def test_unknown_events_and_the_outbound_track_are_ignored():
    assert parse('{"event":"weather","sunny":true}') is None
    assert parse(media("AAAA", track="outbound")) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        '{"event":7}',
        '{"event":"media"}',
        '{"event":"media","media":{"timestamp":"1"}}',
        media("not base64!"),
        media("QUJ"),
        media("AAAA", timestamp="soon"),
        media("AAAA", timestamp="-5"),
        media("AAAA", timestamp=None),
        '{"event":"dtmf","dtmf":{"digit":"55"}}',
        '{"event":"mark","mark":{}}',
        '{"event":"start"}',
        json.dumps(START | {"start": START["start"] | {"callSid": "../../etc"}}),
        json.dumps(START | {"start": START["start"] | {"mediaFormat": {"encoding": "opus"}}}),
        json.dumps(START).replace("MZ", "\\ud800", 1),
        "[" * 10_000,
        '{"event":"media","media":{"payload":"' + "A" * protocol.MAX_MESSAGE_BYTES + '"}}',
        b"\x00\x01",
    ],
    ids=lambda text: repr(text[:40]),
)
def test_what_is_not_the_protocol_is_malformed(text):
    with pytest.raises(Malformed):
        parse(text)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
events = st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop", "other"])


@given(events, anything, anything)
def test_no_message_does_worse_than_malformed(event, body, extra):
    message = {"event": event, event: body, "streamSid": extra}
    try:
        parse(json.dumps(message))
    except Malformed:
        pass


@given(st.text(max_size=200) | st.binary(max_size=50))
def test_no_text_does_worse_than_malformed(text):
    try:
        parse(text)
    except Malformed:
        pass


@given(st.binary(max_size=400))
def test_media_survives_the_wire(payload):
    sent = json.loads(protocol.media("MZ1", payload))
    assert sent["streamSid"] == "MZ1"
    assert parse(media(sent["media"]["payload"])) == Media(0.02, payload)


@given(st.text(min_size=1, max_size=30))
def test_marks_survive_the_wire(name):
    assert parse(protocol.mark("MZ1", name)) == Marked(name)


def test_clear_names_its_stream():
    assert json.loads(protocol.clear("MZ1")) == {"event": "clear", "streamSid": "MZ1"}


def test_frames_that_follow_one_another_are_one():
    first, then = protocol.Media(1.0, b"a" * 160), protocol.Media(1.02, b"b" * 160)
    assert protocol.joined([first, then]) == protocol.Media(1.0, b"a" * 160 + b"b" * 160)
