"""A meeting just booked at one of several times, moved to another of them after all."""

from zoneinfo import ZoneInfo

import pytest

from core.scheduling.memory import MemoryDesk
from core.scheduling.slots import Busy
from core.scheduling.tools import Booked, Refused
from tests.core.talk import Talk, sample

ZONE = ZoneInfo("America/Los_Angeles")


async def booked(choice: str = "the second one", **more) -> Talk:
    """Of today at one, tomorrow at eight and Wednesday at eight, the one that is chosen."""
    talk = Talk(**({"desk": MemoryDesk(sample().company)} | more))
    await talk.says("hi can i book a demo please")
    assert len(talk.state.times.slots) == 3
    await talk.says(choice)
    return talk


def meetings(talk: Talk) -> list[int]:
    """The days of December, November's being below one, on which a meeting is booked."""
    days = [b.start.astimezone(ZONE) for b, _ in talk.desk.bookings.values()]
    return [d.day if d.month == 12 else d.day - 30 for d in days]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("actually the earlier one", 0),
        ("No, wait - the first one.", 0),
        ("sorry, i meant the first", 0),
        ("hold on, could we do the earlier time instead", 0),
        ("oops, the one today at one please", 0),
        ("can we make it today after all", 0),
        ("I'd rather have the first slot", 0),
        ("the third one please", 2),
        ("oh no, the last one", 2),
        ("hm actually the later one is better", 2),
        ("wait can we do the wednesday one instead", 2),
        ("on second thought, wednesday", 2),
        ("scratch that, the wednesday slot", 2),
        ("could you change it to wednesday at eight", 2),
        ("i picked the wrong one, i meant wednesday", 2),
        ("let's do wednesday, that's easier for me", 2),
        ("Shoot, tomorrow I'm out. Let's take the last one.", 2),
        ("can i switch to the third option", 2),
    ],
)
async def test_the_meeting_moves_to_the_time_that_is_wanted_instead(words, day):
    talk = await booked()
    moved = await talk.says(words)
    assert isinstance(moved.receipt, Booked) and moved.receipt.moved, moved.text
    assert meetings(talk) == [day] and talk.state.meeting.booking.sequence == 1
    assert moved.sentences[0].must_hear and moved.asks == ["email"], moved.text
    assert talk.state.asks.declined == ()


@pytest.mark.parametrize(
    "words",
    [
        "no, the other one",
        "hm, one of the other times would be better",
        "can i have another one of those, the other one",
        "what was the other one again?",
        "which were the other times?",
    ],
)
async def test_of_several_others_it_is_asked_which_and_the_meeting_stands(words):
    talk = await booked()
    asked = await talk.says(words)
    assert asked.asks == ["offer:slots"] and "Wednesday" in asked.text, asked.text
    assert meetings(talk) == [1] and len(talk.state.times.slots) == 2
    await talk.says("the wednesday one")
    assert meetings(talk) == [2]


async def test_the_other_of_two_is_taken_at_once_and_back_again():
    talk = Talk(desk=MemoryDesk(sample().company))
    await talk.says("can i book a demo tomorrow afternoon")
    first, second = talk.state.times.slots
    await talk.says("the first one")
    for wanted in (second, first, second):
        moved = await talk.says("hm no, the other one")
        assert [b.start for b, _ in talk.desk.bookings.values()] == [wanted.start], moved.text


@pytest.mark.parametrize(
    "words",
    ["the second one please", "no no, the second one", "tomorrow is better", "i meant tomorrow"],
)
async def test_the_time_it_has_already_is_kept(words):
    talk = await booked()
    kept = await talk.says(words)
    assert "stays tomorrow" in kept.text and meetings(talk) == [1], kept.text


@pytest.mark.parametrize(
    "words",
    [
        "that's all, thank you",
        "no that's fine",
        "the other thing i wanted to ask is how much it costs",
        "on the other hand we need it fast, does it sync every minute",
        "the last one we had was too slow for us",
        "no, the first vendor we tried was a mess",
        "jane at acme dot com",
        "what is the first thing maya will ask",
        "the other day i read about your security, are you certified",
        "can people see each other's work without me in the middle",
        "is every five minutes the dear one or the middle one",
    ],
)
async def test_words_of_another_matter_move_nothing(words):
    talk = await booked()
    told = await talk.says(words)
    assert meetings(talk) == [1] and not talk.state.times.slots and told.receipt is None, told.text


async def test_after_something_else_was_talked_of_only_a_time_says_it():
    talk = await booked()
    await talk.says("how much is the starter plan")
    await talk.says("the other one")
    assert meetings(talk) == [1]
    await talk.says("can we do the wednesday one instead")
    assert meetings(talk) == [2]


async def test_a_time_taken_in_between_leaves_the_meeting_where_it_is():
    talk = await booked()
    others = [s for s in talk.state.times.choices if s.start != talk.state.meeting.booking.start]
    talk.desk.blocked = {s.rep: tuple(Busy(o.start, o.end) for o in others) for s in others}
    gone = await talk.says("actually the last one")
    assert isinstance(gone.receipt, Refused) and meetings(talk) == [1]
    assert gone.asks == ["offer:slots"] and "now booked" not in gone.text


async def test_a_time_that_is_only_kept_is_let_go_for_another():
    talk = await booked(caller=None)
    assert talk.state.meeting.held is not None and talk.state.meeting.booking is None
    await talk.says("no wait, the wednesday one")
    assert talk.state.meeting.held.start.astimezone(ZONE).day == 2
    await talk.says("jane at acme dot com")
    await talk.says("yes")
    assert meetings(talk) == [2]


async def test_who_asks_for_something_sooner_is_offered_it_and_keeps_the_meeting_until_then():
    talk = await booked()
    offer = await talk.says("do you have anything later that day")
    assert meetings(talk) == [1] and offer.asks == ["offer:slots"]
    await talk.says("the last one")
    assert meetings(talk) == [1] and talk.state.meeting.booking.start.astimezone(ZONE).hour == 14


async def test_a_meeting_taken_back_with_its_turn_can_still_be_moved():
    talk = await booked()
    await talk.says("the wednesday one", hears=[0.2])
    assert meetings(talk) == [2]
    await talk.says("no sorry, the first one")
    assert meetings(talk) == [0]


@pytest.mark.parametrize(
    "words",
    ["great, see you wednesday", "ok talk to you on wednesday then", "wednesday it is, bye"],
)
async def test_the_day_of_the_meeting_is_no_day_by_which_it_is_wanted(words):
    talk = await booked("the wednesday one")
    await talk.says(words)
    assert talk.known("timeline") == [] and meetings(talk) == [2]
