"""What a service's refusal means, across the wordings of different servers. Pure.

OpenAI, Azure and vLLM answer `{"error": {"message", "param", "code"}}`, LM Studio and whisper.cpp
`{"error": "…"}`, FastAPI servers `{"detail": …}`, Mistral `{"message": {"detail": […]}}`, and
Gemini a list with one error of the first kind.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from openai import APIStatusError

Kind = Literal["key", "money", "model", "busy", "content", "request", "address", "fault"]
LONGEST = 200
"""Most characters repeated from a server's message."""
NEAR = 3
MASKED = 7
"""Longer keys are secrets; shorter ones are words like "none"."""
_OFFER = re.compile(
    r"supported (?:values|types) are|allowed values|(?:must|should) be(?: one of)?", re.I
)
_KEY = re.compile(r"api.?key.*(?:not valid|invalid)|invalid.*api.?key|incorrect api key", re.I)
_MONEY = re.compile(
    r"insufficient[ _](?:quota|credit|balance|funds)|current quota|plan and billing", re.I
)
_CONTENT = re.compile(
    r"content.?(?:filter|management|policy)|moderation|flagged|context.?(?:length|window|size)"
    r"|too (?:long|large)|json_validate_failed|failed to (?:generate|validate) json",
    re.I,
)
_NO_MODEL = re.compile(
    r"\b(?:models?|deployment)\b.{0,120}?\b(?:not.found|not exist|not installed)"
    r"|not a valid model|(?:unknown|invalid|unsupported).model|no endpoints found for"
    r"|model_not_found|deploymentnotfound|unable to access model|not_found_error model",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error response. `message`: the server's own words, in one line."""

    status: int
    message: str
    param: str = ""
    code: str = ""

    @classmethod
    def read(cls, status: int, body: str) -> "Refusal":
        """The refusal in an error response's body, whatever its form."""
        try:
            found: Any = json.loads(body)
        except ValueError:
            return cls(status, _line(re.sub(r"<[^>]+>", " ", body)))
        if isinstance(found, list) and found:
            found = found[0]
        error = found.get("error", found) if isinstance(found, dict) else found
        if not isinstance(error, dict):
            return cls(status, _line(str(error)))
        message = " ".join(_words(error)) or json.dumps(error)
        param, code = error.get("param"), error.get("code") or error.get("type")
        param = "" if param in (None, "None") else str(param)  # LiteLLM writes Python's None
        return cls(status, _line(message), param, str(code or ""))

    @classmethod
    def of(cls, error: "APIStatusError", key: str) -> "Refusal":
        """The refusal behind the library's exception; a key that the server repeats is masked."""
        body = error.response.text
        return cls.read(error.status_code, body.replace(key, "…") if len(key) > MASKED else body)

    @property
    def kind(self) -> Kind:
        """What needs fixing; `content` concerns only this one request."""
        told = f"{self.code} {self.message}"
        if self.status == 401 or _KEY.search(told):
            return "key"
        if self.status == 402 or _MONEY.search(told):
            return "money"
        if self.status in (408, 425, 429, 502, 503, 504, 529):
            return "busy"
        if (
            self.status in (400, 403, 404, 422)
            and _NO_MODEL.search(told)
            and not self.names_another
        ):
            return "model"
        if self.status == 403:
            return "key"
        if _CONTENT.search(told):
            return "content"
        if self.status in (404, 405):
            return "address"
        return "request" if 400 <= self.status < 500 else "fault"

    @property
    def names_another(self) -> bool:
        """Whether the error names a parameter other than the model."""
        return self.param not in ("", "model")

    def blames(self, *names: str) -> int | None:
        """How early the error blames one of these parameters, as an offset; None: not at all."""
        if any(self.param == name or self.param.startswith(f"{name}.") for name in names):
            return 0
        if self.names_another:
            return None
        found = (re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.message) for name in names)
        return min((match.start() for match in found if match), default=None)

    def offers(self) -> frozenset[str]:
        """Words that include the values the server accepts, if it lists them."""
        marked = _OFFER.search(self.message)
        said = self.message[marked.end() :] if marked else ""
        return frozenset(re.findall(r"\w+", said.split("input")[0]))


class ServiceRefused(ValueError):
    """A request was refused; the message has the server's own words."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.status}: {refusal.message[:LONGEST]}")
        self.refusal = refusal


def near(model: str, listed: Sequence[str]) -> tuple[str, ...]:
    """Listed names that an unknown one may mean, likeliest first."""
    plain = {name.removeprefix("models/"): None for name in listed}
    last = model.split("/")[-1].lower()
    holding = [n for n in plain if last in n.lower() or n.split("/")[-1].lower() in last]
    close = get_close_matches(model, plain, NEAR, 0.5)
    return tuple(dict.fromkeys((*close, *holding)))[:NEAR]


def remedy(kind: Kind, setting: str, key: str) -> str:
    """What to do about it; `setting`: the prefix of the settings, e.g. VOICE_AGENT_LLM."""
    voice = f", {setting}_VOICE" if setting.endswith("_TTS") else ""
    return {
        "key": f"check {key}",
        "money": "add credit, or take another service's address and key",
        "model": f"set {setting}_MODEL to one that it has",
        "address": f"check {setting}_BASE_URL: it mostly ends in /v1",
        "busy": "it may be starting, or your rate limit is low: try again",
    }.get(kind, f"check {setting}_MODEL{voice}, and {setting}_BASE_URL")


def _words(error: dict[str, Any]) -> Iterator[str]:
    """The sentences of an error, nested ones included; "error" may only name its kind."""
    names = [name for name in ("message", "detail", "msg") if error.get(name)]
    for name in names or ("error",):
        said = error.get(name)
        for part in said if isinstance(said, list) else (said,):
            if isinstance(part, str) and part:
                yield part
            elif isinstance(part, dict):
                where = part.get("loc")
                if isinstance(where, list):
                    yield f"`{'.'.join(str(step) for step in where if step != 'body')}`:"
                yield from _words(part)


def _line(text: str) -> str:
    return " ".join(text.split())[: 4 * LONGEST]
