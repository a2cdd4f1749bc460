"""The TwiML we respond with. Pure: text in, a document out."""

from collections.abc import Mapping

from starlette.responses import Response
from twilio.twiml.voice_response import Connect, VoiceResponse

MAX_PARTY = 150
"""Twilio allows 500 characters for a parameter's name and value; a SIP address is shorter."""
AFTER, MEDIA = "/twilio/after", "/twilio/media"


def connected(socket_url: str, action: str, parameters: Mapping[str, str]) -> VoiceResponse:
    """Connect the call to the media socket; once that closes, continue at `action`."""
    answer = VoiceResponse()
    connect = Connect(action=action)
    stream = connect.stream(url=socket_url)
    for name, value in parameters.items():
        stream.parameter(name=name, value=value)
    answer.append(connect)
    return answer


def said(text: str) -> VoiceResponse:
    """Say words in Twilio's own voice, then end the call."""
    answer = VoiceResponse()
    answer.say(text)
    answer.hangup()
    return answer


def dialled(number: str, ring_s: int) -> VoiceResponse:
    """Forward the call to another line, and end with it; shows the caller's own number."""
    answer = VoiceResponse()
    answer.dial(number, timeout=ring_s, answer_on_bridge=True)
    return answer


def hung_up() -> VoiceResponse:
    """End the call."""
    answer = VoiceResponse()
    answer.hangup()
    return answer


def response(answer: VoiceResponse) -> Response:
    """A document as a webhook's response."""
    return Response(str(answer), media_type="application/xml")


def party(number: str) -> str:
    """A number or address as received; empty when it is neither, or is not valid in XML."""
    return number if number.isprintable() and len(number) <= MAX_PARTY else ""
