"""Extracts the words of a chat completion, streamed or complete, from its raw bytes.

The library validates every token into an object, which at a hundred calls is most of what a model
costs the event loop; of a chunk only its words and its error matter. Servers represent thoughts
differently: in a field of their own (`reasoning`, `reasoning_content`), as parts that are not text,
or inside the words between tags.
"""

import json
import re
from typing import Any

_OPENS = ("<think>", "<thinking>", "[THINK]")
_CLOSES = re.compile(r"</think(?:ing)?>|\[/THINK\]")
_TAG = len("</thinking>") - 1
"""Characters that may be the start of a closing tag."""
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")


class StreamBroken(ValueError):
    """The stream reports a failure, or cannot be read."""


class Spoken:
    """Text as it arrives, without the thoughts before it. Pure; tags may be split anywhere.

    `thinking`: the text begins inside a thought, as when the template opens one.
    """

    def __init__(self, thinking: bool = False) -> None:
        self.thought = thinking
        """Whether the model thought at all."""
        self._held = ""
        self._state = "thinking" if thinking else "before"

    def take(self, text: str) -> str:
        """The text that may be spoken by now and was not returned yet."""
        if self._state == "speaking":
            return text
        self._held += text
        if self._state == "before" and not self._began():
            return ""
        if self._state == "thinking":
            closed = _CLOSES.search(self._held)
            if closed is None:
                self._held = self._held[-_TAG:]
                return ""
            self._held = self._held[closed.end() :].lstrip()
            self._state = "speaking"
        given, self._held = self._held, ""
        return given

    def rest(self) -> str:
        """What is still held back when the text ends, unless it is a thought."""
        return self._held if self._state == "before" else ""

    def _began(self) -> bool:
        """Whether it is known by now if the text begins with a thought."""
        start = self._held.lstrip()
        if any(start.startswith(tag) for tag in _OPENS):
            self._state, self.thought = "thinking", True
        elif any(tag.startswith(start) for tag in _OPENS):
            return False
        else:
            self._state = "speaking"
        return True


class Words:
    """One stream. Pure: packets in, pieces of text out; lines may be split anywhere."""

    def __init__(self, thinking: bool = False) -> None:
        self._rest = b""
        self._spoken = Spoken(thinking)
        self._thought = False
        self.over = False
        """Whether the stream has said that it is complete."""

    @property
    def thought(self) -> bool:
        """Whether the model thought before it spoke."""
        return self._thought or self._spoken.thought

    def feed(self, data: bytes) -> list[str]:
        """The texts that these bytes complete, none empty.

        Raises: StreamBroken.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [text for line in lines if len(line) > 1 and (text := self._line(line))]

    def end(self) -> list[str]:
        """What is left when the bytes end. Raises: StreamBroken."""
        line, self._rest = self._rest, b""
        return [text for text in (self._line(line), self._spoken.rest()) if text]

    def _line(self, line: bytes) -> str:
        if self.over or not line.startswith(b"data:"):
            return ""
        said = line[5:].strip()
        if said == b"[DONE]":
            self.over = True
            return self._spoken.rest()
        text = self._text(said) if said else ""
        return self._spoken.take(text) if text else ""

    def _text(self, said: bytes) -> str:
        """The first choice's text in one chunk; empty in chunks that carry none."""
        try:
            chunk = json.loads(said)
            if chunk.get("error"):
                raise StreamBroken(f"the model's server reports: {chunk['error']}")
            choices = chunk.get("choices")
            delta = choices[0].get("delta") if choices else None
            if not delta:
                return ""
            content = delta.get("content")
            if content and isinstance(content, str):  # nearly all chunks are like this
                return content
            self._thought = self._thought or thought_in(delta)
            return content_of(delta)
        except StreamBroken:
            raise
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            raise StreamBroken(f"a chunk that is none: {said[:80]!r}") from error


def content_of(message: dict[str, Any]) -> str:
    """The text of a message or delta, given as one string or as parts.

    Raises: StreamBroken.
    """
    content = message.get("content")
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
        content = "".join(str(part.get("text") or "") for part in parts)
    if content is not None and not isinstance(content, str):
        raise StreamBroken(f"words that are no text: {str(content)[:80]!r}")
    return content or ""


def thought_in(message: dict[str, Any]) -> bool:
    """Whether a message or delta holds a thought beside its words."""
    if any(message.get(name) for name in _THOUGHTS):
        return True
    content = message.get("content")
    return isinstance(content, list) and any(
        isinstance(part, dict) and part.get("type") == "thinking" for part in content
    )


def object_in(text: str) -> dict[str, Any]:
    """The first JSON object in an answer, whatever surrounds it: thoughts, a fence, words.

    Raises: ValueError when there is none.
    """
    closed = list(_CLOSES.finditer(text))
    text = text[closed[-1].end() :] if closed else text
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            made, _ = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
        else:
            return dict(made)
    raise ValueError("the answer is no JSON object")


def closes(text: str) -> bool:
    """Whether a text that did not open a thought closes one."""
    return _CLOSES.search(text) is not None
