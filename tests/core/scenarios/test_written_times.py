"""Times in writing: in their stated zone, and by mail without a clarifying question."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.geography.zones import zone_name, zone_told
from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, engine, sample

DANA = (("email", "dana@northwind.example"),)


def talk(channel: str) -> TextTalk:
    opened = ConversationOpened("c1", channel, "inbound", None, None, MONDAY_NOON, contact=DANA)
    return TextTalk(engine(), opened, desk=MemoryDesk(sample().company))


async def test_a_free_time_that_a_mail_names_is_booked_in_its_zone():
    mail = talk("email")
    turn = await mail.says("Could we do a call next Wednesday at 10am Eastern?")
    assert mail.state.meeting.booking is not None and "?" not in turn.text
    assert mail.state.meeting.booking.start == datetime(2026, 12, 9, 15, 0, tzinfo=UTC)


async def test_chat_asks_whether_it_suits_and_takes_the_zone_afterwards():
    chat = talk("chat")
    turn = await chat.says("can i book a demo tmrw at 2pm")
    assert chat.state.meeting.booking is None and turn.text.endswith("?")
    await chat.says("pst")
    await chat.says("yes")
    assert chat.state.meeting.booking is not None
    assert chat.state.meeting.booking.start == datetime(2026, 12, 1, 22, 0, tzinfo=UTC)


async def test_a_bare_weekday_is_that_of_the_times_on_offer():
    mail = talk("email")
    await mail.says(
        "I'd love a demo. We're in Chicago and could do Tuesday or Thursday next week between 9"
        " and 11am."
    )
    await mail.says("Thursday 10am works. Thanks!")
    assert mail.state.meeting.booking is not None and mail.state.meeting.booking.start.day == 10
    assert not mail.known("timeline")


async def test_the_week_after_next_is_that_week():
    mail = talk("email")
    await mail.says("Can you suggest two times the week after next?")
    assert {slot.start.isocalendar().week for slot in mail.state.times.slots} == {51}


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("tomorrow after 3pm Pacific", "America/Los_Angeles"),
        ("mornings UK time", "Europe/London"),
        ("Berlin time", "Europe/Berlin"),
        ("pst", "America/Los_Angeles"),
        ("our central team", None),
        ("in real time", None),
        ("between 9 and 11am (GMT+8)", "Etc/GMT-8"),
        ("15:00 UTC-5", "Etc/GMT+5"),
        ("at 9, utc +05:30", "Asia/Kolkata"),
        ("10 GMT+0", "UTC"),
        ("UTC+99", None),
        ("est. 1999", None),
    ],
)
def test_a_zone_is_one_where_words_name_a_time(words, zone):
    assert zone_told(words) == zone


def test_an_offset_is_said_as_it_was_told():
    assert [zone_name(z) for z in ("Etc/GMT-8", "Etc/GMT+5", "UTC")] == ["GMT+8", "GMT-5", "UTC"]


async def test_a_call_named_for_an_offset_is_at_that_hour_there():
    mail = talk("email")
    await mail.says("We use Snowflake. A call on Thursday at 11:30 pm (GMT+8) would be ideal.")
    assert mail.state.meeting.booking is not None
    assert mail.state.meeting.booking.start == datetime(2026, 12, 3, 15, 30, tzinfo=UTC)


async def test_a_zone_told_after_a_call_was_promised_moves_it():
    chat = talk("chat")
    await chat.says("Please call me on Thursday at 11, +1 415 555 0134")
    before = chat.state.callback
    await chat.says("11 eastern")
    assert before is not None and chat.state.callback is not None
    assert chat.state.callback.zone == "America/New_York" != before.zone
    assert chat.state.callback.start < before.start


@pytest.mark.parametrize(
    "words",
    [
        "Could we move to Friday?",
        "Could you do Friday at 9 instead?",
        "Can we push it to Friday afternoon?",
        "A short call on Friday between 10 and 12 would be very welcome.",
        "Happy to talk to somebody - Friday afternoon would work for me.",
        "Who would we talk to and when are they free on Friday?",
    ],
)
async def test_who_names_a_day_to_talk_is_offered_times_of_it_and_nothing_is_put_off(words):
    chat = talk("chat")
    turn = await chat.says(words)
    assert {slot.start.day for slot in chat.state.times.slots} == {4}, turn.text
    assert not chat.state.given.promises and not chat.known("timeline")


@pytest.mark.parametrize(
    "words",
    [
        "Can we move to Snowflake by Friday with your tool?",
        "Can we switch to monthly?",
        "Could you push data to Salesforce on Fridays?",
        "Can we change it to 200 seats?",
    ],
)
async def test_what_is_to_be_moved_by_the_product_is_no_meeting(words):
    chat = talk("chat")
    await chat.says(words)
    assert not chat.state.times.slots and not chat.state.wants.meeting


@pytest.mark.parametrize(
    ("words", "day", "hour"),
    [
        ("I'm sick today, could we push our call by a week, same time?", 10, 17),
        ("Can we postpone the meeting by one day?", 4, 17),
        ("Could we move it to Friday, same time?", 4, 17),
        ("Please move my demo to Friday at 2pm Central.", 4, 20),
    ],
)
async def test_a_meeting_is_moved_by_what_is_said_of_it(words, day, hour):
    mail = talk("email")
    await mail.says("Can we have a demo on Thursday at 11am Central?")
    assert mail.state.meeting.booking is not None
    await mail.says(words)
    assert mail.state.meeting.booking is not None
    assert mail.state.meeting.booking.start == datetime(2026, 12, day, hour, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    ["hmm that's more than we pay today", "we're paying less today", "we pay $300 on Mondays"],
)
async def test_what_is_paid_today_chooses_no_time(words):
    chat = talk("chat")
    await chat.says("Could I book a demo today or tomorrow?")
    turn = await chat.says(words)
    assert chat.state.meeting.booking is None and chat.state.meeting.held is None, turn.text


@pytest.mark.parametrize(
    "words",
    ["please contact me", "kindly get in touch with me", "yes please call, tomorrow at 11",
     "Then reach out to us with some times."],
)  # fmt: skip
async def test_who_wants_to_be_contacted_is_asked_how(words):
    opened = ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON)
    chat = TextTalk(engine(), opened, desk=MemoryDesk(sample().company))
    turn = await chat.says(words)
    assert turn.asks == ["phone"] and not turn.citations


@pytest.mark.parametrize(
    ("words", "when"),
    [
        ("Call me at 312-555-0176, Thursday 4ish.", "on Thursday 4ish"),
        ("Please call me on Thursday, before noon, at 312-555-0176.", "on Thursday before noon"),
    ],
)
async def test_a_call_is_promised_for_the_hour_as_it_was_written(words, when):
    mail = talk("email")
    await mail.says(words)
    assert mail.state.callback is not None and mail.state.callback.when.startswith(when)


async def test_the_same_time_on_another_day_is_that_hour():
    mail = talk("email")
    await mail.says("Call me at 312-555-0176, Thursday at 4.")
    await mail.says("Sorry, make that Friday, same time.")
    assert mail.state.callback is not None
    assert mail.state.callback.start == "2026-12-04T22:00:00+00:00"


@pytest.mark.parametrize(
    "words",
    [
        "Could we set up a demo? Wednesday or Thursday next week, ideally in the morning.",
        "Sorry, something came up. Could we move it to Friday at 2pm instead?",
    ],
)
async def test_the_day_of_a_meeting_is_not_that_of_the_project(words):
    mail = talk("email")
    await mail.says("We have to decide by the end of January.")
    (before,) = mail.known("timeline")
    await mail.says(words)
    assert mail.known("timeline") == [before] == ["2027-01-31"]


async def test_a_start_on_a_weekday_is_told_beside_a_wish_for_a_call():
    mail = talk("email")
    await mail.says("We go live on Friday. Could someone call me?")
    assert mail.known("timeline") == ["2026-12-04"]


async def test_who_had_something_to_show_asks_for_no_meeting():
    mail = talk("email")
    await mail.says("My trial ran out before I could show it to my boss. Can I get another week?")
    assert not mail.state.times.slots and not mail.state.wants.meeting
    await mail.says("Can somebody show it to my boss?")
    assert mail.state.times.slots


async def test_a_mail_that_only_tells_something_is_thanked_for_it():
    mail = talk("email")
    turn = await mail.says("My colleague Mr. Weber left. I will look into the matter in spring.")
    assert "noted" in turn.text and "?" not in turn.text


async def test_what_is_booked_by_mail_stands_alone_in_the_reply():
    mail = talk("email")
    await mail.says("Could you suggest times on Wednesday or Thursday?")
    turn = await mail.says("Thursday at 9am works.")
    assert mail.state.meeting.booking is not None and "whenever something comes up" not in turn.text


async def test_who_wants_mail_instead_of_calls_may_be_written_to():
    chat = talk("chat")
    await chat.says("dont call me pls just email")
    assert not chat.state.ending.opted_out and "phone" in chat.state.asks.declined
    assert "callback" in chat.state.proposals.refused


async def test_a_person_is_asked_for_and_the_address_is_all_it_takes():
    opened = ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON)
    chat = TextTalk(engine(), opened)
    await chat.says("can i talk to a human")
    turn = await chat.says("ryan@lonestar.example")
    assert "ryan@lonestar.example" in turn.text and "?" not in turn.text


@pytest.mark.parametrize(
    "words", ["are u guys hiring?", "our sync fails with SYNC_FAILED 403, any idea?"]
)
async def test_whose_question_is_for_others_is_told_where_and_promised_nothing(words):
    chat = talk("chat")
    await chat.says(words)
    turn = await chat.says("what about the thing in row 1882?")
    assert not chat.state.given.promises and ".example" in turn.text


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Can we talk Thursday or Friday afternoon?", {3, 4}),
        ("Thanks. Can we talk on Thursday?", {3}),
        ("could we connect on wednesday with your sales engineer", {2}),
    ],
)
async def test_a_day_to_talk_is_a_meeting_of_that_day(words, days):
    mail = talk("email")
    await mail.says(words)
    assert mail.state.times.slots and {s.start.day for s in mail.state.times.slots} == days


async def test_a_question_beside_a_choice_of_times_is_answered():
    mail = talk("email")
    await mail.says("Could we set up a demo?")
    turn = await mail.says("Can we do Thursday or Friday afternoon? Also, is data kept in the EU?")
    assert "Frankfurt" in turn.text and "Friday" in turn.text


@pytest.mark.parametrize(
    "words",
    [
        "We use Snowflake and want a demo. Could you do Thursday at 2pm Eastern?",
        "We'd like a demo. Could we meet on Wednesday 2 December at 11:00 CET?",
        "Please set up a call. Would someone from your team be free on Thursday at 10am Central?",
    ],
)
async def test_a_question_that_the_booking_answers_is_put_off_to_nobody(words):
    mail = talk("email")
    turn = await mail.says(words)
    assert mail.state.meeting.booking or mail.state.times.slots
    assert not mail.state.questions, turn.text


async def test_another_time_that_works_moves_what_was_booked_and_its_own_does_not():
    mail = talk("email")
    await mail.says("Can we have a demo on Thursday at 11am Central?")
    await mail.says("Thursday 11am works, thanks.")
    assert mail.state.meeting.booking is not None and mail.state.meeting.booking.start.day == 3
    await mail.says("Tuesday 10am works for both of us.")
    assert mail.state.meeting.booking.start == datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


async def test_a_meeting_is_called_off_by_mail_without_a_question_back():
    mail = talk("email")
    await mail.says("Can we have a demo on Thursday at 11am Central?")
    turn = await mail.says("Please cancel the call, we went another way.")
    assert mail.state.meeting.booking is None and "on Thursday, December 3" in turn.text, turn.text


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("I'm free Thursday after 2 or Friday morning, ET.", {3: 14, 4: 9}),
        ("Could we do a call next Tuesday or Wednesday morning?", {8: 9, 9: 9}),
    ],
)
async def test_each_of_several_days_has_the_hours_said_with_it(words, days):
    mail = talk("email")
    await mail.says(f"We use BigQuery. Let's set up a call in Boston. {words}")
    offered = [s.start.astimezone(ZoneInfo("America/New_York")) for s in mail.state.times.slots]
    assert {t.day for t in offered} == set(days)
    for local in offered:
        first = days[local.day]
        assert first <= local.hour < (12 if first < 12 else 18)


@pytest.mark.parametrize("words", ["Thursday at 1:30pm Eastern", "Thursday, 1:30 p.m. ET"])
async def test_minutes_and_the_half_of_the_day_are_read_together(words):
    mail = talk("email")
    await mail.says(f"Can we have a demo on {words}?")
    assert mail.state.meeting.booking is not None
    assert mail.state.meeting.booking.start == datetime(2026, 12, 3, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        "Tuesday 8 December at 10am",
        "Tuesday, December 8 at 10am",
        "Tue 8 Dec at 10am",
        "Tuesday the 8th at 10am",
        "Tuesday 12/8 at 10am",
        "on 2026-12-08 at 10am",
        "on the 8th of December at 10am",
    ],
)
async def test_a_date_is_that_day_and_not_the_next_of_its_weekday(words):
    mail = talk("email")
    await mail.says(f"We're in Denver. Can we have a demo {words}?")
    assert mail.state.meeting.booking is not None
    assert mail.state.meeting.booking.start == datetime(2026, 12, 8, 17, 0, tzinfo=UTC)


async def test_a_mail_is_offered_nothing_of_today_unless_it_asks_for_it():
    mail = talk("email")
    await mail.says("Can someone walk us through it this week?")
    assert mail.state.times.slots and min(s.start.day for s in mail.state.times.slots) == 1
    await mail.says("Do you have anything today?")
    assert {s.start.day for s in mail.state.times.slots} == {30}


async def test_an_address_is_a_yes_to_the_only_time_on_offer():
    opened = ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON)
    chat = TextTalk(engine(), opened, desk=MemoryDesk(sample().company))
    await chat.says("we use snowflake and hubspot, 150 people. can i get a demo tomorrow?")
    await chat.says("2pm works")
    assert len(chat.state.times.slots) == 1
    turn = await chat.says("sam@loopcart.example")
    assert chat.state.meeting.booking is not None, turn.text


async def test_that_one_is_no_hour():
    mail = talk("email")
    await mail.says("We use BigQuery, 200 people in Boston. Let's set up a call on Thursday.")
    assert len(mail.state.times.slots) > 1
    await mail.says("That one please. My number is 212-555-0166.")
    assert mail.state.meeting.booking is None


async def test_what_is_to_be_filled_in_is_asked_point_by_point_and_not_as_a_whole():
    mail = talk("email")
    await mail.says(
        "Please complete the following by 12/10/2026:\n\nIs data encrypted at rest?\n"
        "Do you have a SOC 2 report?"
    )
    assert len(mail.state.questions) == 2


async def test_a_time_that_is_only_asked_after_is_arranged_and_each_day_keeps_its_hour():
    mail = talk("email")
    await mail.says(
        "We can't do Thursday after all, sorry. Any chance of Monday Dec 7 at 9:30am PT? If not,"
        " Tuesday 1pm PT works."
    )
    assert mail.state.meeting.booking is None and not mail.state.questions
    pacific = [s.start.astimezone(ZoneInfo("America/Los_Angeles")) for s in mail.state.times.slots]
    assert {(t.day, t.hour, t.minute) for t in pacific} <= {(7, 9, 30), (1, 13, 0)}
    assert pacific
