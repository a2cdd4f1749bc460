"""The chat protocol between page and server, one JSON object per message. Pure.

    page → server                            server → page
    hello {token, after, invited}            ready {features}
    message {id, text, page, invited}        line {seq, turn, speaker, name, text, at, sources}
    call_me {id, phone, when}                delta {turn, n, text}
    transcript {id, email}                   ack {id, turn}
    typing, end, ping                        typing {who, on}, choices {items}, status {state, rep}
                                             error {code, message, id, retry_after_s}, pong

Lines are durable and numbered: after reconnecting, the page sends the number of its last one. A
delta is a sentence in progress; the turn's lines replace it. A message is accepted once per id, so
the page resends it until it is acknowledged.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.talk import Page

MAX_FRAME_BYTES = 24 * 1024
"""Per message: four thousand characters of any script, escaped, with the other fields."""
MAX_TEXT = 4000
MAX_TOKEN = 600
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]")


class Malformed(Exception):
    """An unusable message: `code` for the page, `str` for a person."""

    def __init__(self, code: str, message: str, about: str = "") -> None:
        super().__init__(message)
        self.code, self.about = code, about


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message: which conversation, and the number of the page's last line."""

    token: str
    after: int
    invited: str = ""
    """Id of the invitation the visitor accepted, if any."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message from the buyer; `id` is the page's own."""

    id: str
    text: str
    page: Page | None
    invited: str = ""


@dataclass(frozen=True, slots=True)
class CallMe:
    """A request for a call; `when` in words, empty for as soon as possible."""

    id: str
    phone: str
    when: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A request to mail the conversation."""

    id: str
    email: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A message whose type says everything."""

    kind: Literal["typing", "end", "ping"]


FromPage = Hello | Written | CallMe | Transcript | Signal


def parse(frame: str | bytes) -> FromPage:
    """Parse a page's message. Raises: Malformed."""
    size = len(frame) if isinstance(frame, bytes) else len(frame.encode("utf-8", "surrogatepass"))
    if size > MAX_FRAME_BYTES:
        raise Malformed("too-long", "That is too long for one message.")
    try:
        given = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise Malformed("not-json", "That was not JSON.") from error
    if not isinstance(given, dict):
        raise Malformed("not-json", "That was not a JSON object.")
    match given.get("type"):
        case "hello":
            after = given.get("after", 0)
            if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after < 1 << 53:
                raise Malformed("bad-message", "`after` has to be the number of a line.")
            return Hello(_text(given, "token", MAX_TOKEN), after, _text(given, "invited", 40))
        case "message":
            return _written(given)
        case "call_me":
            phone, when = _text(given, "phone", 60), _text(given, "when", 100)
            return CallMe(_id(given), phone, when)
        case "transcript":
            return Transcript(_id(given), _text(given, "email", 254))
        case ("typing" | "end" | "ping") as kind:
            return Signal(kind)
    raise Malformed("unknown-type", "There is no such type of message.")


def _written(given: Mapping[str, Any]) -> Written:
    about = _id(given)
    text = clean(given.get("text"))
    if not text:
        raise Malformed("empty", "There is nothing in that message.", about)
    if len(text) > MAX_TEXT:
        told = f"Please keep a message under {MAX_TEXT:,} characters."
        raise Malformed("too-long", told, about)
    return Written(about, text, _page(given.get("page")), _text(given, "invited", 40))


def _page(given: object) -> Page | None:
    if not isinstance(given, dict):
        return None
    url, title = clean(given.get("url"))[:1000], clean(given.get("title"))[:200]
    return Page(url, title) if url.startswith(("https:", "http:")) else None


def _id(given: Mapping[str, Any]) -> str:
    found = given.get("id")
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise Malformed("bad-message", "A message needs an `id` of up to 64 letters and digits.")
    return found


def _text(given: Mapping[str, Any], name: str, most: int) -> str:
    return clean(given.get(name))[:most]


def clean(text: object) -> str:
    """A buyer's text as stored: valid characters, no invisible ones; "" when it is not text."""
    if not isinstance(text, str):
        return ""
    whole = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", unicodedata.normalize("NFC", whole)).strip()


# --- to the page -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A public page that supports a line."""

    title: str
    url: str


def _message(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields}, ensure_ascii=False, separators=(",", ":"))


def ready(*, transcript: bool) -> str:
    """The page is up to date and may send."""
    return _message("ready", features={"call_me": True, "transcript": transcript})


def line(
    seq: int, turn: int, speaker: str, text: str, at: datetime, name: str, sources: Sequence[Source]
) -> str:
    """A line of the transcript, stored in the database."""
    shown = [{"title": source.title, "url": source.url} for source in sources]
    return _message(
        "line", seq=seq, turn=turn, speaker=speaker, name=name, text=text,
        at=at.isoformat(timespec="seconds"), sources=shown,
    )  # fmt: skip


def delta(turn: int, n: int, text: str) -> str:
    """A sentence in progress."""
    return _message("delta", turn=turn, n=n, text=text)


def ack(about: str, turn: int) -> str:
    """The message is stored, as this turn."""
    return _message("ack", id=about, turn=turn)


def typing(who: Literal["agent", "caller", "rep"], *, on: bool) -> str:
    """Somebody starts or stops typing."""
    return _message("typing", who=who, on=on)


def choices(texts: Sequence[tuple[str, str]]) -> str:
    """Suggested replies, as `(label, text)`; an empty list removes the previous ones."""
    return _message("choices", items=[{"label": label, "text": text} for label, text in texts])


def status(state: Literal["open", "human", "ended"], rep: str = "") -> str:
    """Who has the floor: the agent, a rep, or nobody any more."""
    return _message("status", state=state, rep=rep)


def error(code: str, message: str, about: str = "", retry_after_s: float = 0.0) -> str:
    """Something failed; `message` is for the buyer to read."""
    return _message(
        "error", code=code, message=message, id=about, retry_after_s=round(retry_after_s, 1)
    )


PONG = _message("pong")
