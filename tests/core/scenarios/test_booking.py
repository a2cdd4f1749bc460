"""Meetings booked, moved and cancelled in conversation, and what is never said about them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.conversation.grounding.gate import BOOKED
from core.events import CallbackRequested, Flagged, MeetingRecorded
from core.handoff.meeting import meeting_part
from core.scheduling.memory import MemoryDesk
from core.scheduling.slots import Busy
from core.scheduling.tools import Booked, BookSlot, Cancelled, Refused
from tests.core.talk import MONDAY_NOON, OTHER, Talk, sample

COMPANY = sample().company


def desk(**known) -> MemoryDesk:
    return MemoryDesk(COMPANY, **known)


def full(until: datetime = MONDAY_NOON + timedelta(days=60)) -> dict[str, tuple[Busy, ...]]:
    return {rep.id: (Busy(MONDAY_NOON - timedelta(days=1), until),) for rep in COMPANY.team}


async def offered(**more) -> Talk:
    talk = Talk(**({"desk": desk()} | more))
    await talk.says("hi can i book a demo please")
    assert talk.state.times.slots
    return talk


async def test_a_demo_is_booked_and_everything_that_follows_is_said():
    talk = await offered()
    assert len(talk.state.times.slots) == 3
    booked = await talk.says("the second one please")
    assert isinstance(booked.receipt, Booked)
    confirmation = booked.sentences[0]
    assert confirmation.must_hear and BOOKED.search(confirmation.text.lower())
    assert "tomorrow, Tuesday, December 1 at 8 AM Pacific, 10 AM Maya's" in confirmation.text
    assert "will call you then" in booked.text and booked.asks == ["email"]
    await talk.says("it's jane at acme dot com")
    done = await talk.says("yes")
    assert "jane@acme.com" in done.text
    end = await talk.says("no that's all thanks")
    assert "our meeting with Maya is tomorrow at 8 AM" in end.text and end.action.kind == "hang_up"
    talk.close("done")
    part = meeting_part(talk.facts, COMPANY)
    assert (part["status"], part["rep"], part["guest"]) == (
        "booked",
        "maya-lindqvist",
        "jane@acme.com",
    )
    assert part["start"] == "2026-12-01T16:00:00.000Z" and part["confirmation_heard"]
    assert part["buyer_local"] == "2026-12-01T08:00:00-08:00"
    assert part["rep_local"] == "2026-12-01T10:00:00-06:00"
    assert talk.engine.outcome(talk.state) == "booked"


async def test_times_that_were_heard_are_named_shortly_and_in_full_when_asked_again():
    talk = await offered()
    agreed = await talk.says("sure, my name is daniel carter")
    assert agreed.text.endswith("today, tomorrow, or Wednesday?"), agreed.text
    for words in ("what times were those again", "what were the options", "which days do you have"):
        again = await talk.says(words)
        assert "today at 1 PM, tomorrow at 8 AM, or Wednesday at 8 AM Pacific" in again.text
    await talk.says("i'm in new york")
    assert "tomorrow at 11 AM" in talk.turns[-1].text, "hours they have not heard yet"


async def test_times_of_which_only_a_part_was_heard_are_said_in_full():
    talk = Talk(desk=desk())
    await talk.says("hi can i book a demo please", hears=[0.5])
    agreed = await talk.says("sure, my name is daniel carter")
    assert "today at 1 PM, tomorrow at 8 AM" in agreed.text


async def test_which_time_is_the_earliest_is_answered_and_books_nothing():
    talk = await offered()
    told = await talk.says("which one is the earliest?")
    assert talk.state.meeting.booking is None and "today at 1 PM" in told.text
    booked = await talk.says("yes that's good")
    assert isinstance(booked.receipt, Booked)


async def test_a_person_at_a_named_time_is_a_meeting_though_nobody_is_there_now():
    talk = Talk(desk=desk(), after_hours=True)
    offer = await talk.says("can i talk to someone next tuesday afternoon")
    local = [
        slot.start.astimezone(ZoneInfo("America/Los_Angeles")) for slot in talk.state.times.slots
    ]
    assert local and all(t.weekday() == 1 and t.hour >= 12 for t in local), offer.text
    booked = await talk.says("the first one works")
    assert isinstance(booked.receipt, Booked)


async def test_a_weekday_whose_hour_is_over_is_a_week_from_now():
    talk = await offered()
    choice = await talk.says("monday at nine works")
    assert [s.start.date().isoformat() for s in talk.state.times.slots][:1] == ["2026-12-07"], (
        choice.text
    )


@pytest.mark.parametrize(
    ("words", "hour"), [("actually eleven would be better", 11), ("could we do noon instead", 12)]
)
async def test_another_hour_right_after_the_booking_moves_it_and_tells_nothing_else(words, hour):
    talk = await offered()
    await talk.says("tomorrow please, the second one")
    assert talk.state.meeting.booking is not None
    await talk.says(words)
    zone = ZoneInfo("America/Los_Angeles")
    assert talk.known("employees") == [] and talk.state.meeting.moving is not None
    assert {s.start.astimezone(zone).date().day for s in talk.state.times.slots} == {1}
    assert min(s.start.astimezone(zone).hour for s in talk.state.times.slots) in (hour - 1, hour)


async def test_a_time_that_is_kept_is_not_booked_when_another_hour_is_named():
    talk = Talk(desk=desk(), caller=None)
    await talk.says("can i book a demo")
    held = await talk.says("tomorrow")
    assert talk.state.meeting.held is not None, held.text
    other = await talk.says("11 works. it's lee at forgeworks dot com")
    assert talk.state.meeting.booking is None and len(talk.state.times.slots) == 1, other.text


@pytest.mark.parametrize(
    ("words", "before"),
    [
        ("no not that late", True),
        ("anything earlier", True),
        ("do you have something later", False),
    ],
)
async def test_earlier_and_later_mean_the_same_day(words, before):
    talk = Talk(desk=desk())
    await talk.says("can i book a demo on friday at noon")
    first = {s.start for s in talk.state.times.slots}
    await talk.says(words)
    new = {s.start for s in talk.state.times.slots}
    assert new and not new & first and {t.date() for t in new} == {t.date() for t in first}
    assert max(new) < min(first) if before else min(new) > max(first)


@pytest.mark.parametrize(
    "words",
    [
        "Could we set up a demo next week?",
        "can we schedule a call for next tuesday?",
        "Is it possible to get a demo on Thursday afternoon?",
    ],
)
async def test_when_a_meeting_is_wanted_is_no_question_about_the_product(words):
    talk = Talk(desk=MemoryDesk(sample().company))
    turn = await talk.says(words)
    assert talk.state.times.slots, "times are offered"
    assert not talk.state.questions and "get back to you" not in turn.text


@pytest.mark.parametrize(
    ("words", "which"),
    [
        ("the first one", 0), ("the furst won please", 0), ("option two", 1), ("the middle one", 1),
        ("the last one works", 2), ("tomorrow works", 1), ("today is good", 0),
        ("wednesday please", 2), ("wensday is fine", 2), ("one pm works", 0), ("at one", 0),
        ("any of them", 0), ("you pick", 0), ("the earliest", 0), ("the later one", 2),
        ("the third option is great", 2), ("let's do tomorrow", 1), ("the soonest you have", 0),
        ("yeah the second one would work", 1), ("okay tomorrow at eight", 1),
        ("tomorrow works and do you support single sign on", 1),
    ],
)  # fmt: skip
async def test_a_choice_is_understood_as_people_put_it(words, which):
    talk = await offered()
    slots = talk.state.times.slots
    turn = await talk.says(words)
    assert isinstance(turn.planned.tool, BookSlot), turn.text
    assert turn.planned.tool.slot == slots[which]


@pytest.mark.parametrize(
    "words",
    ["we are two hundred people", "first of all do you support single sign on", "hold on a second",
     "we need to go live by wednesday", "our budget is two thousand dollars", "what was that",
     "can i talk to someone first", "hmm"],
)  # fmt: skip
async def test_words_of_another_matter_book_nothing(words):
    talk = await offered()
    turn = await talk.says(words)
    assert turn.planned.tool is None and not talk.desk.bookings


async def test_what_fits_two_times_is_asked_once():
    talk = await offered()
    unsure = await talk.says("eight in the morning")
    assert unsure.planned.tool is None and "tomorrow" in unsure.text and "Wednesday" in unsure.text
    again = await talk.says("eight")
    assert again.planned.tool.slot.start == datetime(2026, 12, 1, 16, tzinfo=UTC)


async def test_a_number_that_was_not_offered_books_nothing_and_is_asked_again():
    talk = Talk(desk=desk())
    await talk.says("can i get a demo on wednesday at noon")
    turn = await talk.says("the second one please")
    assert turn.planned.tool is None and turn.asks == ["offer:slots"]
    assert "Wednesday at 12 PM" in turn.text


async def test_a_yes_to_a_single_time_takes_it_and_to_several_does_not():
    talk = Talk(desk=desk())
    await talk.says("can i get a demo on wednesday at noon")
    assert len(talk.state.times.slots) == 1
    turn = await talk.says("yes please")
    assert isinstance(turn.receipt, Booked)
    several = await offered()
    turn = await several.says("yes")
    assert turn.planned.tool is None and turn.asks == ["offer:slots"]


@pytest.mark.parametrize("no", ["neither", "none of those work", "those don't work for me"])
async def test_none_of_the_times_brings_others_and_in_the_end_a_call_back(no):
    talk = await offered()
    seen = set(talk.state.times.slots)
    for _ in range(2):
        turn = await talk.says(no)
        assert turn.asks == ["offer:slots"]
        assert not seen & set(talk.state.times.slots)
        seen |= set(talk.state.times.slots)
    for _ in range(3):
        turn = await talk.says(no)
    assert not talk.desk.bookings and turn.text


@pytest.mark.parametrize(
    ("wish", "day", "hours"),
    [
        ("do you have anything on thursday afternoon", 3, range(12, 18)),
        ("friday morning would be better", 4, range(0, 12)),
        ("not monday, next week please", None, range(24)),
        ("after two on thursday", 3, range(14, 24)),
    ],
)
async def test_times_are_looked_for_as_the_caller_wishes(wish, day, hours):
    talk = await offered()
    turn = await talk.says(wish)
    assert turn.asks == ["offer:slots"]
    local = [s.start - timedelta(hours=8) for s in talk.state.times.slots]
    assert all(t.hour in hours for t in local)
    if day is not None:
        assert {t.date() for t in local} == {(MONDAY_NOON + timedelta(days=day)).date()}
    else:
        assert all(7 <= (t.date() - MONDAY_NOON.date()).days <= 13 for t in local)
        assert all(t.weekday() for t in local)


@pytest.mark.parametrize(
    ("asks", "local"),
    [("can i book a demo next week on tuesday at ten", (2026, 12, 8, 10)),
     ("could we schedule a demo for wednesday at two", (2026, 12, 2, 14)),
     ("i'd like a demo thursday afternoon after one", (2026, 12, 3, 13))],
)  # fmt: skip
async def test_the_whole_wish_of_the_first_request_is_heard(asks, local):
    talk = Talk(desk=desk())
    await talk.says(asks)
    first = talk.state.times.slots[0].start - timedelta(hours=8)
    assert (first.year, first.month, first.day, first.hour) == local


async def test_another_date_in_the_same_breath_is_no_wish():
    talk = Talk(desk=desk())
    await talk.says("we want to go live by friday so can i book a demo tomorrow")
    assert (talk.state.times.slots[0].start - timedelta(hours=8)).day == 1


async def test_an_hour_later_is_not_the_later_one():
    talk = await offered()
    turn = await talk.says("can you move it one hour later")
    assert turn.planned.tool is None


async def test_a_time_that_cannot_be_had_brings_the_nearest():
    talk = await offered()
    turn = await talk.says("can we do sunday at ten")
    assert "nothing free just then" in turn.text.lower() and talk.state.times.slots


async def test_a_slot_taken_in_between_is_not_booked_and_others_are_offered():
    talk = await offered()
    slot = talk.state.times.slots[0]
    talk.desk.blocked[slot.rep] = (Busy(slot.start, slot.end),)
    turn = await talk.says("the first one")
    assert isinstance(turn.receipt, Refused)
    assert not any(BOOKED.search(s.text.lower()) for s in turn.sentences)
    assert "taken" in turn.text or "gone" in turn.text
    assert slot not in talk.state.times.slots and turn.asks == ["offer:slots"]
    again = await talk.says("the first one then")
    assert isinstance(again.receipt, Booked)


async def test_when_nothing_is_left_somebody_calls():
    talk = await offered()
    talk.desk.blocked = full()
    turn = await talk.says("the first one")
    assert isinstance(turn.receipt, Refused) and "Maya will" in turn.text
    assert [f for f in talk.facts if isinstance(f, CallbackRequested)]
    assert talk.state.callback is not None and talk.state.meeting.booking is None


async def test_without_a_desk_or_free_times_a_call_back_is_promised_as_ever():
    for known in (None, desk(blocked=full())):
        talk = Talk(desk=known)
        turn = await talk.says("hi can i book a demo please")
        assert "will call you" in turn.text and talk.state.callback is not None


async def test_a_slot_that_has_passed_when_it_is_chosen_is_not_booked():
    talk = await offered()
    talk.at += timedelta(hours=6)
    turn = await talk.says("the first one")
    assert isinstance(turn.receipt, Refused) and turn.receipt.reason == "it has passed"
    assert all(s.start > talk.at for s in talk.state.times.slots)


async def test_a_clock_set_back_books_what_was_offered_and_nothing_twice():
    talk = await offered()
    talk.at -= timedelta(hours=30)
    turn = await talk.says("the first one")
    assert isinstance(turn.receipt, Booked) and len(talk.desk.bookings) == 1


async def test_a_withheld_number_keeps_the_time_until_there_is_a_way_to_reach_them():
    talk = await offered(caller=None)
    held = await talk.says("the second one")
    assert "keeping" in held.text and not talk.desk.bookings and held.asks == ["email"]
    await talk.says("jane at acme dot com")
    booked = await talk.says("yes")
    assert isinstance(booked.receipt, Booked) and "jane@acme.com" in booked.text


async def test_who_gives_neither_number_nor_address_is_told_that_nothing_is_kept():
    talk = await offered(caller=None)
    await talk.says("the second one")
    asked = await talk.says("i'd rather not say")
    assert asked.asks == ["phone"]
    told = await talk.says("no i'd rather not")
    assert "can't keep" in told.text and not talk.desk.bookings


async def test_a_hold_that_ran_out_and_was_taken_is_not_booked():
    talk = await offered(caller=None)
    await talk.says("the first one")
    slot = talk.state.meeting.held
    talk.at += timedelta(minutes=15)
    talk.desk.blocked[slot.rep] = (Busy(slot.start, slot.end),)
    await talk.says("jane at acme dot com")
    turn = await talk.says("yes")
    assert isinstance(turn.receipt, Refused) and talk.state.meeting.held is None
    assert turn.asks == ["offer:slots"]


async def test_moving_and_cancelling_in_the_same_conversation():
    talk = await offered()
    await talk.says("the first one")
    uid = talk.state.meeting.booking.uid
    moving = await talk.says("sorry can we move it to thursday afternoon")
    assert moving.asks == ["offer:slots"]
    moved = await talk.says("the first one")
    assert isinstance(moved.receipt, Booked) and moved.receipt.moved
    assert talk.state.meeting.booking.uid == uid and talk.state.meeting.booking.sequence == 1
    assert "moved" in moved.text and len(talk.desk.bookings) == 1
    ask = await talk.says("actually cancel the meeting")
    assert ask.planned.tool is None and "cancel" in ask.text
    gone = await talk.says("yes")
    assert isinstance(gone.receipt, Cancelled) and "cancelled" in gone.text
    assert not talk.desk.bookings and talk.state.meeting.booking is None
    part = meeting_part(talk.facts, COMPANY)
    assert (part["status"], part["sequence"], part["uid"]) == ("cancelled", 2, uid)


async def test_a_later_call_finds_the_meeting_by_the_number_and_keeps_it_on_a_no():
    books = desk()
    first = await offered(desk=books)
    await first.says("the first one")
    talk = Talk(desk=books)
    ask = await talk.says("i need to cancel my appointment")
    assert "Maya" in ask.text and "today at 1 PM" in ask.text
    kept = await talk.says("no")
    assert books.bookings and "stays" in kept.text
    other = Talk(desk=books, caller="+14155550177")
    none = await other.says("i need to cancel my appointment")
    assert "don't find" in none.text and none.asks == ["offer:callback"]


async def test_a_booking_stands_and_is_told_again_when_asked():
    talk = await offered()
    await talk.says("the first one")
    turn = await talk.says("what happens next")
    assert "Your meeting with Maya" in turn.text
    again = await talk.says("can i book a demo")
    assert again.planned.tool is None and "Your meeting with Maya" in again.text


async def test_a_confirmation_cut_off_is_flagged_for_the_rep():
    talk = await offered()
    await talk.says("the first one", hears=[0.3])
    talk.close("caller hung up")
    flags = [f.kind for f in talk.facts if isinstance(f, Flagged)]
    assert "booking_not_heard" in flags
    assert not meeting_part(talk.facts, COMPANY)["confirmation_heard"]


async def test_a_caller_in_kolkata_hears_their_own_time_and_day():
    talk = Talk(desk=desk(), caller="+919820012345")
    turn = await talk.says("hello can i book a demo")
    assert "India time" in turn.text and "Priya's" in turn.text  # who serves India
    assert len(talk.state.times.slots) == 2
    booked = await talk.says("the first one")
    assert "India time" in booked.text and isinstance(booked.receipt, Booked)
    assert talk.state.meeting.booking.zone == "Asia/Kolkata"


async def test_the_place_that_is_said_counts_before_the_number():
    talk = Talk(desk=desk(), caller="+14155550100")
    await talk.says("we're based in new york")
    turn = await talk.says("can i book a demo")
    assert "your time" in turn.text


async def test_another_company_books_in_its_own_hours():
    company = sample(OTHER).company
    talk = Talk(folder=OTHER, desk=MemoryDesk(company), caller="+496990001234",
                at=datetime(2026, 12, 1, 9, tzinfo=UTC))  # fmt: skip
    await talk.says("can i get a meeting")
    assert talk.state.times.slots and all(
        s.rep in {r.id for r in company.team} for s in talk.state.times.slots
    )
    booked = await talk.says("the first one")
    assert isinstance(booked.receipt, Booked)


SAYINGS = [
    "hi can i book a demo", "the first one", "thursday works", "two thirty", "neither", "yes", "no",
    "the later one", "can we move it to friday", "cancel my meeting", "what happens next", "bye",
    "jane at acme dot com", "how much does the growth plan cost", "we are two hundred people",
    "i'd rather not say", "call me back tomorrow", "next week after three", "any of them", "hmm",
    "are you a robot", "let me talk to a person", "am i booked", "so it's all set then",
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.data())
async def test_nothing_is_said_to_be_booked_without_a_receipt(data):
    busy = data.draw(st.booleans())
    books = desk(blocked=full(MONDAY_NOON + timedelta(days=3)) if busy else None)
    caller = data.draw(st.sampled_from([None, "+14155550100"]))
    talk = Talk(desk=books, caller=caller)
    held_ever = False
    for words in data.draw(st.lists(st.sampled_from(SAYINGS), min_size=3, max_size=9)):
        if data.draw(st.integers(0, 5)) == 0 and talk.state.times.slots:
            slot = talk.state.times.slots[0]
            books.blocked[slot.rep] = (*books.blocked.get(slot.rep, ()), Busy(slot.start, slot.end))
        before = talk.state.meeting.booking
        turn = await talk.says(words)
        stands = before is not None or isinstance(turn.receipt, Booked)
        held_ever = held_ever or turn.receipt is not None
        for sentence in turn.sentences:
            if BOOKED.search(sentence.text.lower()):
                assert stands, (words, sentence.text)
        assert len([a for a in turn.asks if a]) <= 1
        recorded = [f for f in talk.facts if isinstance(f, MeetingRecorded)]
        assert len(books.bookings) <= 1 or len(recorded) >= len(books.bookings)
        if talk.state.meeting.booking is not None:
            assert talk.state.meeting.booking.id in books.bookings


@pytest.mark.parametrize(
    "words",
    [
        "i'm ready to buy",
        "we'd like to buy the growth plan",
        "i want to place an order",
        "where do i sign",
        "sign me up",
        "can i purchase it now",
        "we want to get started today",
    ],
)
async def test_who_wants_to_buy_is_met_with_the_person_who_closes_it(words):
    talk = Talk(desk=desk())
    turn = await talk.says(words)
    assert talk.state.times.slots and ("moving" in turn.text or "set that up" in turn.text), (
        turn.text
    )
    assert "ready_to_buy" in {f.kind for f in turn.facts if isinstance(f, Flagged)}
    assert not talk.known("use_case")


async def test_who_wants_to_buy_while_somebody_is_in_is_offered_them_at_once():
    talk = Talk(desk=desk(), transfers=True)
    await talk.says("do you support single sign on")
    turn = await talk.says("great, we're ready to buy")
    assert turn.asks == ["offer:transfer"] or talk.state.times.slots, turn.text


@pytest.mark.parametrize(
    "words",
    [
        "we buy our data tools through procurement",
        "we're looking to buy something in q2",
        "before we buy we need a trial",
        "our customers order online",
        "can we buy it through aws marketplace",
        "i want to buy a car",
        "we are not ready to buy yet",
    ],
)
async def test_who_speaks_of_buying_otherwise_is_not_sold_to(words):
    talk = Talk(desk=desk())
    turn = await talk.says(words)
    assert not talk.state.times.slots, turn.text
    assert "ready_to_buy" not in {f.kind for f in turn.facts if isinstance(f, Flagged)}


async def test_a_time_offered_some_turns_ago_can_still_be_chosen():
    talk = await offered()
    for words in (
        "do you support sso",
        "how much is growth",
        "is there a free trial",
        "and support",
    ):
        await talk.says(words)
    booked = await talk.says("tomorrow works")
    assert isinstance(booked.receipt, Booked)


@pytest.mark.parametrize(
    "words", ["can we see it?", "ok that's within budget. could i see it live"]
)
async def test_who_wants_to_see_it_is_offered_times(words):
    talk = Talk(desk=desk())
    turn = await talk.says(words)
    assert talk.state.times.slots, turn.text


async def test_a_fit_who_neither_took_nor_refused_times_is_offered_a_call_at_the_door():
    talk = Talk(desk=desk())
    for words in (
        "we're a healthcare company with two hundred people, i run operations, we use snowflake",
        "we need it by next month",
        "how much is growth",
    ):
        await talk.says(words)
    assert "slots" in talk.state.proposals.made
    door = await talk.says("okay that's all, bye")
    assert door.asks == ["offer:callback"] and door.action is None, door.text
    end = await talk.says("no thank you")
    assert end.action.kind == "hang_up"


@pytest.mark.parametrize(
    ("words", "person"),
    [
        ("who do i talk to about setting this up", False),
        ("ok who would i talk to to get that going", False),
        ("who should we speak to about signing up", False),
        ("so who do i talk to about my invoice", True),
    ],
)
async def test_who_asks_whom_to_talk_to_for_the_next_step_is_offered_times(words, person):
    talk = Talk(desk=MemoryDesk(sample().company))
    await talk.says("hi we're a retailer with sixty people and we use bigquery")
    turn = await talk.says(words)
    assert talk.state.wants.human is person
    assert (turn.asks == ["offer:slots"]) is not person, turn.text
