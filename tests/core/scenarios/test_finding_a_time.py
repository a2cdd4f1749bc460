"""How callers find a time with us: they ask what is free, put themselves right, change it again."""

import pytest

from core.events import CallbackRequested, MeetingRecorded
from core.scheduling.memory import MemoryDesk
from tests.core.talk import Talk, Turn, sample

OFFERED = "today at 3 PM, tomorrow at 9 AM, or Wednesday at 9 AM Central"


def caller() -> Talk:
    return Talk(desk=MemoryDesk(sample().company), caller="+13125550142")


async def last(talk: Talk, *words: str) -> Turn:
    for said in words[:-1]:
        await talk.says(said)
    return await talk.says(words[-1])


async def offered() -> Talk:
    """A caller who asked for a demo and was offered three times."""
    talk = caller()
    turn = await talk.says("hi can we set up a demo")
    assert OFFERED in turn.text
    return talk


def booked(talk: Talk) -> str:
    """The start of the meeting that stands, in Chicago's winter time; empty if none does."""
    meetings = [f for f in talk.facts if isinstance(f, MeetingRecorded)]
    if not meetings or meetings[-1].status == "cancelled":
        return ""
    day, _, clock = meetings[-1].start.partition("T")
    return f"{day} {int(clock[:2]) - 6:02}{clock[2:5]}"


@pytest.mark.parametrize(
    "asks",
    [
        "what times do you have on wednesday",
        "what times you have on wednesday",
        "what other times on wednesday",
        "do you have anything on wednesday",
        "is there anything wednesday afternoon",
        "what's open on friday",
        "what days work",
        "what timezone is that",
        "is that my time or yours",
        "what else",
        "which wednesday is that",
    ],
)
async def test_a_question_about_the_times_books_none_of_them(asks: str):
    talk = await offered()
    turn = await talk.says(asks)
    assert not booked(talk) and " at " in turn.text and "Central" in turn.text, turn.text
    assert "check" not in turn.text and "get back to you" not in turn.text


@pytest.mark.parametrize(
    ("says", "start"),
    [
        ("whenever works for you", "2026-11-30 15:00"),
        ("any day is fine", "2026-11-30 15:00"),
        ("tomorrow or wednesday whichever", "2026-12-01 09:00"),
    ],
)
async def test_a_loose_yes_takes_a_time(says: str, start: str):
    talk = await offered()
    await talk.says(says)
    assert booked(talk) == start


@pytest.mark.parametrize(
    ("turns", "start"),
    [
        (("i'm on pacific time", "ten on wednesday", "yes"), "2026-12-02 12:00"),
        (("what about the evening", "ok nine then tomorrow", "yes"), "2026-12-01 09:00"),
        (("wednesday ten eastern please", "yes"), "2026-12-02 09:00"),
        (("monday at ten", "yes"), "2026-12-07 10:00"),
        (("monday", "the first one"), "2026-12-07 09:00"),
        (("ok the fifteenth", "afternoon", "three", "yes"), "2026-12-15 15:00"),
        (("tomorrow at nine", "can we make it ten instead", "yes", "no go back to nine", "yes"),
         "2026-12-01 09:00"),
        (("tomorrow at nine", "actually i need to cancel", "yes cancel it"), ""),
    ],
)  # fmt: skip
async def test_the_time_they_end_up_with_is_the_one_they_said(turns: tuple[str, ...], start: str):
    talk = await offered()
    await last(talk, *turns)
    assert booked(talk) == start


async def test_their_time_zone_is_used_for_the_times_on_offer():
    turn = await (await offered()).says("i'm on pacific time")
    assert "today at 1 PM, tomorrow at 7 AM, or Wednesday at 7 AM your time" in turn.text


@pytest.mark.parametrize(
    ("declined", "days"),
    [
        ("not wednesday or thursday", ("Wednesday", "Thursday")),
        ("those don't work i'm in meetings all day every day this week", ("today", "tomorrow")),
    ],
)
async def test_declined_days_are_not_offered_again(declined: str, days: tuple[str, ...]):
    turn = await (await offered()).says(declined)
    assert not any(f"{day} at" in turn.text for day in days), turn.text


@pytest.mark.parametrize(
    ("later", "day"),
    [
        ("after the holidays", "January 4"),
        ("second week of january", "January 11"),
        ("january works better", "January 4"),
        ("december 28", "December 28"),
    ],
)
async def test_beyond_the_calendar_somebody_calls_then(later: str, day: str):
    talk = await offered()
    turn = await talk.says(later)
    assert f"will call you on {day} on the number" in turn.text, turn.text
    assert [f for f in talk.facts if isinstance(f, CallbackRequested)]


async def test_a_renewal_date_is_no_time_to_meet():
    talk = await offered()
    turn = await talk.says("we renew december 28")
    assert talk.state.callback is None and "December 28, noted" in turn.text


@pytest.mark.parametrize(
    "says",
    [
        "no actually i don't need a meeting just send me something",
        "i don't want a meeting after all just email me",
        "no meeting needed just send me something",
    ],
)
async def test_who_wants_no_meeting_is_not_offered_one_again(says: str):
    talk = await offered()
    await talk.says(says)
    turn = await last(talk, "dan at parcelway dot io", "yes")
    assert "dan@parcelway.io" in turn.text
    assert "meeting" not in turn.text and "Wednesday" not in turn.text, turn.text


@pytest.mark.parametrize(
    ("asks", "told"),
    [
        ("is it over zoom", "will call you then on the number you're calling from"),
        ("where will it be", "will call you then on the number you're calling from"),
        ("do i get a link", "will call you then on the number you're calling from"),
    ],
)
async def test_how_they_will_meet_is_known(asks: str, told: str):
    turn = await (await offered()).says(asks)
    assert told in turn.text


async def test_a_reminder_is_the_invitation():
    talk = await offered()
    turn = await last(talk, "tomorrow", "amy at amy dot io", "correct", "and can you remind me")
    assert "invitation" in turn.text and "amy@amy.io" in turn.text
    turn = await last(await offered(), "tomorrow", "will i get a calendar invite")
    assert "email address" in turn.text


async def test_a_number_given_after_booking_is_the_one_we_call_and_no_second_call():
    talk = await offered()
    turn = await last(
        talk, "friday before noon", "the later one",
        "use my cell six oh two five five five oh one seven one", "yes",
    )  # fmt: skip
    assert "will call you then on 602-555-0171" in turn.text
    assert talk.state.callback is None


@pytest.mark.parametrize(
    ("said", "right", "address"),
    [
        ("karen kim at brightsmile dot com", "yes", "karenkim@brightsmile.com"),
        ("karen kim at brightsmile dot com", "no it's karen dot kim", "karen.kim@brightsmile.com"),
        ("kim at brightsmile dot com", "no it's karen dot kim at brightsmile",
         "karen.kim@brightsmile.com"),
        ("kim at brightsmile dot com", "no dot org", "kim@brightsmile.org"),
        ("kim at brightsmile dot com", "dot net not dot com", "kim@brightsmile.net"),
        ("jon at foo dot com sorry john at foo dot com", "yes", "john@foo.com"),
    ],
)  # fmt: skip
async def test_an_address_is_heard_whole_and_put_right_in_part(said: str, right: str, address: str):
    talk = await offered()
    turn = await last(talk, "tomorrow", said, right)
    assert address in turn.text
    assert talk.state.signals.value("email") == address


async def test_a_wrong_address_without_the_right_one_is_asked_for_again():
    talk = await offered()
    turn = await last(talk, "tomorrow", "kim at brightsmile dot com", "no it's wrong")
    assert "once more" in turn.text


@pytest.mark.parametrize(
    ("turns", "own"),
    [
        (("sam at foo dot com and boss at foo dot com",), "sam@foo.com"),
        (("sam@foo.com and boss@foo.com",), "sam@foo.com"),
        (("sam at foo dot com", "yes", "can you add him too his email is boss at foo dot com"),
         "sam@foo.com"),
    ],
)  # fmt: skip
async def test_a_colleagues_address_is_not_their_own(turns: tuple[str, ...], own: str):
    talk = await offered()
    turn = await last(talk, "tomorrow", *turns)
    assert "boss@foo.com" in turn.text
    assert talk.state.signals.value("email") == own


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        (("can someone call me tomorrow morning", "ten eastern"), "That's 9 to 9:30 AM for Maya"),
        (("can someone call me at 3", "my time i'm in phoenix"), "That's 4 to 4:30 PM for Maya"),
        (("can someone call me tomorrow", "same number"), "on 312-555-0142"),
        (("can you call me now",), "right away"),
        (("can someone call me tomorrow", "i'm free right now actually"), "right away"),
        (("call me tomorrow between ten and eleven", "yes please have them call"),
         "arranged already"),
        (("can someone call me in january, mornings are best",), "on January 4 in the morning"),
        (("book me in for the 10th at 4 pm",), "Thursday, December 10 at 4 PM Central"),
        (("would love to talk next week",), "Monday, December 7"),
        (("demo?",), OFFERED),
        (("you said you would call me friday and nobody did",), "will call you today"),
        (("i have a meeting with you on thursday can i move it",), "don't find a meeting"),
    ],
)  # fmt: skip
async def test_what_they_ask_for_is_arranged(turns: tuple[str, ...], told: str):
    turn = await last(caller(), *turns)
    assert told in turn.text, turn.text


@pytest.mark.parametrize("no", ["no, not now", "i can't talk right now", "i'm driving right now"])
async def test_who_cannot_talk_now_is_promised_no_call_for_now(no: str):
    talk = caller()
    await last(talk, "what does tideline do", "can you call me tomorrow", no)
    assert talk.state.callback is None or "right" not in talk.state.callback.when


async def test_a_number_for_a_promised_call_is_confirmed_to_who_was_sent_elsewhere():
    talk = caller()
    turn = await last(
        talk, "my sync is stuck and nobody answers my tickets", "i need someone now",
        "312 555 0199", "yes",
    )  # fmt: skip
    assert "on 312-555-0199" in turn.text


async def test_who_may_see_their_data_is_no_request_for_a_demo():
    turn = await caller().says("who at your company can see it")
    assert OFFERED not in turn.text


@pytest.mark.parametrize(
    ("says", "start"),
    [("tuesday please", "2026-12-08 12:00"), ("the tuesday", "2026-12-08 12:00")],
)
async def test_a_weekday_is_that_of_the_times_on_offer(says: str, start: str):
    talk = caller()
    await last(talk, "would love to talk next week", says)
    assert booked(talk) == start


async def test_a_meeting_moved_to_another_day_keeps_its_hour_where_that_is_free():
    talk = await offered()
    turn = await last(talk, "wednesday at 11", "yes", "can we make that friday instead")
    assert "Friday at 11 AM" in turn.text
    await talk.says("yes")
    assert booked(talk) == "2026-12-04 11:00"


@pytest.mark.parametrize(
    "says", ["something came up, please cancel wednesday", "i can't make wednesday after all"]
)
async def test_a_booked_day_is_cancelled_or_moved_by_its_name(says: str):
    talk = await offered()
    turn = await last(talk, "wednesday", says)
    assert "Wednesday" in turn.text or "Which" in turn.text
    assert {"offer:cancel", "offer:slots"} & {*turn.asks}


async def test_an_hour_that_works_is_no_number_of_people():
    talk = caller()
    turn = await last(talk, "do you work with bigquery", "thursday at 11 works")
    assert "Thursday at 11 AM" in turn.text and talk.known("employees") == []


async def test_the_day_they_are_free_is_meant_and_not_the_one_until_which_they_are_away():
    turn = await caller().says(
        "i am out of office until thursday, so friday would be best for a conversation"
    )
    assert "Friday at" in turn.text and "Thursday" not in turn.text


async def test_the_first_of_a_month_is_no_first_of_the_times():
    talk = await offered()
    await last(talk, "what does it cost", "when can we go live", "january first would be great")
    assert not booked(talk) and talk.state.meeting.held is None
    assert talk.state.callback is None


async def test_a_project_that_starts_on_a_day_is_no_meeting_then():
    talk = await offered()
    turn = await talk.says("starting december 28")
    assert talk.state.callback is None and "December 28, noted" in turn.text


@pytest.mark.parametrize(
    ("no", "over"),
    [("no i don't have an account", False), ("no we never used one", False), ("no", True),
     ("no i don't have any other questions", True), ("no i don't think so", True)],
)  # fmt: skip
async def test_a_no_that_tells_something_ends_no_conversation(no: str, over: bool):
    talk = caller()
    turn = await last(talk, "can someone call me tomorrow", "Karen Kim", no)
    assert ("Goodbye" in turn.text) is over


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("it's karen k a r e n at foo dot com", "karen@foo.com"),
        ("thanks karen info at foo dot com", "info@foo.com"),
        ("thanks priya john dot smith at foo dot com", "john.smith@foo.com"),
        ("kim at foo dot com no wait bob at foo dot com", "bob@foo.com"),
        ("it's not kim at foo dot com it's bob at foo dot com", "bob@foo.com"),
    ],
)
async def test_no_name_but_the_owners_is_taken_into_an_address(said: str, address: str):
    turn = await last(await offered(), "tomorrow", said)
    assert address in turn.text.split("Is that")[0], turn.text


async def test_an_ending_alone_is_no_part_said_anew():
    turn = await last(await offered(), "tomorrow", "kim at foo dot com", "no it's karen dot com")
    assert "once more" in turn.text, turn.text


async def test_who_recommended_us_is_not_invited():
    turn = await last(
        await offered(), "tomorrow", "kim at foo dot com", "yes",
        "bob at foo dot com told me about you, do you include training",
    )  # fmt: skip
    assert "inviting" not in turn.text, turn.text


@pytest.mark.parametrize(
    "says",
    [
        "do you cancel friday deliveries",
        "we cancel on friday contracts all the time",
        "our supplier has to cancel friday because of snow",
        "our carrier can't make friday, so what does growth cost",
        "i can't make tomorrow's payment",
        "i can't make friday deliveries with my carrier",
        "we can't make our meeting notes searchable",
        "how do i cancel tomorrow if something comes up",
    ],
)
async def test_a_day_of_something_else_neither_cancels_nor_moves_the_meeting(says: str):
    turn = await last(await offered(), "tomorrow", "kim at foo dot com", "yes", says)
    assert not {"offer:cancel", "offer:slots"} & {*turn.asks}, turn.text


@pytest.mark.parametrize(
    "asks",
    [
        "can you send reminders to patients",
        "does it send reminders to my team",
        "do you integrate with zoom or teams",
        "do we need a link between the systems",
        "what time zone do the reports use",
    ],
)
async def test_what_the_product_does_is_not_taken_for_a_question_about_the_meeting(asks: str):
    turn = await last(await offered(), "tomorrow", "kim at foo dot com", "yes", asks)
    told = ("You'll find the invitation", "will call you then", "Your meeting with Maya is")
    assert not turn.text.startswith(told), turn.text


async def test_the_nth_of_other_things_is_no_date():
    turn = await (await offered()).says("we want the sixth plan")
    assert "nothing free" not in turn.text, turn.text


async def test_a_confirmation_in_writing_declines_no_meeting():
    talk = await offered()
    await talk.says("just text me a confirmation")
    assert "slots" not in talk.state.proposals.refused


async def test_an_office_elsewhere_moves_no_call_to_its_hours():
    turn = await last(caller(), "call me tomorrow at ten", "we also have an office in Denver")
    assert "for Maya" not in turn.text, turn.text


@pytest.mark.parametrize(
    "says", ["we're losing money right now, please call me", "it's flooding right now, call me"]
)
async def test_what_goes_on_now_is_no_reason_not_to_call_now(says: str):
    turn = await caller().says(says)
    assert "right away" in turn.text, turn.text


@pytest.mark.parametrize(
    "no", ["no i don't need a thing", "no i don't have time", "no, i'm not sure"]
)
async def test_a_no_with_nothing_behind_it_ends_a_call(no: str):
    turn = await last(await offered(), "tomorrow", "kim at foo dot com", "yes", no)
    assert turn.text.endswith("Goodbye."), turn.text


async def test_a_conversation_they_have_with_others_is_none_with_us():
    turn = await caller().says("we have a conversation on tuesday with legal")
    assert "Maya" not in turn.text, turn.text
