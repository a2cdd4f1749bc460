"""The purpose of a promised call, as its rep reads it."""

import pytest

from core.callbacks.wanted import wanted
from core.events import (
    CallbackRequested,
    Fact,
    QuestionDeferred,
    QuestionRaised,
    SignalCaptured,
    Speaker,
    UtteranceRecorded,
)
from tests.core.talk import MONDAY_NOON


def said(turn: int, text: str, speaker: Speaker = "caller") -> UtteranceRecorded:
    return UtteranceRecorded(turn, speaker, text, 0, 1)


ASKED = CallbackRequested(3, "Yes, that's right.", "today", "maya", "", "", "")


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ([said(1, "We have a leak in the warehouse roof.")],
         "We have a leak in the warehouse roof."),
        ([said(1, "We have a leak in the roof."),
          QuestionDeferred("q", "Do you work at night?", 1, "maya", "")], "Do you work at night?"),
        ([said(1, "Hello.")], ""),
    ],
)  # fmt: skip
def test_a_bare_yes_is_no_reason_for_a_call(before: list[Fact], reason: str):
    facts = [
        *before,
        said(3, "Yes, that's right."),
        said(3, "Maya calls you then.", "agent"),
        ASKED,
    ]
    made = wanted(facts, MONDAY_NOON)
    assert made is not None and (made.reason, made.quote) == (reason, "Yes, that's right.")


NUMBER = SignalCaptured(
    "s", "phone", "+13035550145", "positive", "stated", 0.9, "303 555 0145", 2, 0, 1
)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ([said(1, "Can someone call me on Monday about pricing for 300 seats?")],
         "pricing for 300 seats"),
        ([said(1, "Do you have single sign-on?"),
          QuestionRaised("q", "Do you have single sign-on?", 1, 0, 1),
          said(2, "Could your people call me to discuss the contract?")], "the contract"),
        ([said(1, "Do you have an office in Lima?"),
          QuestionRaised("q", "Do you have an office in Lima?", 1, 0, 1),
          said(2, "Please call me about that tomorrow.")], "Do you have an office in Lima?"),
        ([said(1, "Call me about the contract."),
          QuestionDeferred("q", "Who signs it?", 1, "maya", "")], "the contract; Who signs it?"),
        ([said(1, "We have a leak in the roof."), NUMBER,
          said(2, "It's 303 555 0145, thanks.")], "We have a leak in the roof."),
    ],
)  # fmt: skip
def test_what_a_call_was_asked_for_is_its_purpose_and_a_number_is_none(
    before: list[Fact], reason: str
):
    made = wanted([*before, ASKED], MONDAY_NOON)
    assert made is not None and made.reason == reason
