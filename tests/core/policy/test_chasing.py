"""Buyers still waiting for an answer or a call: an apology if it is late, and its owner."""

import pytest

from core.conversation.wording.lines import LINES
from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, engine, sample

DANA = (("email", "dana@northwind.example"),)


def talk(channel: str) -> TextTalk:
    contact = DANA if channel == "email" else ()
    opened = ConversationOpened("c1", channel, "inbound", None, None, MONDAY_NOON, contact=contact)
    return TextTalk(engine(), opened, desk=MemoryDesk(sample().company))


def sorry(text: str) -> bool:
    return any(line in text for line in LINES["let_down"])


@pytest.mark.parametrize(
    "words",
    [
        "I asked yesterday and nobody got back to me.",
        "You still haven't replied to my mail.",
        "We were promised a quote last week. Is anyone actually reading these?",
        "This is the third time I'm asking. I'm still waiting for an answer.",
        "I wrote to you last Tuesday already.",
    ],
)
async def test_who_was_let_down_hears_that_we_are_sorry_and_who_writes(words):
    mail = talk("email")
    turn = await mail.says(words)
    assert sorry(turn.text) and "Maya Lindqvist" in turn.text and "?" not in turn.text
    assert not mail.state.questions and mail.state.given.promises


@pytest.mark.parametrize(
    "words", ["Is there any news?", "Hi, any updates on this?", "Just following up on my mail."]
)
async def test_who_asks_after_something_is_told_who_writes_and_no_question_is_put_off(words):
    mail = talk("email")
    turn = await mail.says(words)
    assert "Maya Lindqvist" in turn.text and not sorry(turn.text) and not mail.state.questions


async def test_what_is_asked_beside_a_complaint_is_answered_and_sorry_is_said_once():
    mail = talk("email")
    first = await mail.says("Nobody got back to me. Do you support Snowflake?")
    assert sorry(first.text) and first.citations == ["snowflake@1#1"]
    second = await mail.says("Still nothing, you never replied.")
    assert not sorry(second.text)


async def test_a_call_that_did_not_come_is_arranged_anew():
    chat = talk("chat")
    first = await chat.says("nobody called me back!!")
    assert sorry(first.text) and first.asks == ["phone"]
    await chat.says("i left my number and was promised a call. +1 312 555 0187")
    assert chat.state.callback is not None
    again = await chat.says("any news?")
    assert chat.state.callback.when in again.text


async def test_in_a_chat_we_ask_where_to_write():
    turn = await talk("chat").says("i asked yesterday and nobody got back to me")
    assert sorry(turn.text) and turn.asks == ["email"]


async def test_a_vendor_who_bumps_is_shown_the_way_out_again_and_promised_nothing():
    mail = talk("email")
    await mail.says("I help SaaS companies like yours with lead generation. Open to a call?")
    turn = await mail.says("Just bumping this. Any thoughts?")
    assert "vendors@tideline.example" in turn.text and not mail.state.given.promises


@pytest.mark.parametrize(
    "words",
    [
        "Any updates on real-time sync?",
        "Nobody here answers to marketing, we use Snowflake.",
        "Our customers asked about SSO last week.",
        "We haven't decided yet.",
        "You were supposed to be cheaper, no?",
    ],
)
async def test_what_only_sounds_like_it_is_no_complaint(words):
    turn = await talk("chat").says(words)
    assert not sorry(turn.text) and "email" not in turn.asks


@pytest.mark.parametrize(
    "words",
    ["Thanks, but we decided to build it ourselves. No need to follow up.",
     "We're all set, no need to reply.", "No need for you to get back to us on this."],
)  # fmt: skip
async def test_who_needs_no_more_is_asked_nothing_and_promised_nothing(words):
    mail = talk("email")
    await mail.says("How many destinations does Starter include?")
    turn = await mail.says(words)
    assert "?" not in turn.text and not turn.citations and not mail.state.given.promises


async def test_thanks_with_a_no_are_taken_as_a_no():
    mail = talk("email")
    await mail.says("Do you support Snowflake? Please propose a call.")
    turn = await mail.says("No thanks, maybe later in the year.")
    assert "Happy to help" not in turn.text and "welcome" not in turn.text


@pytest.mark.parametrize(
    ("words", "competitor"),
    [
        ("We've decided to go with you.", False),
        ("We have a call with you on Thursday.", False),
        ("We already have an account with yours.", False),
        ("To be fair we have a product like yours.", True),
    ],
)
async def test_who_goes_with_us_is_no_competitor(words, competitor):
    chat = talk("chat")
    await chat.says(words)
    assert (chat.state.judged.disqualified == "competitor") is competitor


async def test_who_is_ready_to_buy_is_offered_a_person_and_a_trial_is_answered():
    chat = talk("chat")
    turn = await chat.says("We've decided to go with you. How do we sign up?")
    assert turn.asks == ["offer:callback"] and not chat.state.given.promises
    assert (await chat.says("how do i sign up for the trial")).citations == ["trial@1#4"]


async def test_what_an_applicant_asks_of_the_job_is_not_answered_from_an_article():
    mail = talk("email")
    turn = await mail.says(
        "I'd like to apply for the data engineer position. Is the role remote, and what is the"
        " salary range?"
    )
    assert "careers" in turn.text and not turn.citations and not mail.state.given.promises
