"""TwiML as Twilio reads it: known verbs and attributes only, limits checked, errors by number.

Error numbers are Twilio's: 12100 parse failure, 12200 schema warning, 31920 bad stream URL.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree

from voice_agent.errors import PeerError

MAX_DOCUMENT = 64 * 1024
MAX_PARAMETERS = 500
"""Characters of all parameter names and values together."""

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class TwimlInvalid(PeerError):
    """Twilio would play "an application error has occurred"; the message names the part."""

    code = "twiml-invalid"


@dataclass(frozen=True, slots=True)
class ConnectStream:
    url: str
    parameters: dict[str, str]
    action: str | None
    status_callback: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Play:
    url: str


@dataclass(frozen=True, slots=True)
class Pause:
    length_s: float


@dataclass(frozen=True, slots=True)
class Dial:
    """`targets`: numbers, clients, or a conference's name."""

    targets: tuple[str, ...]
    conference: bool
    action: str | None


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str


Verb = ConnectStream | Say | Play | Pause | Dial | Redirect | Hangup | Reject

_ATTRIBUTES = {
    "Connect": {"action", "method"},
    "Say": {"voice", "language", "loop"},
    "Play": {"loop", "digits"},
    "Pause": {"length"},
    "Dial": {
        "action", "method", "timeout", "callerId", "record", "answerOnBridge", "timeLimit",
        "hangupOnStar", "ringTone", "recordingStatusCallback", "trim",
    },
    "Redirect": {"method"},
    "Hangup": set(),
    "Reject": {"reason"},
}  # fmt: skip


def parse(document: str) -> list[Verb]:
    """The verbs of a document, in order. Raises: TwimlInvalid."""
    if len(document.encode()) > MAX_DOCUMENT:
        raise TwimlInvalid("11700: the document is larger than 64 kB")
    if "<!DOCTYPE" in document or "<!ENTITY" in document:
        raise TwimlInvalid("12100: a document type declaration")
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        raise TwimlInvalid(f"12100: {error}") from error
    if root.tag != "Response":
        raise TwimlInvalid(f"12100: root element is {root.tag}, not Response")
    return [_verb(element) for element in root]


def _verb(element: ElementTree.Element) -> Verb:
    known = _ATTRIBUTES.get(element.tag)
    if known is None:
        raise TwimlInvalid(f"12200: verb {element.tag} is not known")
    _only(element, known)
    text = (element.text or "").strip()
    match element.tag:
        case "Connect":
            return _connect(element)
        case "Say":
            return Say(_needed(element, text))
        case "Play":
            return Play(_needed(element, text))
        case "Pause":
            return Pause(float(element.get("length", "1")))
        case "Dial":
            return _dial(element, text)
        case "Redirect":
            return Redirect(_needed(element, text))
        case "Hangup":
            return Hangup()
    return Reject(element.get("reason", "rejected"))


def _connect(element: ElementTree.Element) -> ConnectStream:
    if len(element) != 1 or element[0].tag != "Stream":
        raise TwimlInvalid("12200: Connect must hold exactly one Stream")
    stream = element[0]
    _only(stream, {"url", "name", "track", "statusCallback", "statusCallbackMethod"})
    if stream.get("track", "inbound_track") != "inbound_track":
        raise TwimlInvalid("12200: a bidirectional stream has the inbound track only")
    parameters: dict[str, str] = {}
    for child in stream:
        if child.tag != "Parameter" or child.get("name") is None or child.get("value") is None:
            raise TwimlInvalid("12200: Stream holds only Parameter elements with name and value")
        _only(child, {"name", "value"})
        parameters[child.attrib["name"]] = child.attrib["value"]
    if sum(len(name) + len(value) for name, value in parameters.items()) >= MAX_PARAMETERS:
        raise TwimlInvalid(f"12200: parameters of {MAX_PARAMETERS} characters or more")
    return ConnectStream(
        url=_stream_url(stream.get("url", "")),
        parameters=parameters,
        action=element.get("action"),
        status_callback=stream.get("statusCallback"),
        name=stream.get("name", ""),
    )


def _stream_url(url: str) -> str:
    """Twilio takes only wss without a query; we take ws, too, so that a call needs no TLS here."""
    parts = urlsplit(url)
    if parts.scheme not in ("wss", "ws") or not parts.hostname:
        raise TwimlInvalid(f"31920: stream url {url!r} is not wss://")
    if parts.query or parts.fragment:
        raise TwimlInvalid("31920: stream url has a query string; use Parameter")
    return url


def _dial(element: ElementTree.Element, text: str) -> Dial:
    allowed = {"Number", "Client", "Conference", "Sip", "Queue"}
    for child in element:
        if child.tag not in allowed:
            raise TwimlInvalid(f"12200: Dial cannot hold {child.tag}")
    targets = tuple((child.text or "").strip() for child in element) or ((text,) if text else ())
    if not targets or not all(targets):
        raise TwimlInvalid("12200: Dial without anyone to dial")
    conference = any(child.tag == "Conference" for child in element)
    return Dial(targets, conference, element.get("action"))


def _needed(element: ElementTree.Element, text: str) -> str:
    if not text:
        raise TwimlInvalid(f"12200: {element.tag} without text")
    return text


def _only(element: ElementTree.Element, known: set[str]) -> None:
    if unknown := set(element.attrib) - known:
        raise TwimlInvalid(f"12200: {element.tag} has no attribute {', '.join(sorted(unknown))}")


def is_loopback(url: str) -> bool:
    """Whether the host of a URL is this machine."""
    return (urlsplit(url).hostname or "") in _LOOPBACK
