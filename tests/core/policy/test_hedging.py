"""What is probably meant is said along with who will answer; by mail also what may be meant."""

import pytest

from core.events import QuestionAnswered, QuestionDeferred
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, engine

UNSURE = "Do you have a SOC 2 Type IV report you can share?"
"""Near to what an article answers, in words that make nobody sure."""


def talk(channel: str = "email") -> TextTalk:
    mail = (("email", "dana@northwind.example"),) if channel == "email" else ()
    opened = ConversationOpened("c1", channel, "inbound", None, None, MONDAY_NOON, contact=mail)
    return TextTalk(engine(), opened)


async def hedged() -> TextTalk:
    mail = talk()
    turn = await mail.says(UNSURE)
    first, *_, last = turn.sentences
    assert first.text.startswith('If you mean "Can you share the SOC 2 report?": We share')
    assert first.kind == "confirm" and first.citations[0].startswith("soc2@")
    assert last.text.startswith("If you mean something else, Maya Lindqvist will get back")
    return mail


async def test_what_may_be_meant_is_answered_along_and_stays_with_its_owner():
    mail = await hedged()
    assert not mail.turns[-1].asks
    owed = [f for f in mail.facts if isinstance(f, QuestionDeferred)]
    assert [(f.text, f.owner) for f in owed] == [(UNSURE.rstrip("?"), "maya-lindqvist")]
    assert not [f for f in mail.facts if isinstance(f, QuestionAnswered)]


NAMED = "is there a named account manager"
"""Likely what a passage says, though its words make nobody sure."""


async def told(channel: str) -> TextTalk:
    live = talk(channel)
    turn = await live.says(NAMED)
    assert turn.sentences[0].kind == "confirm"
    assert turn.sentences[0].citations == ("support-hours@1#3",)
    assert 'If you mean "' not in turn.text and "Maya Lindqvist will" in turn.text
    return live


@pytest.mark.parametrize("channel", ["voice", "chat"])
async def test_what_is_likely_meant_is_said_at_once_and_stays_with_its_owner(channel):
    live = await told(channel)
    owed = [f.owner for f in live.facts if isinstance(f, QuestionDeferred)]
    assert owed == ["maya-lindqvist"]
    assert "offer:meant" not in " ".join(live.turns[-1].asks)


@pytest.mark.parametrize("words", ["that answers my question", "yes that's what I wanted to know"])
async def test_who_says_that_this_was_it_is_owed_no_more(words):
    live = await told("voice")
    turn = await live.says(words)
    assert turn.text.startswith("Good, then that's answered.") and turn.asks == ["offer:more"]
    assert [f.question_id for f in live.facts if isinstance(f, QuestionAnswered)] == ["q1.1"]


@pytest.mark.parametrize("words", ["okay thanks", "yes", "sure"])
async def test_politeness_aloud_leaves_it_with_its_owner(words):
    live = await told("voice")
    await live.says(words)
    assert not [f for f in live.facts if isinstance(f, QuestionAnswered)]


async def test_who_says_that_it_was_not_is_told_who_answers_and_not_seen_off():
    live = await told("voice")
    turn = await live.says("no that's not what I meant")
    assert "Maya" in turn.text and turn.asks == ["offer:more"]
    assert not live.state.ending.closing


async def test_nothing_is_said_along_to_who_wants_a_person():
    turn = await talk("voice").says(f"I want to talk to a person. {NAMED}?")
    assert "account manager" not in turn.text and not turn.citations


async def test_only_one_is_said_along_aloud():
    turn = await talk("voice").says(f"{NAMED}? And how would gdpr removal demands work?")
    assert sum(s.kind == "confirm" for s in turn.sentences) <= 2
    assert len({c for s in turn.sentences for c in s.citations}) == 1


async def test_in_chat_what_is_less_likely_is_asked_back():
    turn = await talk("chat").says("how would gdpr removal demands work")
    assert turn.asks == ["offer:meant:gdpr"]


async def test_a_yes_says_that_nobody_owes_more():
    mail = await hedged()
    turn = await mail.says("Yes, that's exactly what I meant.")
    assert turn.text == "Good, then that's answered."
    answered = [f for f in mail.facts if isinstance(f, QuestionAnswered)]
    assert [f.question_id for f in answered] == ["q1.1"] and answered[0].citations


async def test_a_no_leaves_it_with_its_owner():
    mail = await hedged()
    turn = await mail.says("No, that's not what I meant.")
    assert "Maya" in turn.text and "?" not in turn.text
    assert not [f for f in mail.facts if isinstance(f, QuestionAnswered)]


async def test_what_shares_no_word_with_the_question_is_not_said_along():
    turn = await talk().says("Our rep told us it is not. Which is it?")
    assert "If you mean" not in turn.text


async def test_at_most_two_are_answered_along():
    turn = await talk().says(
        f"{UNSURE}\nHow does it deal with GDPR deletion demands?\n"
        "Would your team build the connector?\nWhich support hours apply to us?"
    )
    assert turn.text.count('If you mean "') == 2


@pytest.mark.parametrize("words", ["Could I talk to a real person, please?", "Thanks, bye."])
async def test_who_writes_is_written_to_and_not_asked_for_a_number(words):
    mail = talk()
    await mail.says("Do you have a colour scheme for zebras?")
    turn = await mail.says(words)
    assert "dana@northwind.example" in turn.text and "number" not in turn.text
