"""A conversation begun by a chat invitation: how the first answer is read."""

import pytest

from core.events import ConversationStarted, Noted
from core.handoff.brief import brief
from core.talk import ConversationOpened, Page
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, engine

PRICES = "Starter is $390 a month"
PLANS = "There are three plans"


def talk(rule: str) -> TextTalk:
    page = Page("https://tideline.example/pricing", "Pricing")
    opened = ConversationOpened(
        "c1", "chat", "inbound", None, None, MONDAY_NOON, page=page, invited=rule
    )
    return TextTalk(engine(), opened)


@pytest.mark.parametrize("yes", ["yes", "Yes please", "sure", "tell me more", "ok, go ahead"])
async def test_a_plain_yes_asks_what_the_invitation_offered(yes: str):
    answer = await talk("pricing").says(yes)
    assert PRICES in answer.text and answer.citations
    assert PLANS in (await talk("pricing-again").says(yes)).text


async def test_a_no_is_taken_as_one_and_a_question_goes_before():
    assert PRICES not in (await talk("pricing").says("no thanks")).text
    other = await talk("pricing").says("sure, and is it HIPAA compliant?")
    assert "health information" in other.text and PRICES not in other.text


async def test_only_the_first_words_are_an_answer_to_it():
    held = talk("pricing")
    await held.says("do you support SSO?")
    assert PRICES not in (await held.says("yes")).text


async def test_the_log_and_the_brief_tell_of_it_and_no_made_up_rule_is_one():
    held = talk("pricing")
    assert Noted("invited", {"rule": "pricing"}) in held.facts
    await held.says("yes")
    assert "on the page “Pricing”, after we offered help" in brief(held.facts)["summary"]
    other = talk("nobody")
    assert [type(fact) for fact in other.facts[:1]] == [ConversationStarted]
    assert not [f for f in other.facts if isinstance(f, Noted) and f.kind == "invited"]
    assert other.opening[-1].text == "What can I help you with today?"
