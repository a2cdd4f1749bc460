"""TwiML we answer with. Pure: text in, a document out."""

from collections.abc import Mapping

from starlette.responses import Response
from twilio.twiml.voice_response import Connect, VoiceResponse

MAX_PARTY = 150
"""Twilio takes 500 characters for name and value of a parameter; a SIP address is shorter."""
AFTER, MEDIA = "/twilio/after", "/twilio/media"


def connected(socket_url: str, action: str, parameters: Mapping[str, str]) -> VoiceResponse:
    """The call goes to the media socket; once that is closed, to `action`."""
    answer = VoiceResponse()
    connect = Connect(action=action)
    stream = connect.stream(url=socket_url)
    for name, value in parameters.items():
        stream.parameter(name=name, value=value)
    answer.append(connect)
    return answer


def said(text: str) -> VoiceResponse:
    """Words of Twilio's own voice, then the end of the call."""
    answer = VoiceResponse()
    answer.say(text)
    answer.hangup()
    return answer


def dialled(number: str, ring_s: int) -> VoiceResponse:
    """The call goes to another line, and is over with it; the caller's own number is shown."""
    answer = VoiceResponse()
    answer.dial(number, timeout=ring_s, answer_on_bridge=True)
    return answer


def hung_up() -> VoiceResponse:
    """The end of the call."""
    answer = VoiceResponse()
    answer.hangup()
    return answer


def response(answer: VoiceResponse) -> Response:
    """A document as it is answered to a webhook."""
    return Response(str(answer), media_type="application/xml")


def party(number: str) -> str:
    """A number or address as it came; empty when it could not stand in XML or is no such thing."""
    return number if number.isprintable() and len(number) <= MAX_PARTY else ""
