"""What is believed of words that a recogniser was unsure of."""

from dataclasses import replace

import pytest

from core.commands import (
    AskProduct,
    Command,
    DeclineRecording,
    Deny,
    ProvideContact,
    ProvideSignal,
    Unclear,
)
from core.conversation.state import ConversationState
from core.talk import UserSaid, Word
from tests.core.conversation.meanings import MONDAY_NOON, OPENED, SAMPLE, reader
from tests.core.states import awaiting, under_way
from tests.core.talk import Talk

STATE = under_way(OPENED)


def heard(*words: tuple[str, float], sure: float = 0.7) -> UserSaid:
    """A turn of stretches of words with the recogniser's confidence in them."""
    one = [(word, c) for stretch, c in words for word in stretch.split()]
    timed = tuple(Word(w, 300 * n, 300 * n + 250, c) for n, (w, c) in enumerate(one))
    text = " ".join(w for w, _ in one)
    return UserSaid(2, text, 0, 300 * len(one), MONDAY_NOON, timed, sure)


def read(said: UserSaid, state: ConversationState = STATE) -> tuple[Command, ...]:
    return reader(SAMPLE).read(said, state)


def test_a_question_that_was_heard_badly_is_asked_for_again_and_then_answered():
    said = heard(("okay so", 0.6), ("can i pay okay we", 0.2), sure=0.3)
    (found,) = read(said)
    assert isinstance(found, Unclear) and found.reason == "doubtful"
    assert any(isinstance(c, AskProduct) for c in read(said, replace(STATE, unclear=1)))
    assert any(isinstance(c, AskProduct) for c in read(replace(said, words=(), confidence=1.0)))


def test_nonsense_that_was_heard_badly_is_not_noted_as_if_it_had_been_told():
    (found,) = read(heard(("we my accounting team are thinking any more", 0.3), sure=0.35))
    assert isinstance(found, Unclear) and found.reason == "doubtful"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ([("never mind of", 0.5), ("july", 0.03), ("sign up", 0.5)], ProvideSignal),
        ([("they", 0.2), ("i sign", 0.02), ("but the difference", 0.9)], ProvideSignal),
        ([("my name is", 0.9), ("google um", 0.03)], ProvideContact),
    ],
)
def test_a_fact_in_words_that_were_guessed_is_none(words, kind):
    assert not any(isinstance(c, kind) for c in read(heard(*words)))


def test_what_was_asked_for_is_taken_however_unsure():
    asked = awaiting(STATE, ask="name", turn=1)
    found = read(heard(("gregory palmer", 0.05)), asked)
    assert any(isinstance(c, ProvideContact) for c in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("we're a friend it's hurry taylor with about sixty employees", None),
        ("my name is gregory com er i'm the head of analytics", "Gregory"),
        ("it's dana with acme", "Dana"),
    ],
)
def test_a_name_has_no_fillers_and_is_not_read_out_of_the_middle(text, name):
    found = [c.value for c in read(heard((text, 0.9))) if isinstance(c, ProvideContact)]
    assert found[:1] == ([name] if name else [])


def test_a_tool_somebody_works_with_is_not_who_they_work_for():
    assert not any(
        isinstance(c, ProvideContact) for c in read(heard(("will we work with shopify", 0.9)))
    )


def test_a_letter_said_about_a_spelling_is_no_part_of_an_address():
    found = read(heard(("it's julia with a j j u l i a at north data dot io", 0.9)))
    (address,) = [c.value for c in found if isinstance(c, ProvideContact) and c.field == "email"]
    assert address == "julia@northdata.io"


@pytest.mark.parametrize("text", ["in the cto", "um in the operations manager"])
def test_in_the_before_nothing_but_a_title_was_i_am_the(text):
    assert [c.criterion for c in read(heard((text, 0.8))) if isinstance(c, ProvideSignal)] == [
        "role"
    ]


def test_who_would_rather_something_about_the_recording_does_not_want_it():
    found = read(heard(("i would rather you to record me", 0.6)))
    assert any(isinstance(c, DeclineRecording) for c in found)


@pytest.mark.parametrize(
    "text",
    ["i have to ask my boss before we buy anything", "i'd have to check with my manager first"],
)
async def test_who_has_to_ask_somebody_says_no_to_nothing_that_was_not_proposed(text):
    assert not any(isinstance(c, Deny) for c in read(heard((text, 0.9))))
    talk = Talk()
    await talk.says(text)
    assert talk.state.recording.consent == "given" and not talk.state.ending.closing


async def test_only_a_no_in_so_many_words_turns_the_recording_off():
    for text, recording in (("i'm good", "given"), ("no", "declined")):
        talk = Talk()
        await talk.says(text)
        assert talk.state.recording.consent == recording


def test_what_should_be_done_at_a_time_is_no_question():
    said = heard(("let's do it next monday at eleven in the morning", 0.9))
    assert not any(isinstance(c, AskProduct) for c in read(said))


async def test_what_is_said_again_is_what_we_said_before_we_did_not_understand():
    talk = Talk()
    await talk.says("how much is the growth plan")
    await talk.says("um")
    turn = await talk.says("what did you say")
    spoken = " ".join(s.text for s in turn.sentences)
    assert "$1,200" in spoken and "missed that" not in spoken
