"""TwiML as Twilio parses it: known verbs and attributes only, limits checked, errors by number.

Error numbers are Twilio's: 12100 parse failure, 12200 schema warning, 31920 bad stream URL.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree

from knowledge.hosts import LOOPBACK
from voice_agent.errors import PeerError

MAX_DOCUMENT = 64 * 1024
MAX_PARAMETERS = 500
"""All parameter names and values together must have fewer characters."""


class TwimlInvalid(PeerError):
    """Twilio would say "an application error has occurred"; the message names the faulty part."""

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
class Gather:
    """Keys to collect while `prompt` plays and for `timeout_s` after it."""

    prompt: tuple["Say | Play | Pause", ...]
    action: str | None
    most: int
    """0: no maximum."""
    timeout_s: float
    even_if_empty: bool


@dataclass(frozen=True, slots=True)
class Record:
    """A message to record after the beep."""

    action: str | None
    timeout_s: float
    most_s: float
    status_callback: str | None


@dataclass(frozen=True, slots=True)
class Dial:
    """`targets`: numbers, clients, or a conference's name; the noun's own attributes follow."""

    targets: tuple[str, ...]
    conference: bool
    action: str | None
    timeout_s: float = 30.0
    caller_id: str = ""
    url: str | None = None
    """TwiML for the dialled party before being joined."""
    status_callback: str | None = None
    events: tuple[str, ...] = ("completed",)
    wait_url: str | None = None
    starts: bool = True
    ends: bool = False
    """Whether the conference starts, or ends, with this participant."""


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    reason: str


Heard = Say | Play | Pause
Verb = ConnectStream | Heard | Gather | Record | Dial | Redirect | Hangup | Reject

_ATTRIBUTES = {
    "Connect": {"action", "method"},
    "Say": {"voice", "language", "loop"},
    "Play": {"loop", "digits"},
    "Pause": {"length"},
    "Gather": {
        "action", "method", "timeout", "numDigits", "finishOnKey", "actionOnEmptyResult", "input",
        "language",
    },
    "Record": {
        "action", "method", "timeout", "maxLength", "finishOnKey", "playBeep", "trim",
        "recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent",
    },
    "Number": {
        "url", "method", "sendDigits", "statusCallback", "statusCallbackMethod",
        "statusCallbackEvent",
    },
    "Conference": {
        "muted", "beep", "startConferenceOnEnter", "endConferenceOnExit", "waitUrl", "waitMethod",
        "maxParticipants", "statusCallback", "statusCallbackMethod", "statusCallbackEvent",
        "participantLabel",
    },
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
    if known is None or element.tag in ("Number", "Conference"):
        raise TwimlInvalid(f"12200: verb {element.tag} is not known")
    _only(element, known)
    text = (element.text or "").strip()
    match element.tag:
        case "Connect":
            return _connect(element)
        case "Say" | "Play" | "Pause":
            return _heard(element, text)
        case "Gather":
            return _gather(element)
        case "Record":
            return _record(element)
        case "Dial":
            return _dial(element, text)
        case "Redirect":
            return Redirect(_needed(element, text))
        case "Hangup":
            return Hangup()
    return Reject(element.get("reason", "rejected"))


def _heard(element: ElementTree.Element, text: str) -> Heard:
    if element.tag == "Pause":
        return Pause(float(element.get("length", "1")))
    return (Say if element.tag == "Say" else Play)(_needed(element, text))


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
    """A valid stream URL. Twilio accepts only wss without a query; here ws too, to avoid TLS."""
    parts = urlsplit(url)
    if parts.scheme not in ("wss", "ws") or not parts.hostname:
        raise TwimlInvalid(f"31920: stream url {url!r} is not wss://")
    if parts.query or parts.fragment:
        raise TwimlInvalid("31920: stream url has a query string; use Parameter")
    return url


def _gather(element: ElementTree.Element) -> Gather:
    prompt = tuple(_verb(child) for child in element)
    if not all(isinstance(verb, Say | Play | Pause) for verb in prompt):
        raise TwimlInvalid("12200: Gather holds only Say, Play and Pause")
    most, empty = element.get("numDigits", "0"), element.get("actionOnEmptyResult", "false")
    return Gather(
        tuple(verb for verb in prompt if isinstance(verb, Say | Play | Pause)),
        element.get("action"), int(most), float(element.get("timeout", "5")), empty == "true",
    )  # fmt: skip


def _record(element: ElementTree.Element) -> Record:
    return Record(
        element.get("action"), float(element.get("timeout", "5")),
        float(element.get("maxLength", "3600")), element.get("recordingStatusCallback"),
    )  # fmt: skip


def _dial(element: ElementTree.Element, text: str) -> Dial:
    allowed = {"Number", "Client", "Conference", "Sip", "Queue"}
    for child in element:
        if child.tag not in allowed:
            raise TwimlInvalid(f"12200: Dial cannot hold {child.tag}")
        if child.tag in _ATTRIBUTES:
            _only(child, _ATTRIBUTES[child.tag])
    targets = tuple((child.text or "").strip() for child in element) or ((text,) if text else ())
    if not targets or not all(targets):
        raise TwimlInvalid("12200: Dial without anyone to dial")
    noun = element[0] if len(element) else element
    return Dial(
        targets,
        any(child.tag == "Conference" for child in element),
        element.get("action"),
        float(element.get("timeout", "30")),
        element.get("callerId", ""),
        noun.get("url"),
        noun.get("statusCallback"),
        tuple(noun.get("statusCallbackEvent", "completed").split()),
        noun.get("waitUrl"),
        noun.get("startConferenceOnEnter", "true") == "true",
        noun.get("endConferenceOnExit", "false") == "true",
    )


def _needed(element: ElementTree.Element, text: str) -> str:
    if not text:
        raise TwimlInvalid(f"12200: {element.tag} without text")
    return text


def _only(element: ElementTree.Element, known: set[str]) -> None:
    if unknown := set(element.attrib) - known:
        raise TwimlInvalid(f"12200: {element.tag} has no attribute {', '.join(sorted(unknown))}")


def is_loopback(url: str) -> bool:
    """Whether the host of a URL is this machine."""
    return (urlsplit(url).hostname or "") in LOOPBACK
