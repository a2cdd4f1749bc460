"""TwiML is parsed as strictly as by Twilio."""

import pytest
from twilio.twiml.voice_response import Connect, VoiceResponse

from voice_agent.emulator import twiml
from voice_agent.emulator.twiml import TwimlInvalid, parse


def response(inside: str) -> str:
    return f"<?xml version='1.0'?><Response>{inside}</Response>"


def test_the_answer_made_by_twilios_library_is_read() -> None:
    answer = VoiceResponse()
    connect = Connect(action="/twilio/after")
    stream = connect.stream(url="wss://agent.test/twilio/media", status_callback="/stream")
    stream.parameter(name="token", value="a&b")
    answer.append(connect)
    answer.say("Goodbye")
    answer.hangup()
    assert parse(str(answer)) == [
        twiml.ConnectStream(
            "wss://agent.test/twilio/media", {"token": "a&b"}, "/twilio/after", "/stream", ""
        ),
        twiml.Say("Goodbye"),
        twiml.Hangup(),
    ]


def test_transfers_and_refusals_are_read() -> None:
    assert parse(response("<Dial action='/d'><Number>+14155550100</Number></Dial>")) == [
        twiml.Dial(("+14155550100",), False, "/d")
    ]
    assert parse(response("<Dial><Conference>room</Conference></Dial>")) == [
        twiml.Dial(("room",), True, None)
    ]
    assert parse(response("<Reject reason='busy'/><Redirect>/x</Redirect>")) == [
        twiml.Reject("busy"),
        twiml.Redirect("/x"),
    ]
    assert parse(response("<Pause length='2'/><Play>/a.wav</Play>")) == [
        twiml.Pause(2.0),
        twiml.Play("/a.wav"),
    ]


@pytest.mark.parametrize(
    ("document", "number"),
    [
        ("", "12100"),
        ("<Response>", "12100"),
        ("<Reply/>", "12100"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><Response/>", "12100"),
        (response("<Dance/>"), "12200"),
        (response("<Hangup now='1'/>"), "12200"),
        (response("<Say></Say>"), "12200"),
        (response("<Connect/>"), "12200"),
        (response("<Connect><Stream url='https://a/b'/></Connect>"), "31920"),
        (response("<Connect><Stream url='wss://a/b?c=d'/></Connect>"), "31920"),
        (response("<Connect><Stream url='wss://a/b' track='both_tracks'/></Connect>"), "12200"),
        (response("<Connect><Stream url='wss://a'><Parameter name='x'/></Stream></Connect>"),
         "12200"),
        (response("<Connect><Stream url='wss://a'><Parameter name='x' value='" + "y" * 499
                  + "'/></Stream></Connect>"), "12200"),
        (response("<Dial/>"), "12200"),
        (response("<Say>" + "x" * 70_000 + "</Say>"), "11700"),
    ],
)  # fmt: skip
def test_what_twilio_refuses_is_refused_with_its_number(document: str, number: str) -> None:
    with pytest.raises(TwimlInvalid, match=number):
        parse(document)
