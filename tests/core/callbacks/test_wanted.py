"""The purpose of a promised call, as its rep reads it."""

import pytest

from core.callbacks.wanted import wanted
from core.events import CallbackRequested, Fact, QuestionDeferred, Speaker, UtteranceRecorded
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
