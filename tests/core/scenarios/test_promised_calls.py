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


async def booked() -> Talk:
    talk = caller()
    for words in ("can i get a demo", "friday at ten", "yes", "sam at helpnow dot org", "yes"):
        turn = await talk.says(words)
    assert talk.state.meeting.booking is not None, turn.text
    return talk


async def test_how_long_it_is_right_after_a_booking_is_about_the_meeting():
    turn = await (await booked()).says("how long is it")
    assert "minutes" in turn.text and not turn.citations


async def test_the_first_question_put_off_after_a_booking_is_not_one_more():
    talk = await booked()
    turn = await talk.says("can it read cobol copybooks from our mainframe")
    assert "get back" in turn.text or "follow up" in turn.text, turn.text
    turn = await talk.says("and does it come in a leather case")
    assert "get back" not in turn.text and "follow up" not in turn.text, turn.text


async def test_a_day_by_its_date_takes_an_hour_said_later():
    talk = Talk()
    await talk.says("can someone call me next tuesday morning")
    turn = await talk.says("ten works")
    assert "on Tuesday, December 8 at ten" in turn.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("between nine and eleven", "on Friday between nine and eleven"),
        ("from nine to eleven", "on Friday from nine to eleven"),
        ("at fourteen hours", "on Friday at fourteen hours"),
        ("after thirteen thirty", "on Friday after thirteen thirty"),
    ],
)
async def test_hours_of_a_promised_call_are_kept_however_they_are_said(words, said):
    talk = Talk()
    await talk.says("can you call me friday")
    turn = await talk.says(words)
    assert said in turn.text
    again = Talk()
    turn = await again.says(f"can you call me friday {words}")
    assert said in turn.text


async def test_figures_that_are_no_hours_make_no_time():
    talk = Talk()
    await talk.says("can you call me friday")
    for words in ("we're between nine and eleven people", "it takes from two to four weeks"):
        turn = await talk.says(words)
        assert talk.state.callback.when == "on Friday", turn.text
    assert talk.known("employees") == ["9-11"]


@pytest.mark.parametrize(
    "words",
    [
        "hi i'm calling for my boss he wants to know what you charge",
        "we are a small logistics firm in ohio i'd like to know what it costs",
    ],
)
async def test_a_question_announced_late_in_a_run_on_turn_is_answered(words):
    turn = await Talk().says(words)
    assert turn.citations and turn.citations[0].startswith("plans@"), turn.text


async def test_a_statement_is_never_told_that_something_cannot_be_shared():
    turn = await Talk().says("our company is growing fast")
    assert not turn.citations


async def test_is_anyone_there_checks_the_line_and_asks_for_nobody():
    talk = Talk()
    turn = await talk.says("hey is anyone there")
    assert talk.state.callback is None and "here" in turn.text
    await talk.says("is there anyone there i can talk to")
    assert talk.state.callback is not None


@pytest.mark.parametrize("words", ["okay what's the email", "what was the address again"])
async def test_who_is_sent_elsewhere_may_ask_for_the_address_once_more(words):
    talk = Talk()
    await talk.says("i have a question about my invoice")
    turn = await talk.says(words)
    assert "support@tideline.example" in turn.text


async def test_a_number_without_its_area_code_is_asked_for_whole():
    talk = Talk()
    await talk.says("can somebody ring me tomorrow")
    turn = await talk.says("it's five five five oh one seven seven")
    assert "area code" in turn.text and not talk.known("phone")


async def test_whenever_is_no_plan_and_a_minute_of_delay_no_wait():
    talk = Talk()
    await talk.says("can somebody ring me tomorrow")
    await talk.says("whenever")
    assert not talk.known("timeline")
    await talk.says("do you handle real time sync")
    turn = await talk.says("like under a minute")
    assert "time" not in turn.text.lower(), turn.text


async def test_the_name_of_another_is_taken_without_greeting_them():
    talk = Talk()
    await talk.says("can you call my boss tomorrow")
    turn = await talk.says("his name is victor lang")
    assert talk.known("name") == ["Victor Lang"] and "Victor Lang" in turn.text
    assert "meet you" not in turn.text


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("how do i sign up", "trial@1#4"),
        ("where do i go", "trial@1#4"),
        ("how quickly can we get going", "onboarding@1#1"),
    ],
)
async def test_how_and_how_soon_to_begin_are_answered(words, article):
    talk = Talk()
    await talk.says("do you have a trial")
    turn = await talk.says(words)
    assert article in turn.citations, turn.text


async def test_somebody_named_who_called_is_one_of_us():
    talk = Talk()
    await talk.says("i'm returning a call")
    await talk.says("someone named tom")
    assert talk.state.callback is not None and talk.state.callback.owner == "tom-beckett"


async def test_billing_words_are_no_purpose():
    talk = Talk()
    for words in ("do you support snowflake", "so which plan", "billed monthly"):
        await talk.says(words)
    assert not [v for v in talk.known("use_case") if "bill" in v]


@pytest.mark.parametrize("words", ["uh what's it run", "what would that run us"])
async def test_what_it_runs_is_what_it_costs(words):
    turn = await Talk().says(words)
    assert "plans@1#1" in turn.citations, turn.text
