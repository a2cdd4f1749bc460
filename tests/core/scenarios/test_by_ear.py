"""What would shame a careful listener: wrong facts, missed points, hang-ups, non-answers."""

import pytest

from core.handoff.brief import brief
from core.scheduling.memory import MemoryDesk
from tests.core.scenarios.talks import EVENING
from tests.core.talk import MONDAY_NOON, OTHER, Talk, Turn, sample


def talk(**given) -> Talk:
    return Talk(desk=MemoryDesk(sample().company), **given)


def corvane() -> Talk:
    return Talk(desk=MemoryDesk(sample(OTHER).company), folder=OTHER, caller="+4969555010")


async def last(it: Talk, *lines: str) -> Turn:
    """The turn in which the last of some lines is answered."""
    for line in lines:
        turn = await it.says(line)
    return turn


# --- times on offer ------------------------------------------------------------------------------


@pytest.mark.parametrize("no", ["no", "nope", "no thanks", "let's do this on a later date"])
async def test_a_plain_no_to_times_is_asked_when_it_would_suit(no):
    it = talk()
    turn = await last(it, "i want a demo", no)
    assert "?" in turn.text and turn.asks == ["offer:callback"] and it.state.meeting.booking is None
    turn = await it.says("thursday afternoon")
    assert "Thursday" in turn.text and turn.asks == ["offer:slots"]


async def test_who_wants_neither_time_nor_call_is_asked_no_more():
    turn = await last(talk(), "i want a demo", "no", "no")
    assert turn.asks == ["offer:more"]


async def test_a_yes_to_a_call_instead_of_the_times_is_a_call():
    it = talk()
    await last(it, "i want a demo", "no", "yes please")
    assert it.state.callback is not None


@pytest.mark.parametrize("words", ["cancel it", "forget it", "please cancel that"])
async def test_times_that_are_only_on_offer_may_be_dropped(words):
    it = talk()
    turn = await last(it, "i want a demo", words)
    assert not it.state.times.slots and not turn.citations and it.state.meeting.booking is None


async def test_whether_something_may_be_cancelled_any_time_books_no_time():
    it = talk()
    turn = await last(it, "i want a demo", "can i cancel it any time")
    assert it.state.meeting.booking is None and turn.citations == [
        "cancellation@1#1",
        "cancellation@1#3",
    ]


@pytest.mark.parametrize(
    "words", ["let's do this on a later date", "can we talk about this another time"]
)
async def test_who_puts_the_talk_off_is_asked_when_to_call(words):
    it = talk()
    turn = await last(it, words)
    assert turn.asks == ["callback_time"]
    await it.says("friday morning")
    assert it.state.callback is not None and "Friday" in it.state.callback.when
    assert it.known("timeline") == []


async def test_who_wants_to_be_set_up_with_somebody_is_offered_times():
    it = talk()
    await last(it, "okay set me up with somebody then, tomorrow afternoon")
    assert it.state.times.slots and it.known("timeline") == []


async def test_a_day_that_works_after_a_call_was_proposed_is_for_that():
    it = talk()
    await last(
        it, "he wants to know if you can write back to the warehouse",
        "and i wanna know what it costs for a company of sixty", "we're a startup in denver",
        "yeah monday works for both of us",
    )  # fmt: skip
    assert it.state.times.slots and it.known("timeline") == []


async def test_another_hour_alone_moves_the_call_on_its_day():
    it = talk(at=EVENING, after_hours=True)
    await last(it, "can somebody call me tomorrow morning", "oh make it nine thirty", "it's lisa")
    assert it.state.callback is not None and it.state.callback.when == "tomorrow at nine thirty"
    assert it.known("name") == ["Lisa"]


async def test_what_is_asked_after_a_name_was_asked_for_is_no_name():
    it = talk()
    await last(
        it, "can somebody call me tomorrow morning", "make it nine thirty", "and is it loud?"
    )
    assert it.known("name") == []


async def test_a_weekday_for_a_call_of_next_week_is_of_that_week():
    it = talk()
    await last(it, "can you just call me next week sometime", "tuesday afternoon's good")
    assert it.state.callback is not None and it.state.callback.day == "2026-12-08"


async def test_a_call_on_another_number_is_at_the_hour_of_that_place():
    it = talk()
    await last(
        it, "i'd like to speak to sofia alvarez", "have her call me after four",
        "my mobile is 617 555 0199", "yes",
    )  # fmt: skip
    assert it.state.callback is not None and it.state.callback.when == "today after four"


@pytest.mark.parametrize(
    "words",
    [
        "could somebody come by and have a look at our lab",
        "could one of your people come and have a look at the room",
        "can someone come out to our lab and show us",
    ],
)
async def test_who_wants_a_visit_hears_that_it_begins_with_a_call(words):
    it = corvane()
    turn = await last(it, words)
    assert "by phone first" in turn.text and it.state.times.slots


async def test_a_visit_is_not_confirmed_as_a_call():
    it = corvane()
    turn = await last(
        it, "you can record. we're a hospital, we need a freezer for sample storage by march",
        "the first one",
    )  # fmt: skip
    assert it.state.meeting.booking is not None and it.state.meeting.booking.meeting == "visit"
    assert "Anke will come to you" in turn.text


# --- facts that are none -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "words", "criterion"),
    [
        ("i want a demo", "wednesday. there would be two of us", "employees"),
        ("what's your cheapest plan", "three ninety? that's steep man", "employees"),
        ("what's your cheapest plan", "three hundred ninety a month?", "employees"),
        ("do you have a soc 2", "type two or type one", "employees"),
        ("hello", "we want one login for everybody, is that possible", "tech_stack"),
        ("hi there", "no she's expecting my call", "role"),
        ("hello", "are you open on friday", "timeline"),
        ("hello", "i asked about your enterprise plan on monday", "timeline"),
        ("who else uses it", "any hospitals", "industry"),
        ("can you send me your dpa", "legal at brightfield dot org", "industry"),
        ("hello", "okay so i'm in manufacturing", "role"),
        ("what does it cost", "me and the ciso decide together", "role"),
        ("do you load google sheets", "every morning at six", "employees"),
    ],
)
async def test_what_only_sounds_like_a_fact_is_not_stored(before, words, criterion):
    it = talk()
    await last(it, before, words)
    assert it.known(criterion) == []


@pytest.mark.parametrize(
    "words", ["how much is one unit?", "how much is one freezer", "what would it cost for one unit"]
)
async def test_one_that_a_price_is_asked_for_is_no_number_wanted(words):
    it = corvane()
    turn = await last(it, words)
    assert it.known("quantity") == [] and "prices" in turn.citations[0]


async def test_one_thing_in_a_quote_is_one():
    it = corvane()
    await last(it, "could i get a quote for one centrifuge")
    assert it.known("quantity") == ["1"]


async def test_a_bare_thing_is_no_purpose():
    it = corvane()
    await last(it, "you may record. is the freezer ivdr compliant", "then the centrifuge")
    assert it.known("use_case") == []


async def test_a_figure_put_right_with_a_question_is_put_right():
    it = talk()
    await last(it, "we're a bank, about four hundred", "sorry did i say four hundred, i meant four"
               " thousand")  # fmt: skip
    assert it.known("employees") == ["4000"] and not it.state.questions


async def test_a_tool_that_is_denied_is_not_kept_for_being_named_again():
    it = talk()
    await last(
        it, "we're on databricks", "it's not databricks actually it's teradata, databricks is the"
        " other division",
    )  # fmt: skip
    assert it.known("tech_stack") == ["Teradata"]


async def test_a_name_said_again_after_a_sorry_is_theirs():
    it = talk()
    await last(it, "we have hubspot", "no salesforce. sorry. salesforce")
    assert it.state.signals.value("tech_stack") == "Salesforce" and it.state.signals.active[
        -1
    ].polarity == ("positive")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("we are two fifty. two of us decide", "250"),
        ("we're about one thousand, two hundred people", "1200"),
    ],
)
async def test_a_number_ends_where_its_sentence_does(words, value):
    it = talk()
    await last(it, words)
    assert it.known("employees") == [value]


@pytest.mark.parametrize(
    "words",
    [
        "who decides on that is my boss",
        "well the one who signs off on these things is our cfo",
        "i'd have to get brian to sign off on that",
    ],
)
async def test_who_else_decides_is_noted(words):
    it = talk()
    await last(it, "what does it cost", words)
    assert it.known("role") == ["not the decision maker"]
    told = [c["text"] for c in brief(it.facts, sample().company)["concerns"]]
    assert not any("not not" in text for text in told)


async def test_what_they_want_to_know_of_their_customers_is_their_purpose():
    it = talk()
    await last(it, "We want to know who's about to churn")
    assert it.known("use_case") == ["product usage in CRM"] and not it.state.questions


# --- questions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        (("pricing for 40 users?",), "plans@1#1"),
        (("how much is growth", "okay and roughly what are we talking money wise"), "growth"),
        (("how much is growth", "and is that per office or what"), "plans@1#2"),
        (("how much is growth", "and if we went monthly"), "growth-plan@1#1"),
        (("what does tideline cost", "what's the catch?"), "setup-fee"),
        (("hello", "price?"), "plans@1#1"),
        (("hello", "okay marina. what does tideline actually do"), "what-is-tideline"),
        (("hello", "can you beat forty thousand"), "discounts"),
        (("what would it be a month", "and for eleven shops"), "plans@1#2"),
        (("sorry who did you say you were", "and you're selling what"), "what-is-tideline"),
        (("can you do two fifty", "come on, there must be something you can do"), ""),
        (("what's your address",), "about-company"),
        (("how long is the trial", "and do i need a credit card"), "trial"),
        (("do you connect to salesforce", "and how often does it update"), "sync-frequency"),
    ],
)
async def test_a_question_is_answered_from_what_it_asks_about(words, cited):
    it = talk()
    turn = await last(it, *words)
    assert not cited or turn.citations[0].startswith(cited)
    assert it.state.questions and not it.state.open_questions()


@pytest.mark.parametrize(
    "words",
    [
        "we're gyms and i wanna get member data out of mindbody is that something you guys do",
        "and deletes, do those propagate",
        "who else uses it and can i talk to one of them",
        "and your fax number",
    ],
)
async def test_no_question_is_passed_over(words):
    it = talk()
    await last(it, "what does tideline do", words)
    assert len(it.state.questions) > 1


async def test_how_old_we_are_is_no_question_of_waiting():
    turn = await last(talk(), "how long have you been around?")
    assert "get back to you" in turn.text and "how long until" not in turn.text


@pytest.mark.parametrize("words", ["what are your sales hours", "when can i reach your sales team"])
async def test_our_hours_are_those_of_the_company(words):
    it = talk()
    turn = await last(it, words)
    assert "Monday to Thursday from 8 AM to 7 PM and Friday from 8 AM to 5 PM" in turn.text
    assert it.state.callback is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("are you open tomorrow", "here tomorrow from 8 AM to 7 PM"),
        ("are you open on saturday", "closed on Saturday"),
        ("are you open on december 24th", "closed"),
    ],
)
async def test_the_hours_of_a_day_count_its_holidays(words, says):
    assert says in (await last(talk(at=MONDAY_NOON), words)).text


async def test_a_figure_of_ours_asked_back_is_confirmed():
    turn = await last(talk(), "what's your cheapest plan", "three hundred ninety a month?")
    assert turn.text in ("That's right.", "Yes, that's it.")


async def test_a_question_asked_twice_is_owed_once():
    it = talk()
    await last(it, "can you do two fifty", "come on, there must be something you can do")
    assert len(brief(it.facts, sample().company)["outstanding_questions"]) == 1


# --- nobody is hung up on or sent away -----------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["do i lose my data", "no she's expecting my call", "no not miller, müller",
     "that is not a lot", "no i need someone now"],
)  # fmt: skip
async def test_what_is_no_goodbye_ends_nothing(words):
    turn = await last(talk(), "i'd like to speak to sofia alvarez", "it's about pricing", words)
    assert turn.action is None


@pytest.mark.parametrize(
    "words",
    ["no", "no thanks", "no that's all i needed", "nope we're all set thank you", "no you've been"
     " very helpful", "no i think that covers it"],
)  # fmt: skip
async def test_a_no_to_anything_else_ends_the_call(words):
    turn = await last(talk(), "how much is growth", "okay thanks", words)
    assert turn.action is not None and turn.action.kind == "hang_up"


async def test_who_asks_what_our_thing_does_sells_us_nothing():
    it = talk()
    await last(it, "hey so quick one does your thing do cdc off postgres")
    assert it.state.judged.disqualified is None


async def test_quotes_for_a_professor_are_no_homework():
    it = corvane()
    await last(it, "you may record", "i'm only collecting quotes for my professor")
    assert it.state.judged.disqualified is None


async def test_an_alarm_of_theirs_is_for_service():
    it = corvane()
    await last(it, "hello, our incubator shows an alarm")
    assert it.state.judged.disqualified == "repair"


async def test_who_asks_whom_to_call_hears_it_again():
    turn = await last(
        talk(), "i'm already a customer and our sync's been failing", "well who do i call then"
    )
    assert "support@" in turn.text


# --- manners -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("is this the dental office on fifth", "Marina"),
        ("i'm not sure i have the right number", "Marina"),
        ("i saw your ad", "glad you found us"),
        ("look i've only got two minutes", "Go ahead"),
        ("do you actually understand me?", "here"),
        ("you people never give a straight answer", "sorry"),
    ],
)
async def test_what_callers_say_in_passing_is_met(words, says):
    it = talk()
    assert says in (await last(it, words)).text
    assert not it.state.questions


async def test_who_will_think_about_it_is_not_asked_on():
    turn = await last(talk(), "how much is it", "alright i'll think about it")
    assert turn.asks == ["offer:more"] and turn.action is None


async def test_a_yes_to_a_question_for_a_name_waits_for_it():
    it = talk()
    turn = await last(it, "can i just talk to a human please", "yes")
    assert "go ahead" in turn.text or "What is it" in turn.text
    await it.says("john")
    assert it.known("name") == ["John"]


async def test_what_was_said_again_is_said_again_plainly():
    turn = await last(talk(), "hello?", "sorry can you speak up a bit", "what was that?")
    assert turn.text.count("Sure") + turn.text.count("Of course") == 1


async def test_an_email_with_all_that_is_asked_where_to():
    turn = await last(talk(), "what does tideline do", "could he just get an email with all that")
    assert turn.asks == ["email"]


async def test_a_message_for_him_is_taken():
    it = talk()
    await last(it, "hello", "can somebody tell him thursday is better")
    assert it.state.message == "thursday is better" and it.known("timeline") == []
