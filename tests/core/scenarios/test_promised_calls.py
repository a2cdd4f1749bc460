"""What surrounds a promised call or an offered time: why, about what, by whom, and a late yes."""

import pytest

from core.handoff.summary import lines
from core.scheduling.memory import MemoryDesk
from tests.core.talk import Talk, chat, sample


def caller() -> Talk:
    return Talk(desk=MemoryDesk(sample().company))


async def test_who_wants_a_person_and_asks_why_not_is_told_and_keeps_the_call():
    talk = Talk()
    await talk.says("i'd rather talk to a person")
    turn = await talk.says("why not")
    assert "put calls through" in turn.text and "will call you today" in turn.text


async def test_why_not_after_anything_else_says_nothing_of_calls():
    talk = Talk()
    await talk.says("do you support snowflake")
    turn = await talk.says("why not")
    assert "put calls through" not in turn.text


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("it's about the contract renewal", "the contract renewal"),
        ("that would be to go over our quote", "our quote"),
        ("it's about two hundred people", ""),
        ("it's about that", ""),
        ("it's about security and pricing", "security and pricing"),
        ("it's about warranty", "warranty"),
        ("it's about one of your invoices", "one of your invoices"),
        ("that's about all", ""),
        ("it's about the same size", ""),
        ("it's about a million rows", ""),
        ("this was about a year ago", ""),
    ],
)
async def test_what_a_call_is_about_may_be_said_after_it_is_promised(words, about):
    talk = Talk()
    await talk.says("can i speak to maya please")
    turn = await talk.says(words)
    await talk.says("after four today")
    brief = " ".join(line.text for line in lines(talk.facts, sample().company))
    assert (f"about “{about}”" in brief) if about else "about “" not in brief, brief
    assert not about or "Maya" in turn.text


async def test_a_promised_call_goes_to_whoever_the_lead_turns_out_to_be_for_and_they_are_told():
    talk = Talk()
    await talk.says("can someone call me tomorrow at nine")
    assert talk.state.callback is not None and talk.state.callback.owner != "sofia-alvarez"
    await talk.says("we're a hospital group in boston with four thousand employees")
    turn = await talk.says("it's snowflake to salesforce and i'm the cto, we start next month")
    route, callback = talk.state.judged.route, talk.state.callback
    assert route is not None and route.rep == "sofia-alvarez", (turn.text, route)
    assert callback.owner == route.rep and "at nine" in callback.when
    assert "Sofia Alvarez looks after that and will call you tomorrow at nine instead" in turn.text
    again = await talk.says("we also use snowflake")
    assert "instead" not in again.text


async def test_a_call_asked_for_by_name_stays_with_that_person():
    talk = Talk()
    await talk.says("can maya call me tomorrow at nine")
    turn = await talk.says("we're a hospital group in boston with four thousand employees")
    assert talk.state.callback.owner == "maya-lindqvist" and "instead" not in turn.text


async def offered_one() -> Talk:
    talk = caller()
    await talk.says("can i get a demo")
    turn = await talk.says("thursday at noon")
    assert len(talk.state.times.slots) == 1, turn.text
    return talk


async def test_an_address_confirmed_is_a_yes_to_the_one_time_they_asked_for():
    talk = await offered_one()
    await talk.says("priya dot nair at brightpath dot com")
    turn = await talk.says("yes")
    assert talk.state.meeting.booking is not None, turn.text


async def test_an_address_is_no_yes_to_several_times_but_returns_to_them():
    talk = caller()
    await talk.says("can i get a demo")
    await talk.says("priya dot nair at brightpath dot com")
    turn = await talk.says("yes")
    assert talk.state.meeting.booking is None
    assert "?" in turn.text and "meeting" in turn.text, turn.text


async def test_times_offered_unasked_are_returned_to_once_they_say_where_to_reach_them():
    talk = caller()
    for words in ("do you support snowflake", "we're three hundred people", "i'm head of data"):
        turn = await talk.says(words)
    for words in ("we sync snowflake to salesforce", "what does growth cost"):
        turn = await talk.says(words)
        if talk.state.times.slots:
            break
    assert talk.state.times.slots, turn.text
    await talk.says("dana at brightpath dot com")
    turn = await talk.says("yes")
    assert talk.state.awaited.offer == "slots", turn.text


async def test_words_we_cannot_read_leave_the_offered_times_on_the_table():
    talk = caller()
    await talk.says("can i get a demo")
    turn = await talk.says("it'd be me and our cfo")
    assert talk.state.awaited.offer == "slots" and turn.text.endswith("?"), turn.text


@pytest.mark.parametrize(
    "words",
    [
        "that's a bit more than what we pay now",
        "that is twice what we are paying",
        "it's more than we currently spend",
    ],
)
async def test_dearer_than_today_is_an_objection_to_the_price(words):
    talk = chat()
    await talk.says("how much is growth")
    turn = await talk.says(words)
    assert turn.citations and turn.citations[0].startswith("too-expensive@"), turn.text
