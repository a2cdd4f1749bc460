"""The words of a streamed chat completion, out of its raw bytes.

The library makes a validated object of every token, which at a hundred calls is the larger part of
what a model costs the event loop; of a chunk only its words and its error matter.
"""

import json


class StreamBroken(ValueError):
    """The stream says that it failed, or says nothing that can be read."""


class Words:
    """One stream. Pure: packets in, pieces of text out; lines may be cut anywhere."""

    def __init__(self) -> None:
        self._rest = b""
        self.over = False
        """Whether the stream said that it is complete."""

    def feed(self, data: bytes) -> list[str]:
        """The texts that these bytes complete, none of them empty.

        Raises: StreamBroken.
        """
        texts: list[str] = []
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self.over or not line.startswith(b"data:"):
                continue
            said = line[5:].strip()
            if said == b"[DONE]":
                self.over = True
            elif text := _text(said):
                texts.append(text)
        return texts


def _text(said: bytes) -> str:
    """The first choice's words in one chunk; empty in chunks that carry none."""
    try:
        chunk = json.loads(said)
        if chunk.get("error"):
            raise StreamBroken(f"the model's server reports: {chunk['error']}")
        choices = chunk.get("choices")
        text = choices[0]["delta"].get("content") if choices else None
    except StreamBroken:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise StreamBroken(f"a chunk that is none: {said[:80]!r}") from error
    if text is not None and not isinstance(text, str):
        raise StreamBroken(f"words that are no text: {said[:80]!r}")
    return text or ""
