"""Times that are written: in the zone they are named in, and by mail without a question back."""

from datetime import UTC, datetime

import pytest

from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text_talk import TextTalk
from core.zones import zone_told
from tests.core.talk import MONDAY_NOON, engine, sample

DANA = (("email", "dana@northwind.example"),)


def talk(channel: str) -> TextTalk:
    opened = ConversationOpened("c1", channel, "inbound", None, None, MONDAY_NOON, contact=DANA)
    return TextTalk(engine(), opened, desk=MemoryDesk(sample().company))


async def test_a_free_time_that_a_mail_names_is_booked_in_its_zone():
    mail = talk("email")
    turn = await mail.says("Could we do a call next Wednesday at 10am Eastern?")
    assert mail.state.booking is not None and "?" not in turn.text
    assert mail.state.booking.start == datetime(2026, 12, 9, 15, 0, tzinfo=UTC)


async def test_chat_asks_whether_it_suits_and_takes_the_zone_afterwards():
    chat = talk("chat")
    turn = await chat.says("can i book a demo tmrw at 2pm")
    assert chat.state.booking is None and turn.text.endswith("?")
    await chat.says("pst")
    await chat.says("yes")
    assert chat.state.booking is not None
    assert chat.state.booking.start == datetime(2026, 12, 1, 22, 0, tzinfo=UTC)


async def test_a_bare_weekday_is_that_of_the_times_on_offer():
    mail = talk("email")
    await mail.says(
        "I'd love a demo. We're in Chicago and could do Tuesday or Thursday next week between 9"
        " and 11am."
    )
    await mail.says("Thursday 10am works. Thanks!")
    assert mail.state.booking is not None and mail.state.booking.start.day == 10
    assert not mail.known("timeline")


async def test_the_week_after_next_is_that_week():
    mail = talk("email")
    await mail.says("Can you suggest two times the week after next?")
    assert {slot.start.isocalendar().week for slot in mail.state.slots} == {51}


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("tomorrow after 3pm Pacific", "America/Los_Angeles"),
        ("mornings UK time", "Europe/London"),
        ("Berlin time", "Europe/Berlin"),
        ("pst", "America/Los_Angeles"),
        ("our central team", None),
        ("in real time", None),
        ("between 9 and 11am (GMT+8)", None),
        ("est. 1999", None),
    ],
)
def test_a_zone_is_one_where_words_name_a_time(words, zone):
    assert zone_told(words) == zone


async def test_who_wants_mail_instead_of_calls_may_be_written_to():
    chat = talk("chat")
    await chat.says("dont call me pls just email")
    assert not chat.state.opted_out and "phone" in chat.state.declined
    assert "callback" in chat.state.refused


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
    assert not chat.state.promises and ".example" in turn.text
