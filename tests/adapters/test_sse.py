"""Words out of a streamed completion, wherever the network cuts it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_agent.adapters.sse import StreamBroken, Words


def chunk(**delta: object) -> bytes:
    return b"data: " + json.dumps({"choices": [{"delta": delta}]}).encode() + b"\r\n\r\n"


def said(*packets: bytes) -> list[str]:
    words = Words()
    return [text for packet in packets for text in words.feed(packet)]


@given(st.lists(st.text(min_size=1), max_size=6), st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=60, deadline=None)
def test_cuts_change_nothing(texts, cuts):
    stream = b": hello\n\n" + b"".join(chunk(content=t) for t in texts) + b"data: [DONE]\n\n"
    at = [0, *sorted(c for c in cuts if c < len(stream)), len(stream)]
    packets = [stream[a:b] for a, b in zip(at, at[1:], strict=False)]
    assert said(*packets) == texts


def test_chunks_without_words_are_passed_over():
    usage = b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
    none = chunk(role="assistant") + chunk(content=None) + chunk(content="") + usage
    assert said(none + b"event: ping\ndata:" + chunk(content="Yes.")[6:]) == ["Yes."]


def test_nothing_after_done_is_read():
    words = Words()
    assert words.feed(chunk(content="Yes.")) == ["Yes."] and not words.over
    assert words.feed(b"data: [DONE]\n\ndata: rubbish\n\n") == [] and words.over


@pytest.mark.parametrize(
    "line",
    [b'{"choices": [{"delta": {"cont', b"[]", b"null", b'{"choices": [{}]}', b"\xff\xfe",
     b'{"choices": [{"delta": {"content": 5}}]}', b'{"error": {"message": "overloaded"}}'],
)  # fmt: skip
def test_what_is_no_chunk_breaks_the_stream(line):
    with pytest.raises(StreamBroken):
        said(b"data: " + line + b"\n\n")


def test_the_servers_own_error_is_told():
    with pytest.raises(StreamBroken, match="overloaded"):
        said(b'data: {"error": {"message": "overloaded"}}\n\n')
