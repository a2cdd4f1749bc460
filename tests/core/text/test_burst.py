"""Messages a visitor writes in pieces are one turn; a complete one is not delayed."""

import time
from datetime import timedelta

import pytest

from core.events import SignalCaptured
from core.text.burst import (
    LEADS,
    MOST,
    OPEN,
    PLAIN,
    WRITES,
    Message,
    due,
    joined,
    patience,
    placed,
    together,
)
from tests.core.talk import MONDAY_NOON

AT_ONCE = timedelta()


def told(quote: str, turn: int) -> SignalCaptured:
    return SignalCaptured("s1.1", "employees", "200", "positive", "stated", 0.9, quote, turn, 0, 0)


def messages(*texts: str, apart_s: float = 1.5) -> tuple[Message, ...]:
    return tuple(
        Message(
            n + 3, text, MONDAY_NOON + timedelta(seconds=n * apart_s), round(n * apart_s * 1000)
        )
        for n, text in enumerate(texts)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Do you integrate with Snowflake?",
        "how much is it??",
        "We are 200 people in Boston.",
        "great, thanks!",
        "is it SOC 2 certified (type II)?",
        "I'm from Acme.\n\nWe need it by March.",
    ],
)
def test_what_ends_with_a_mark_is_answered_at_once(text):
    assert patience(text) == AT_ONCE


@pytest.mark.parametrize(
    "text",
    ["hi", "Hello!", "hey there", "good morning team", "quick question", "Hi, quick question.",
     "I have a question", "i've got a quick question for you", "ok so", "also", "one more thing",
     "Hey! just a quick one", "is anyone there?", "can i ask you something?", "um"],
)  # fmt: skip
def test_a_greeting_or_an_announcement_is_waited_with(text):
    assert patience(text) == LEADS


@pytest.mark.parametrize(
    "text",
    ["do you integrate with", "we use snowflake and", "we're a", "our budget is", "how about the",
     "we need it for...", "we need it, so,", "three things:", "I'd like to", "because",
     "it's for our"],
)  # fmt: skip
def test_words_that_go_on_are_waited_with_longest(text):
    assert patience(text) == OPEN


@pytest.mark.parametrize(
    "text",
    ["how much is the starter plan", "we're 200 people in boston", "yes", "ann@example.com", "200",
     "what does it work with", "i can't log in", "Wednesday, December 2 at 8 AM",
     "yes we are", "thanks", "ok", "okay thank you", "who is it for", "thank you for that"],
)  # fmt: skip
def test_whole_words_without_a_mark_are_hardly_waited_with(text):
    assert patience(text) == PLAIN <= timedelta(seconds=0.6)


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        (
            ("hi", "quick question", "do you integrate with", "snowflake?"),
            "hi, quick question, do you integrate with snowflake?",
        ),
        (("we're", "about 200 people", "in boston"), "we're about 200 people, in boston"),
        (("how much is it for...", "say, 50 users?"), "how much is it for... say, 50 users?"),
        (("Hello!", "we use snowflake"), "Hello! we use snowflake"),
    ],
)
def test_messages_of_one_thought_are_one_turn(texts, whole):
    one = messages(*texts)
    said = joined(together(one))
    assert (said.text, said.turn, said.at) == (whole, one[-1].turn, one[-1].at)
    assert [w.start_ms for w in said.words] == sorted(w.start_ms for w in said.words)


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (("how much is it?", "and do you have sso?"), 1),
        (("hi", "how much is it?", "we're 50 people"), 2),
        (("We're 50 people.", "In Boston."), 1),
    ],
)
def test_what_is_whole_ends_a_turn(texts, first):
    assert len(together(messages(*texts))) == first


def test_messages_far_apart_are_turns_of_their_own():
    assert len(together(messages("we use snowflake", "how much is it", apart_s=60))) == 1


def test_the_answer_waits_for_who_writes_on_and_never_long():
    one = messages("do you integrate with")
    start = one[0].at
    assert due(one) == start + OPEN
    assert due(one, start + timedelta(seconds=2)) == start + timedelta(seconds=2) + WRITES
    assert due(one, start + timedelta(seconds=7)) == start + MOST
    assert due(one, start - timedelta(seconds=1)) == start + OPEN, "they wrote this very message"
    whole = messages("do you integrate with snowflake?")
    assert due(whole, start + timedelta(seconds=1)) == start, "whole, whatever comes next"
    many = messages(*["and"] * 12, apart_s=1)
    assert due(many, many[-1].at + timedelta(seconds=1)) == many[-1].at


def test_a_signal_stands_at_the_message_that_says_it():
    one = messages("we're 200 people", "on snowflake")
    found = placed(told("200 people", one[-1].turn), one)
    assert (found.turn, found.start_ms) == (one[0].turn, one[0].ms)
    other = told("two hundred", 1)
    assert placed(other, one) is other


def test_no_text_takes_long_to_judge():
    began = time.perf_counter()
    for piece in ("hi ", "quick question ", "question", "a ", "...", "i have got a ", "so,-:"):
        patience(piece * 2000)
    assert time.perf_counter() - began < 2
