"""Where written words ask: lists, several things in a sentence, and mere introductions to them."""

import pytest

from core.conversation.understanding.asks.questions import questions
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from tests.core.talk import MONDAY_NOON


def asked(text: str) -> list[str]:
    u = utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON))
    return [u.said.text[a:b] for a, b in questions(u, ())]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Our sheet asks three things: which availability you commit to, whether you have a"
            " climate statement, and whether a blind colleague can work with it.",
            ["which availability you commit to", "whether you have a climate statement",
             "whether a blind colleague can work with it"],
        ),
        (
            "Could you please tell us\n- which model you recommend,\n- whether you take back"
            " old devices, and\n- whether training is included?",
            ["which model you recommend", "whether you take back old devices",
             "whether training is included?"],
        ),
        (
            "a) How do you handle limits?\nb) Do deletes propagate?\n(3) Is there a sandbox?",
            ["How do you handle limits?", "Do deletes propagate?", "Is there a sandbox?"],
        ),
        (
            "1) Describe your pricing model.\n2) Confirm whether data is encrypted.\n"
            "3) Provide three references.",
            ["Describe your pricing model", "Confirm whether data is encrypted",
             "Provide three references"],
        ),
        ("Just tell me the price for 50 million rows.", ["tell me the price for 50 million rows"]),
        ("Hi, can you help us with lead routing?", ["can you help us with lead routing?"]),
        ("Any time limit on the trial?", ["Any time limit on the trial?"]),
    ],
)  # fmt: skip
def test_each_thing_asked_is_asked_by_itself(text, found):
    assert asked(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Could you please tell us the following:",
        "Hi there, can you help with the below?",
        "Could somebody help me out with a few questions?",
        "Has to be finished by the end of May, before the new year gets planned.",
        "Any day next week except Monday, after 2pm UK time.",
        "Any of those works.",
        "I can't decide, whether it is worth it.",
        "We list your product on our site and confirm the order by mail.",
    ],
)
def test_what_leads_up_to_a_question_or_states_something_asks_nothing(text):
    assert asked(text) == []
