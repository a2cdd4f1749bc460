"""Requests for one's own data are passed on; questions on data handling are answered."""

import pytest

from core.events import Flagged, PromiseMade
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, engine

DANA = (("email", "dana@northwind.example"),)


def talk(channel: str, contact: tuple[tuple[str, str], ...] = ()) -> TextTalk:
    opened = ConversationOpened("c1", channel, "inbound", None, None, MONDAY_NOON, contact=contact)
    return TextTalk(engine(), opened)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Under Article 17 GDPR I request that you delete all data you hold about me.", "deleted"),
        ("Please delete everything I sent you.", "deleted"),
        ("I want to know what data you hold on me, under GDPR.", "we hold on you"),
        ("Where did you get my email address from?", "we hold on you"),
        ("This is a subject access request. I expect an answer within 30 days.", "we hold on you"),
    ],
)
async def test_a_request_for_ones_own_data_has_an_owner_and_is_asked_nothing(words, told):
    mail = talk("email", DANA)
    turn = await mail.says(words)
    assert told in turn.text and not turn.asks and not turn.citations, turn.text
    assert [f.kind for f in mail.facts if isinstance(f, Flagged)] == ["data_request"]
    assert [f.owner for f in mail.facts if isinstance(f, PromiseMade)]


async def test_where_the_answer_is_to_go_is_asked_in_a_chat():
    chat = talk("chat")
    assert (await chat.says("what information do you have about me")).asks == ["email"]
    turn = await chat.says("ann@loopcart.example")
    assert "ann@loopcart.example" in turn.text and not turn.asks


async def test_who_wants_no_contact_either_is_told_both():
    chat = talk("chat")
    turn = await chat.says("delete my data and stop emailing me")
    assert "deleted" in turn.text and "writing" not in turn.text and chat.state.ending.opted_out


@pytest.mark.parametrize(
    "words",
    [
        "do you delete my data when I cancel?",
        "can we delete our data in Tideline ourselves?",
        "what data do you store about our customers?",
        "what do you know about my industry?",
        "do you support data subject access requests?",
    ],
)
async def test_what_the_product_does_with_data_is_a_question_of_the_product(words):
    chat = talk("chat")
    await chat.says(words)
    assert not chat.state.ending.opted_out and not chat.state.wants.human
