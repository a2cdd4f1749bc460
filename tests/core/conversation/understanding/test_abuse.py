"""Abuse is what is aimed at us: the second time, we hang up."""

import pytest

from tests.core.conversation.meanings import in_a_call


def abuse(text: str) -> bool:
    return any(type(c).__name__ == "Abuse" for c in in_a_call(text))


@pytest.mark.parametrize(
    "text",
    [
        "you stupid bot",
        "you guys are useless",
        "you're a complete moron",
        "what are you, you sound like an idiot",
        "are you stupid",
        "fuck you",
        "oh fuck off",
        "shut the fuck up",
        "just shut up",
        "say something useful, idiot",
        "go to hell",
        "i'm not talking to a stupid robot",
        "useless bot",
        "you lying piece of garbage",
    ],
)
def test_an_insult_to_us_is_abuse(text):
    assert abuse(text)


@pytest.mark.parametrize(
    "text",
    [
        "is your setup idiot proof?",
        "we need something moron proof",
        "holy shit that's cheap",
        "shit, sorry, i dropped the phone",
        "this fucking connector broke again",
        "what the fuck is reverse etl",
        "our old scanner is a piece of crap",
        "my boss is an idiot",
        "i'm an idiot, it's 0142",
        "he won't shut up about it",
        "does it shut up shop at night",
        "this stupid machine broke again",
        "oh great, another damn robot",
        "damn, that's expensive",
    ],
)
def test_swearing_at_anything_else_is_none(text):
    assert not abuse(text)
