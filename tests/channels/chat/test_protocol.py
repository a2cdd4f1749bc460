"""What a page may send, and what happens to anything else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.talk import Page
from voice_agent.channels.chat.protocol import (
    MAX_FRAME_BYTES,
    MAX_TEXT,
    CallMe,
    Hello,
    Malformed,
    Signal,
    Transcript,
    Written,
    clean,
    parse,
)


def message(**fields: object) -> str:
    return json.dumps({"type": "message", "id": "m1", "text": "hi", **fields})


@pytest.mark.parametrize(
    ("frame", "read"),
    [
        ('{"type":"hello","token":"t","after":7}', Hello("t", 7)),
        (message(), Written("m1", "hi", None)),
        (
            message(page={"url": "https://a.example/p", "title": " P "}),
            Written("m1", "hi", Page("https://a.example/p", "P")),
        ),
        (message(page={"url": "javascript:alert(1)"}), Written("m1", "hi", None)),
        (
            '{"type":"call_me","id":"c","phone":"+1 617","when":"today"}',
            CallMe("c", "+1 617", "today"),
        ),
        ('{"type":"transcript","id":"t","email":"a@b.example"}', Transcript("t", "a@b.example")),
        ('{"type":"ping","more":1}', Signal("ping")),
    ],
)
def test_messages_are_read(frame, read):
    assert parse(frame) == read


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "not-json"),
        ("[1]", "not-json"),
        ("[" * 20_000, "not-json"),
        ('{"type":"fly"}', "unknown-type"),
        ('{"type":["message"]}', "unknown-type"),
        ('{"type":"hello","token":"t","after":true}', "bad-message"),
        ('{"type":"hello","token":"t","after":-1}', "bad-message"),
        (message(id="<b>"), "bad-message"),
        (message(id="x" * 65), "bad-message"),
        (message(text=" \u200b\n"), "empty"),
        (message(text=7), "empty"),
        (message(text="x" * (MAX_TEXT + 1)), "too-long"),
        (message(text="x" * MAX_FRAME_BYTES), "too-long"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(frame, code):
    with pytest.raises(Malformed) as refused:
        parse(frame)
    assert refused.value.code == code and str(refused.value)


def test_the_longest_message_of_any_script_fits_into_a_frame():
    assert parse(json.dumps({"type": "message", "id": "m", "text": "\U0001f600" * 1900}))
    assert parse(json.dumps({"type": "message", "id": "m", "text": "漢" * MAX_TEXT}))


def test_text_keeps_what_is_seen_and_loses_what_is_not():
    assert clean("a\x00b\x1bc\r\nd\u2028") == "abc\nd"
    assert clean("\ud800x") == "?x"
    assert clean("abc\u202egnp.exe") == "abcgnp.exe", "nothing is written backwards"
    assert clean("e\u0301") == "\u00e9"
    assert clean("<img onerror=x>") == "<img onerror=x>", "markup is text like any other"


@given(st.text() | st.binary())
def test_nothing_a_page_sends_breaks_the_reading(frame):
    try:
        parse(frame)
    except Malformed as error:
        assert error.code


@given(
    st.dictionaries(
        st.sampled_from(["type", "id", "text", "token", "after", "page", "phone", "email"]),
        st.sampled_from(["hello", "message", "call_me", "transcript", "end"])
        | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=4),
    )
)
def test_no_shape_of_a_message_breaks_the_reading(fields):
    try:
        parse(json.dumps(fields))
    except Malformed as error:
        assert error.code
