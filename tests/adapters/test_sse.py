"""The words of a streamed completion, wherever the network splits it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_agent.adapters.sse import StreamBroken, Words, object_in


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
    assert "".join(said(*packets)) == "".join(texts)


@given(st.lists(st.integers(0, 400), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_thought_between_tags_is_left_out_wherever_the_network_cuts_it(cuts):
    text = " <think>They <b>want</b> {this}.</think>\n\nYes, <i>we</i> do."
    stream = b"".join(chunk(content=text[n : n + 3]) for n in range(0, len(text), 3))
    at = [0, *sorted(c for c in cuts if c < len(stream)), len(stream)]
    words = Words()
    told = [t for a, b in zip(at, at[1:], strict=False) for t in words.feed(stream[a:b])]
    assert "".join([*told, *words.end()]).strip() == "Yes, <i>we</i> do." and words.thought


def test_what_only_looks_like_the_beginning_of_a_thought_is_said():
    words = Words()
    assert words.feed(chunk(content="<th")) == []
    assert words.end() == ["<th"] and not words.thought


@pytest.mark.parametrize(
    ("answer", "made"),
    [
        ('{"items": []}', {"items": []}),
        ('```json\n{"items": [1]}\n```', {"items": [1]}),
        ('Sure {as asked}: {"items": [{"a": "}"}]} Anything else?', {"items": [{"a": "}"}]}),
        ('<think>{"items": [9]} or not</think>{"items": []}', {"items": []}),
    ],
)
def test_an_object_is_found_whatever_stands_around_it(answer, made):
    assert object_in(answer) == made


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
    [b'{"choices": [{"delta": {"cont', b"[]", b"null", b"\xff\xfe",
     b'{"choices": [{"delta": {"content": 5}}]}', b'{"error": {"message": "overloaded"}}'],
)  # fmt: skip
def test_what_is_no_chunk_breaks_the_stream(line):
    with pytest.raises(StreamBroken):
        said(b"data: " + line + b"\n\n")


def test_the_servers_own_error_is_told():
    with pytest.raises(StreamBroken, match="overloaded"):
        said(b'data: {"error": {"message": "overloaded"}}\n\n')
