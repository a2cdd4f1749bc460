"""Whole telephone conversations as ordinary buyers hold them: moods, detours, changes of mind."""

import pytest

from core.callbacks.wanted import wanted
from core.facts.standing import callback
from core.handoff.brief import brief
from core.scheduling.memory import MemoryDesk
from tests.core.scenarios.talks import EVENING
from tests.core.talk import MONDAY_NOON, OTHER, Talk, Turn, sample


def talk() -> Talk:
    return Talk(desk=MemoryDesk(sample().company))


async def last(it: Talk, *lines: str) -> Turn:
    """The turn in which the last of some lines is answered."""
    for line in lines:
        turn = await it.says(line)
    return turn


# --- manners and a bad line ----------------------------------------------------------------------


async def test_who_tells_how_they_are_and_goes_on_is_not_said_goodbye_to():
    it = talk()
    turn = await last(it, "how are you today", "i'm good thanks. so i was reading about you guys")
    assert turn.action is None and not it.state.ending.closing


@pytest.mark.parametrize(
    "words",
    [
        "hello? you still there?",
        "hello? can you hear me",
        "did i lose you",
        "are we still connected",
    ],
)
async def test_whether_we_are_there_is_no_question_about_the_product(words):
    turn = await last(talk(), "do you connect to postgres", words)
    assert "I'm here" in turn.text


@pytest.mark.parametrize("words", ["say again? you broke up", "you're cutting out", "say again"])
async def test_what_was_lost_on_the_line_is_said_again(words):
    turn = await last(talk(), "do you connect to postgres", words)
    assert "Postgres works" in turn.text


@pytest.mark.parametrize("words", ["who is this exactly", "hi, is this the sales line"])
async def test_who_is_asked_for_in_any_words_is_told(words):
    assert "Marina" in (await last(talk(), words)).text


@pytest.mark.parametrize(
    "words",
    [
        "is it going to snow in boston tomorrow",
        "what's the weather like where you are",
        "did you see the game",
    ],
)
async def test_small_talk_is_owed_no_answer_and_takes_no_time_on_offer(words):
    it = talk()
    turn = await last(it, "i want a demo", words)
    assert "outside what I know" in turn.text
    assert not it.state.questions and it.state.meeting.booking is None


async def test_who_has_somebody_with_them_may_go_ahead():
    turn = await last(talk(), "hi, i've got my cto here with me on the call")
    assert turn.text in ("Of course, go ahead.", "Sure, please do.")


@pytest.mark.parametrize(
    "words",
    [
        "no, i'll call you back",
        "well i'll have him call you",
        "we'll be in touch",
        "bye now dear",
        "can i call back monday",
    ],
)
async def test_who_leaves_in_other_words_is_let_go(words):
    turn = await last(talk(), "what does tideline do", words)
    assert turn.action is not None and turn.action.kind == "hang_up"


async def test_a_no_that_leads_in_to_a_story_ends_nothing():
    it = talk()
    turn = await last(
        it, "hi", "do you have an on-premise airflow operator",
        "yeah no we'd only do it once we've raised money next year",
    )  # fmt: skip
    assert turn.action is None


# --- nobody is pushed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "i don't have time for a demo",
        "no we're not ready to talk to anyone",
        "i don't want a sales call",
    ],
)
async def test_who_wants_no_call_is_offered_none(words):
    it = talk()
    turn = await last(it, "what does tideline do", words)
    assert not it.state.times.slots and not turn.asks or turn.asks == ["offer:more"]
    turn = await last(it, "we're about six hundred, manufacturing, on snowflake")
    assert not {"offer:slots", "offer:callback"} & {*turn.asks}


@pytest.mark.parametrize(
    "words",
    [
        "No, no, don't trouble yourselves.",
        "please don't bother",
        "no, there's no need",
        "well, maybe in a year or two then",
        "perhaps next year",
    ],
)
async def test_a_polite_no_to_the_meeting_is_offered_no_other_times(words):
    it = talk()
    turn = await last(it, "i want a demo", words)
    assert not it.state.times.slots and not it.state.questions and it.state.meeting.booking is None
    assert turn.asks == ["offer:more"]
    turn = await last(it, "we're about six hundred, manufacturing, on snowflake")
    assert not {"offer:slots", "offer:callback"} & {*turn.asks}


@pytest.mark.parametrize(
    ("words", "booked"),
    [
        ("don't worry about it, tomorrow works", True),
        ("there would be two of us, tomorrow at eight is fine", True),
        ("the second one", True),
        ("no, those don't suit", False),
        ("maybe next week", False),
    ],
)
async def test_a_no_to_the_times_or_to_something_else_leaves_the_meeting_wanted(words, booked):
    it = talk()
    await last(it, "i want a demo", words)
    assert (it.state.meeting.booking is not None) is booked
    assert booked or it.state.times.slots


@pytest.mark.parametrize(
    "words",
    [
        "Well, maybe in a year or two then. Do you have something I could read?",
        "let me have one or two days to think",
        "me and two others",
        "there are one or two things i should ask first",
    ],
)
async def test_a_number_that_counts_books_no_time(words):
    it = talk()
    await last(it, "we want a demo on wednesday at two", "no, another time", words)
    assert it.state.meeting.booking is None and it.state.meeting.held is None


@pytest.mark.parametrize(
    "words",
    [
        "do you work with people like me?",
        "we'd have to put this out to tender. do you take part in those?",
        "and one of your people can come to our office for the start?",
    ],
)
async def test_what_only_sounds_like_a_wish_for_a_person_or_a_meeting_is_a_question(words):
    it = talk()
    turn = await last(it, "hello", words)
    assert not it.state.wants.human and not it.state.wants.meeting
    assert it.state.questions and "missed" not in turn.text


@pytest.mark.parametrize("words", ["can we do it with a person", "put me through to a person"])
async def test_a_wish_for_a_person_stays_one(words):
    it = talk()
    await last(it, "hello", words)
    assert it.state.wants.human


async def test_who_would_have_us_come_and_show_it_wants_a_meeting():
    it = talk()
    await last(it, "hello", "can someone come to our office and show us")
    assert it.state.wants.meeting


async def test_a_price_is_told_beside_times_on_offer():
    words = "what would the smallest package set us back per month, and does VAT come on top?"
    it = talk()
    turn = await last(it, "i want a demo", words)
    assert "$390" in turn.text and len(it.state.open_questions()) <= 1
    assert [q.text for q in it.state.questions][1:] == ["does VAT come on top"]


async def test_a_sentence_that_nobody_can_match_goes_to_a_person():
    it = talk()
    words = "Lovely. And if some of it doesn't go through, would I ever know?"
    turn = await last(it, "we have snowflake", words)
    assert it.state.questions and "missed" not in turn.text
    assert "follow up" in turn.text or "get back" in turn.text


@pytest.mark.parametrize(
    "words",
    [
        "We fill Snowflake with Fivetran already. Why would I need you on top of that?",
        "why should we pay for your product",
    ],
)
async def test_why_they_would_need_us_is_asked_of_us(words):
    turn = await last(talk(), words)
    assert turn.citations and turn.citations[0].split("@")[0] in ("why-tideline", "vs-fivetran")


@pytest.mark.parametrize("words", ["why do you need to know", "why would i tell you that"])
async def test_why_we_ask_is_still_told(words):
    turn = await last(talk(), "i run a bakery", words)
    assert not turn.citations and turn.text


async def test_who_was_put_off_or_declined_to_say_is_not_asked_whether_they_may_be_asked():
    turn = await last(talk(), "what does tideline do", "do you have an on-premise airflow operator")
    assert "offer:permission" not in turn.asks
    turn = await last(talk(), "where is the data stored", "i don't want to tell you that")
    assert "offer:permission" not in turn.asks


async def test_nothing_else_is_no_tool_of_theirs():
    it = talk()
    await last(it, "where's the data stored", "fifty people", "no, nothing else")
    assert it.known("tech_stack") == []


async def test_who_was_sent_elsewhere_and_goes_on_about_it_is_still_told_where():
    it = talk()
    turn = await last(it, "hi there's something wrong with our bill", "it's the wrong amount")
    assert "there" in turn.text and "follow" not in turn.text
    turn = await last(talk(), "hi i'm a student at ohio state", "is there a free version for class")
    assert "follow" not in turn.text and "get that" not in turn.text


# --- prices --------------------------------------------------------------------------------------


async def test_a_figure_while_haggling_is_no_head_count():
    it = talk()
    turn = await last(it, "how much is the growth plan", "could you do a thousand?")
    assert "Discounts" in turn.text
    turn = await last(it, "nine hundred then")
    assert it.known("employees") == [] and "Discounts" not in turn.text  # said once


@pytest.mark.parametrize("words", ["so can you match that", "come on, give me twenty percent off"])
async def test_haggling_in_any_words_is_for_a_person_to_decide(words):
    turn = await last(talk(), "what do you charge for starter", words)
    assert "Discounts are for an account executive" in turn.text


@pytest.mark.parametrize(
    "words",
    [
        "hi, finance wants a number by end of day",
        "how many cost it",
        "what's that gonna run me",
        "hi yeah my boss told me to call and get pricing, he's standing right here",
        "we've got five hundred people and snowflake, so what does it cost",
        "good afternoon, calling about pricing",
    ],
)
async def test_a_price_is_wanted_in_many_words(words):
    it = talk()
    turn = await last(it, words)
    assert "$390" in turn.text and it.known("use_case") == []


async def test_a_lot_of_answers_is_no_doubt_about_the_price():
    it = talk()
    turn = await last(it, "is there an audit log", "that's a lot, thanks. we're in insurance")
    assert "fair to weigh" not in turn.text
    turn = await last(it, "what does it cost", "hmm that might be too much for us")
    assert "fair to weigh" in turn.text


# --- times and calls -----------------------------------------------------------------------------


async def test_a_call_asked_for_in_place_of_the_times_is_promised():
    it = talk()
    await last(it, "can i get a demo", "scrap that, have someone call me Friday")
    assert it.state.callback is not None and it.state.callback.when == "on Friday"
    assert "meeting" not in (await last(it, "sarah")).text


async def test_a_time_chosen_after_all_takes_the_place_of_the_call():
    it = talk()
    await last(
        it, "can i get a demo", "can someone call me back first? tomorrow morning",
        "oh you know what the tuesday one works",
    )  # fmt: skip
    assert it.state.meeting.booking is not None and it.state.callback is None


async def test_the_one_of_a_day_is_that_time_and_no_hour():
    it = talk()
    await last(it, "can i get a demo next week", "the monday one")
    assert it.state.meeting.booking is not None


async def test_a_time_just_booked_is_moved_when_another_is_asked_after_and_stays_when_not():
    it = talk()
    turn = await last(it, "can i book a demo", "wednesday", "actually wait, is thursday possible")
    booked = it.state.meeting.booking
    assert "Thursday" in turn.text and "offer:slots" in turn.asks
    turn = await last(it, "hmm no, go back to wednesday")
    assert "stays Wednesday" in turn.text and it.state.meeting.booking == booked
    assert it.known("timeline") == []


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("call me in january maybe", "on January 4"),
        ("call me mid january", "on January 11"),
        ("call me late december", "on December 21"),
    ],
)
async def test_a_month_is_a_stretch_for_a_call(words, when):
    it = talk()
    turn = await last(it, words)
    assert it.state.callback is not None and it.state.callback.when == when
    assert "Nobody is in" not in turn.text and it.known("name") == []


async def test_a_day_of_the_month_named_before_is_that_months():
    it = talk()
    await last(it, "call me in january", "after the tenth please")
    assert it.state.callback is not None and it.state.callback.when == "on January 11"


async def test_a_day_and_its_part_belong_together_though_they_stand_apart():
    it = talk()
    await last(it, "can someone call me back", "thursday is better, in the morning")
    assert it.state.callback is not None and it.state.callback.when == "on Thursday morning"


async def test_the_very_time_they_asked_for_is_offered_as_that():
    turn = await last(talk(), "can i get a demo", "next tuesday at 2")
    assert "is free Tuesday" in turn.text and "also" not in turn.text


async def test_the_same_number_is_a_yes_to_the_time():
    it = talk()
    await last(it, "can i get a demo", "next tuesday at 2", "it's the same number")
    assert it.state.meeting.booking is not None


@pytest.mark.parametrize(
    "words",
    ["can my colleague join too", "could you add my boss to the invite", "can i bring my cto"],
)
async def test_others_are_welcome_at_the_meeting(words):
    it = talk()
    turn = await last(it, "can i get a demo", "wednesday", words)
    assert "have them with you" in turn.text or "They can join" in turn.text
    assert not it.state.questions


async def test_a_call_for_somebody_of_theirs_is_a_meeting():
    turn = await last(talk(), "hi i'm calling for my boss", "could you set up a call with him")
    assert "offer:slots" in turn.asks


async def test_a_voicemail_of_ours_is_a_call_to_return():
    turn = await last(talk(), "hi, someone from your company left me a voicemail")
    assert "Thanks for calling back" in turn.text


# --- who they are --------------------------------------------------------------------------------


async def test_a_name_passed_over_is_asked_once_more_and_taken_whenever_it_comes():
    it = talk()
    turn = await last(it, "who do i talk to about reselling", "ok can he call me tomorrow at 2")
    assert "name" in turn.asks
    turn = await last(it, "make it three", "lena hoff")
    assert it.known("name") == ["Lena Hoff"]


async def test_a_name_and_a_company_may_end_a_turn():
    it = talk()
    await last(it, "yeah it's for the growth plan, jim calloway from riverbend supply")
    assert it.known("name") == ["Jim Calloway"] and it.known("company") == ["Riverbend Supply"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("we're on redshift. oh wait we moved, it's snowflake now", ["Snowflake"]),
        ("we use hubspot, sorry, i meant salesforce", ["Salesforce"]),
        ("we use hubspot, and salesforce too", ["HubSpot", "Salesforce"]),
    ],
)
async def test_a_tool_put_right_in_the_same_breath_leaves_one(words, kept):
    it = talk()
    await last(it, words)
    assert sorted(it.known("tech_stack")) == kept


async def test_may_after_a_correction_is_the_month():
    it = talk()
    await last(it, "what does it cost", "we need it by march, no make that may")
    assert it.known("timeline") == ["2027-05-31"]


async def test_a_size_asked_for_is_taken_from_a_question_and_some_turns_later():
    it = talk()
    await last(it, "do you work with bigquery", "and what's the price for like five hundred people")
    assert it.known("employees") == ["500"]
    it = talk()
    await last(it, "what does it cost", "is there an audit log", "two thousand, give or take")
    assert it.known("employees") == ["2000"]


async def test_what_somebody_believes_is_told_in_whatever_melody():
    it = talk()
    await last(
        it, "what does tideline do", "i think it's called snowflake? our it guy mentioned it"
    )
    assert it.known("tech_stack") == ["Snowflake"] and not it.state.open_questions()


async def test_a_customer_who_wants_more_is_for_sales():
    it = talk()
    await last(it, "hi we're already a customer, wanted to ask about upgrading to enterprise")
    assert (
        it.known("customer") == ["yes"] and it.state.customer and not it.state.judged.disqualified
    )
    it = talk()
    await last(it, "we're already a customer and the upgrade failed, it's broken")
    assert it.state.judged.disqualified == "support"


async def test_what_is_sold_online_is_e_commerce():
    it = talk()
    await last(it, "cool, we sell pet food online, forty of us")
    assert it.known("industry") == ["e-commerce"]


async def test_the_second_way_to_put_a_question_is_no_second_question():
    it = talk()
    await last(it, "does it sync hourly or do i have to wait a day")
    assert [q.status for q in it.state.questions] == ["answered"]


@pytest.mark.parametrize(
    "words",
    [
        "actually can you email me instead",
        "never mind the call",
        "actually no need to call, i'm fine",
    ],
)
async def test_a_promised_call_that_is_not_wanted_any_more_is_not_made(words):
    it = talk()
    await last(it, "can someone call me back", "dana")
    assert callback(it.facts) is not None and wanted(it.facts, MONDAY_NOON) is not None
    turn = await last(it, words)
    assert (
        it.state.callback is None
        and "Maya will call" not in turn.text
        and not it.state.ending.opted_out
    )
    assert callback(it.facts) is None and wanted(it.facts, MONDAY_NOON) is None
    assert not any(p["stands"] for p in brief(it.facts)["promises"])


async def test_another_number_is_no_wish_to_be_left_alone():
    it = talk()
    turn = await last(it, "can someone call me back", "don't call this number, use 312 555 0147")
    assert not it.state.ending.opted_out and "312-555-0147" in turn.text


async def test_what_happens_on_a_day_is_no_wish_for_a_time():
    it = talk()
    await last(it, "can i get a demo", "and what if something breaks on a saturday night")
    assert it.state.times.rounds == 1 and [q.status for q in it.state.questions] == ["answered"]


async def test_how_long_the_set_up_takes_is_not_asked_of_the_meeting():
    turn = await last(talk(), "can i get a demo", "how long does that take to set up")
    assert "first sync" in turn.text


async def test_the_times_on_offer_are_told_again_to_who_says_yes_later():
    it = talk()
    turn = await last(it, "can i get a demo", "do you have sso", "yes please set up a call")
    assert turn.text.startswith("Which") and it.state.times.rounds == 1


async def test_nobody_is_offered_a_time_in_the_middle_of_the_night():
    it = Talk(desk=MemoryDesk(sample().company), at=EVENING, after_hours=True)
    turn = await last(it, "hi, is anyone around", "can i book for tomorrow morning then")
    assert it.state.times.slots and "12 AM" not in turn.text


async def test_annoyance_is_no_doubt_about_a_price_unless_it_is_spoken_of():
    turn = await last(talk(), "this is ridiculous, i've been on hold forever")
    assert "wait" in turn.text
    turn = await last(talk(), "what does it cost", "that's a joke")
    assert "fair to weigh" in turn.text


async def test_a_sum_is_corrected_in_its_thousands():
    it = talk()
    await last(it, "what does it cost", "budget's like twenty k", "no i meant thirty")
    assert it.known("budget") == ["30000"]


async def test_where_the_invitation_is_to_go_is_no_question():
    it = talk()
    await last(it, "can i get a demo", "wednesday", "can you send the invite to k at acme dot com")
    assert not it.state.questions and it.known("email") == ["k@acme.com"]


async def test_a_title_is_said_with_its_name():
    it = Talk(folder=OTHER, desk=MemoryDesk(sample(OTHER).company))
    turn = await last(it, "who is responsible", "professor okoye")
    assert "Professor Okoye" in turn.text


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("so my agents have no clue what they booked, can that sit next to the ticket in zendesk",
         "support context"),
        ("we'd like our reps to see in hubspot who is using the product", "product usage in CRM"),
        ("the hot leads should go first to the senior people", "lead routing"),
    ],
)  # fmt: skip
async def test_what_colleagues_are_to_see_where_tells_the_use(words, value):
    it = talk()
    await last(it, words)
    assert value in it.known("use_case")


async def test_facts_of_a_project_stand_beside_the_wish_for_a_time():
    it = talk()
    await last(it, "we want it by january, budget around 20k, can i see a demo tomorrow")
    assert it.known("timeline") == ["2027-01-31"] and it.known("budget") == ["20000"]
    assert all(s.start.day == 1 for s in it.state.times.slots)


async def test_whom_somebody_calls_for_is_no_company_and_their_suppliers_no_trade():
    it = talk()
    await last(it, "i'm ringing on behalf of oliver grant, he's our chief executive")
    assert it.known("company") == []
    it = talk()
    await last(it, "we're a dental group", "it's all in a postgres the software company set up")
    assert it.known("industry") == ["healthcare"]


async def test_who_must_ask_others_first_ends_nothing():
    turn = await last(
        talk(), "what does tideline do", "is it engagement of one year",
        "i must speak with my director before",
    )  # fmt: skip
    assert turn.action is None and "Before you go" not in turn.text


@pytest.mark.parametrize("before", ["hello", "could somebody call me", "what does tideline do"])
@pytest.mark.parametrize("words", ["Let's do that tomorrow, I'm driving.", "let's do it tomorrow"])
async def test_who_would_rather_do_it_tomorrow_is_called_then(before, words):
    it = talk()
    await last(it, before, words)
    assert it.state.callback is not None and it.state.callback.when.startswith("tomorrow")
    assert "do that tomorrow" not in [q.text for q in it.state.questions]


@pytest.mark.parametrize("words", ["can you do that in a day?", "we do that on sundays"])
async def test_what_is_done_by_a_day_is_no_call(words):
    it = talk()
    await last(it, "what does tideline do", words)
    assert it.state.callback is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Who decides is our CMO, I collect the information", True),
        ("who decides on that is my boss", True),
        ("who decides what is synced?", False),
        ("who signs the contract?", False),
    ],
)
async def test_who_decides_may_be_told(words, told):
    it = talk()
    await last(it, "what does tideline do", words)
    assert (len(it.state.questions) > 1) is not told
    assert it.known("role") == (["not the decision maker"] if told else [])


@pytest.mark.parametrize(
    "words",
    [
        "Oh. Isn't this Dr. Feldman's office?",
        "is this the dentist?",
        "is this the doctor's office",
        "did I reach the pizza place?",
    ],
)
async def test_who_dialled_wrong_is_told_whom_they_reached_and_may_go(words):
    it = talk()
    turn = await last(it, "hello", words)
    assert "Tideline" in turn.text and not it.state.questions
    turn = await last(it, "sorry, wrong number")
    assert turn.action is not None and turn.action.kind == "hang_up"


@pytest.mark.parametrize(
    "words", ["is this the cheapest plan?", "is this the best practice?", "is this your office?"]
)
async def test_what_is_asked_of_a_thing_is_no_wrong_number(words):
    it = talk()
    await last(it, "hello", words)
    assert it.state.questions


async def test_a_call_for_a_third_person_may_be_moved():
    it = talk()
    await last(it, "who'd i talk to", "could he call thursday around lunch")
    assert it.state.callback is not None and it.state.callback.when.startswith("on Thursday")


async def test_who_says_that_they_have_questions_may_ask_them():
    turn = await last(talk(), "hi we got a quote from tom last week and have questions about it")
    assert turn.text in ("Of course, go ahead.", "Sure, please do.")


async def test_no_warehouse_and_no_database_is_none():
    it = talk()
    turn = await last(
        it, "do we need a warehouse", "yeah no i don't have anything like that no database nothing"
    )
    assert it.known("tech_stack") == ["none"] and turn.action is None


async def test_an_address_that_was_asked_for_is_no_name_however_it_is_heard():
    it = talk()
    await it.says("we're a school district in Denver with 1,100 staff, on Snowflake")
    await it.says("can I book a meeting")
    await it.says("the first one")
    assert it.state.awaited.ask == "email"
    turn = await it.says("pnguyen@frontrangeschools.example")
    assert it.state.signals.value("name") is None and "Pnguyen@" not in turn.text
    assert it.state.signals.value("email") == "pnguyen@frontrangeschools.example"


@pytest.mark.parametrize(("said", "place"), [
    ("Nice. Can we get that in a trial to play with?", None),
    ("Nice, we are forty people", None),
    ("we're a company in Nice", "Nice"),
    ("we're forty people, Leeds", "Leeds, United Kingdom"),
])  # fmt: skip
async def test_a_town_that_is_a_plain_word_is_one_only_where_a_place_must_stand(
    said: str, place: str | None
):
    it = Talk()
    await it.says(said)
    assert it.state.signals.value("location") == place


@pytest.mark.parametrize(("said", "trade"), [
    ("I'm the director of analytics for a newspaper group in Toronto", "media"),
    ("I review suppliers' security for an insurer in Manchester", "insurance"),
    ("60-person software company from Boulder, Colorado here", "software"),
    ("I work in a telephone company", "telecommunications"),
    ("I'm a consultant for customers in banking", None),
])  # fmt: skip
async def test_whose_trade_it_is_follows_from_what_they_do_there(said: str, trade: str | None):
    it = Talk()
    await it.says(said)
    assert it.state.signals.value("industry") == trade


@pytest.mark.parametrize(("said", "why"), [
    ("We have our data in Snowflake", None),
    ("Everything comes already to BigQuery", None),
    ("Hi, we're a school district in Denver. Our data's in Snowflake.", None),
    ("We keep everything in Snowflake and want viewing data in our CRM.", "reverse ETL"),
    ("We want to load data from our tools into BigQuery", "data ingestion"),
])  # fmt: skip
async def test_where_their_data_lies_is_not_what_they_want_of_it(said: str, why: str | None):
    it = Talk()
    await it.says("we're a retailer in Ohio with 300 people")
    await it.says(said)
    assert it.state.signals.value("use_case") == why


@pytest.mark.parametrize("said", [
    "we've been paying you for a year now and since this morning nothing arrives in our HubSpot",
    "since yesterday no data comes through",
    "nothing arrives in our warehouse anymore",
])  # fmt: skip
async def test_who_pays_us_and_misses_their_data_is_sent_to_support(said: str):
    it = Talk()
    await it.says(said)
    assert it.state.judged.disqualified == "support"


async def test_who_misses_data_of_their_own_is_no_customer():
    it = Talk()
    await it.says("nothing arrives in Salesforce on time, our analysts copy it by hand")
    assert it.state.judged.disqualified is None


@pytest.mark.parametrize(("said", "place"), [
    ("we're in Denver, sorry, Boulder", "Boulder"),
    ("We're based in Denver. Sorry, I meant Salt Lake City, two hundred people", "Salt Lake City"),
    ("we're in Denver, sorry, three hundred people", "Denver"),
    ("we're in Texas, sorry, bad line", "Texas"),
])  # fmt: skip
async def test_a_place_that_is_put_right_takes_the_place_of_the_first(said: str, place: str):
    it = Talk()
    await it.says(said)
    assert it.state.signals.value("location") == place


async def test_a_tool_of_another_time_gives_way_however_long_that_takes_to_say():
    it = Talk()
    await it.says(
        "We keep all in Snowflake. No, scratch that, that was my last job, here it's BigQuery."
    )
    assert [s.value for s in it.state.signals.active if s.criterion == "tech_stack"] == ["BigQuery"]
