"""What people type in their first two minutes with the chat: each once was misread."""

import pytest

from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, Talk, chat, engine


def visitor() -> TextTalk:
    """A website chat that can book, with no number known."""
    opened = ConversationOpened("v", "chat", "inbound", None, None, MONDAY_NOON)
    return TextTalk(engine(), opened, desk=MemoryDesk(engine().loaded.company))


async def booked() -> TextTalk:
    talk = visitor()
    for words in ("can i get a demo", "tomorrow 10am", "yes", "sam@finch.io"):
        turn = await talk.says(words)
    assert talk.state.meeting.booking is not None, turn.text
    return talk


@pytest.mark.parametrize("words", ["what is this", "hey, whats this?", "Whats this all about"])
async def test_what_this_is_asks_what_we_do_on_a_page_that_says_who_writes(words):
    turn = await chat().says(words)
    assert turn.citations[0].startswith("what-is-tideline@"), turn.text


async def test_what_this_is_asks_for_no_article_on_the_telephone():
    talk = Talk()
    turn = await talk.says("what is this?")
    assert not turn.citations and "Marina" in turn.text


async def test_a_letter_before_an_article_is_shorthand_and_no_spelling():
    talk = chat()
    turn = await talk.says("can i speak w a human pls")
    assert talk.state.wants.human, turn.text


@pytest.mark.parametrize(
    "words",
    [
        "i dont want to call, just email me",
        "i dont want a call, just email me",
        "no calls pls, email only",
    ],
)
async def test_who_wants_mail_and_no_call_is_asked_where_to_write(words):
    talk = chat()
    turn = await talk.says(words)
    assert "email" in turn.text.lower() and turn.text.endswith("?"), turn.text
    turn = await talk.says("dan@brightloop.io")
    assert "dan@brightloop.io" in turn.text


async def test_who_only_wants_no_call_is_not_asked_for_an_address():
    turn = await chat().says("i dont want to call")
    assert "email" not in turn.text.lower(), turn.text


@pytest.mark.parametrize(
    ("words", "role"),
    [("CISO", "CISO"), ("vp of data", "VP of data"), ("Head of data here.", "head of data")],
)
async def test_a_title_alone_is_their_own_whatever_was_asked(words, role):
    talk = chat()
    await talk.says("pricing?")
    await talk.says(words)
    assert talk.state.signals.value("role") == role


async def test_a_title_that_is_spoken_of_is_not_their_own():
    talk = chat()
    await talk.says("pricing?")
    await talk.says("the cto")
    assert talk.state.signals.value("role") is None


@pytest.mark.parametrize(
    "words", ["what's my meeting time again", "what time is the demo?", "when is my meeting"]
)
async def test_the_time_of_what_is_booked_is_repeated_however_asked(words):
    turn = await (await booked()).says(words)
    assert "10 AM" in turn.text and not turn.citations, turn.text


@pytest.mark.parametrize("words", ["who do i talk to", "who will i be talking to?"])
async def test_whom_they_meet_is_told_rather_than_a_call_promised(words):
    talk = await booked()
    turn = await talk.says(words)
    assert talk.state.meeting.booking is not None and talk.state.callback is None
    rep = engine().loaded.company.rep(talk.state.meeting.booking.rep)
    assert rep is not None and rep.name.split()[0] in turn.text
    assert "number" not in turn.text, turn.text


async def test_whom_to_talk_to_about_something_else_is_still_a_request():
    talk = await booked()
    await talk.says("who do i talk to about billing")
    assert talk.state.wants.human


async def test_bringing_somebody_is_no_request_for_a_person():
    talk = await booked()
    turn = await talk.says("can someone else join")
    assert not talk.state.wants.human, turn.text


async def test_getting_a_person_is_one_while_times_are_on_offer():
    talk = visitor()
    await talk.says("can i get a demo")
    await talk.says("can i get a real person to walk through the numbers with me")
    assert talk.state.wants.human


async def test_when_the_call_comes_says_nothing_of_who_decides():
    talk = visitor()
    for words in ("can someone call me", "617 555 0199", "sam", "what time is my call"):
        await talk.says(words)
    assert talk.state.signals.value("role") is None


@pytest.mark.parametrize("words", ["EOY", "Eoy", "end of the year"])
async def test_shorthand_in_capitals_is_read_like_the_rest(words):
    talk = chat()
    for said in ("how much is it for 400 people", "snowflake", words):
        await talk.says(said)
    assert talk.state.signals.value("timeline") == "2026-12-31"


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ("what's the cheapest way to get started", "starter-plan"),
        ("who is it for", "what-is-tideline"),
        ("what do i need to have", "onboarding"),
    ],
)
async def test_everyday_ways_to_ask_are_answered(words, article):
    turn = await chat().says(words)
    assert turn.citations and turn.citations[0].startswith(f"{article}@"), turn.text


async def test_who_thinks_over_times_they_asked_for_is_not_pressed():
    talk = visitor()
    await talk.says("i want a demo")
    turn = await talk.says("let me think about it and get back to you")
    assert "call" not in turn.text and "better" not in turn.text, turn.text
    turn = await talk.says("actually thursday works")
    assert "Thursday" in turn.text


@pytest.mark.parametrize("words", ["hey! saw you on linkedin", "found you on google"])
async def test_how_they_found_us_asks_about_no_integration(words):
    talk = chat()
    turn = await talk.says(words)
    assert not turn.citations and not talk.state.signals.active, turn.text


async def test_names_inside_an_address_name_nothing():
    talk = chat()
    await talk.says("my email is hana@stripe-fans.dev")
    assert {s.criterion for s in talk.state.signals.active} == {"email"}


async def test_the_total_is_the_size_of_the_company():
    talk = chat()
    await talk.says("maybe 8 ppl in sales, 90 total")
    assert talk.state.signals.value("employees") == "90"


async def test_per_month_or_year_asks_for_the_price_just_told():
    talk = chat()
    await talk.says("how much is growth")
    turn = await talk.says("per year or month?")
    assert turn.citations[0].startswith("growth-plan@"), turn.text


async def test_asking_for_their_own_earliest_date_takes_no_offered_time():
    talk = visitor()
    await talk.says("i want a demo")
    await talk.says("whens the earliest we can switch")
    assert talk.state.meeting.held is None and talk.state.meeting.booking is None


async def test_a_corrected_hour_is_the_one_that_is_looked_for():
    talk = visitor()
    await talk.says("i want a demo")
    turn = await talk.says("thursday at uh two no three")
    assert "3 PM" in turn.text and "10 AM" not in turn.text, turn.text


@pytest.mark.parametrize("words", ["i don't really know what i need", "we dont know what we want"])
async def test_who_does_not_know_what_they_need_is_not_hung_up_on(words):
    talk = visitor()
    turn = await talk.says(words)
    assert turn.action is None, turn.text


async def test_whether_it_is_a_person_gets_no_yes():
    for words in ("are you a real person", "are you human?"):
        turn = await visitor().says(words)
        assert not turn.text.startswith("Yes"), turn.text


async def test_is_that_what_you_are_asks_what_we_are():
    turn = await chat().says("I'm looking at CDPs, is that what you are?")
    assert "doing well" not in turn.text


@pytest.mark.parametrize(
    ("words", "role"),
    [("it's just me deciding", "decision maker"), ("I'm the only one deciding", "decision maker")],
)
async def test_who_decides_alone_is_no_company_of_one(words, role):
    talk = chat()
    await talk.says("we're 12 people")
    await talk.says(words)
    assert (talk.known("employees"), talk.known("role")) == (["12"], [role])


@pytest.mark.parametrize("words", ["I'm a one man band", "I'm a one-person shop", "it's just me"])
async def test_who_is_alone_is_a_company_of_one(words):
    talk = chat()
    await talk.says(words)
    assert talk.known("employees") == ["1"]


async def test_whom_they_bring_in_is_not_what_they_want_to_do():
    talk = chat()
    await talk.says("we're looking at reverse etl on Snowflake")
    turn = await talk.says("I'd have to bring in our data guy")
    assert talk.known("use_case") == ["reverse ETL"] and not turn.citations


async def test_a_plan_is_not_what_is_planned():
    talk = chat()
    await talk.says("will you sign a BAA")
    turn = await talk.says("ok what plan is that")
    assert turn.citations and not any("roadmap" in c for c in turn.citations), turn.text


async def test_an_oath_is_no_part_of_the_question_after_it():
    talk = chat()
    await talk.says("do you support MongoDB")
    await talk.says("damn. any plans for it?")
    assert talk.state.questions[-1].text == "any plans for it"


@pytest.mark.parametrize(
    ("words", "opens"),
    [
        ("do I need to rebuild all my syncs by hand?", "Our engineers"),
        ("can you help us migrate?", "Yes, our engineers"),
        ("do we need a warehouse to use you?", None),
    ],
)
async def test_a_yes_confirms_no_burden_the_passage_does_not_speak_of(words, opens):
    turn = await chat().says(words)
    assert turn.text.startswith(opens or "") and (opens or "You do need" in turn.text), turn.text


async def test_no_warehouse_is_an_answer_beside_the_tool_they_have():
    talk = chat()
    await talk.says("no warehouse, just Shopify")
    assert set(talk.known("tech_stack")) == {"none", "Shopify"}
    stack = next(c for c in talk.verdict.criteria if c.name == "tech_stack")
    assert stack.state == "not_met", stack


@pytest.mark.parametrize("words", ["our contract is up in March", "contract is up end of Q1"])
async def test_when_their_contract_is_up_they_need_something_else(words):
    talk = chat()
    await talk.says("we use Hightouch")
    await talk.says(words)
    assert talk.known("timeline") == ["2027-03-31"]


async def test_more_volume_in_a_month_is_no_plan():
    talk = chat()
    await talk.says("our volume is up in December")
    assert not talk.known("timeline")


async def test_who_gives_an_address_for_a_call_is_asked_for_the_number_again():
    talk = visitor()
    await talk.says("can you call me Tuesday at 2")
    turn = await talk.says("marcus@norrvik.com")
    assert "number" in turn.text or "reach you" in turn.text
    turn = await talk.says("617 555 0199")
    assert talk.state.callback is not None and "at 2" in turn.text


async def test_who_is_to_be_written_to_is_told_that_the_time_they_named_is_known():
    talk = visitor()
    for words in ("can I talk to someone technical", "Tuesday afternoon"):
        await talk.says(words)
    turn = await talk.says("marcus@norrvik.com")
    assert "marcus@norrvik.com" in turn.text and "Tuesday afternoon" in turn.text


async def test_no_meaning_is_suggested_that_shares_no_telling_word():
    turn = await chat().says("Do you sell here?")
    assert "selling point" not in turn.text


@pytest.mark.parametrize(
    "words",
    [
        "I'm Ben Castillo, ben@castillo.io, 617 555 0133",
        "617-555-0133 or ben@castillo.io",
        "email ben@castillo.io phone 617 555 0133",
    ],
)
async def test_an_address_and_a_number_in_one_line_are_both_taken(words):
    talk = visitor()
    await talk.says(words)
    assert talk.known("email") == ["ben@castillo.io"]
    assert talk.known("phone") == ["+16175550133"]


async def test_where_to_send_the_answer_is_no_question_about_the_product():
    talk = visitor()
    await talk.says("what happens if you get hacked?")
    await talk.says("please email me the answer: ben@castillo.io")
    assert talk.state.questions[-1].reason == "to be sent"
    assert talk.known("email") == ["ben@castillo.io"]


async def test_a_trade_in_a_company_s_name_is_not_said_back():
    turn = await visitor().says("We're Cobalt Foods")
    assert "Cobalt Foods" in turn.text and ", foods" not in turn.text, turn.text


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("I saw your ad on linkedin, what is it exactly", "what-is-tideline"),
        ("we came across your booth at Snowflake summit, how do you compare to Census?", "vs-"),
    ],
)
async def test_how_they_came_to_us_is_no_part_of_what_they_ask_or_have(words, cited):
    talk = chat()
    turn = await talk.says(words)
    assert turn.citations[0].startswith(cited), turn.text
    assert not talk.known("use_case") and not talk.known("tech_stack")


async def test_who_asks_whether_somebody_can_help_wants_a_person():
    talk = visitor()
    await talk.says("is there someone who can help me now")
    assert talk.state.wants.human


async def test_help_with_a_task_is_asked_of_the_product():
    talk = visitor()
    await talk.says("is there someone who can help us migrate")
    assert not talk.state.wants.human


@pytest.mark.parametrize(
    "words", ["I'm with Acme, account number 44192", "invoice 44192", "my ticket is 44192"]
)
async def test_a_reference_is_no_headcount(words):
    talk = chat()
    await talk.says(words)
    assert not talk.known("employees")


async def test_who_is_on_a_plan_of_ours_is_a_customer():
    talk = chat()
    turn = await talk.says("I'm on Growth, account number 44192")
    assert "support@tideline.example" in turn.text


async def test_a_seller_s_number_gets_them_no_call():
    talk = visitor()
    for words in ("we place data engineers, who handles hiring", "415 555 0177"):
        turn = await talk.says(words)
    assert talk.state.callback is None and "vendors@" in turn.text


async def test_what_a_colleague_of_theirs_wants_is_looked_up():
    turn = await chat().says("my boss wants SSO")
    assert turn.citations[0].startswith("sso@"), turn.text


async def test_a_meeting_is_moved_to_its_own_hour_of_another_day():
    talk = visitor()
    for words in ("could I book a demo?", "Thursday 2 pm", "helen@fastfreight.com"):
        await talk.says(words)
    turn = await talk.says("actually can we move it to Friday")
    assert "Friday at 2 PM" in turn.text
    turn = await talk.says("same time")
    assert "December 4 at 2 PM" in turn.text


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("I'd say Q3 next year", "2027-09-30"),
        ("third quarter of next year", "2027-09-30"),
        ("in the summer of next year", "2027-08-31"),
        ("sometime next year", "2027-12-31"),
    ],
)
async def test_a_part_of_next_year_is_that_part(words, by):
    talk = chat()
    await talk.says("we need it live at some point")
    await talk.says(words)
    assert talk.known("timeline") == [by]


async def test_who_needs_streaming_is_no_medium():
    talk = chat()
    await talk.says("we need streaming")
    assert not talk.known("industry")
    await talk.says("we're a music streaming company")
    assert talk.known("industry") == ["media"]
