"""The guide's own example: a buyer asking about enterprise pricing at 2 PM should not wait until
9 AM tomorrow because of round-robin logic. By day, after hours, and from another time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.scheduling.board import Assigned
from core.scheduling.memory import MemoryDesk
from core.scheduling.slots import Busy
from core.scheduling.tools import Booked
from tests.core.talk import Talk, sample

COMPANY = sample().company
EASTERN = ZoneInfo("America/New_York")
TWO_PM = datetime(2026, 12, 1, 14, 0, tzinfo=EASTERN).astimezone(UTC)
SAYS = (
    "how much does the enterprise plan cost",
    "we're a healthcare company in boston with three thousand employees",
    "i'm the cio and i decide on this, we use snowflake and need reverse etl",
    "we have two hundred thousand dollars and want to be live in two months",
)


async def asking(at: datetime, *, caller: str = "+16175550177", **more) -> Talk:
    """The buyer of the guide, up to where they are offered a next step."""
    desk = more.pop("desk", None) or MemoryDesk(
        COMPANY, ledger={"sofia-alvarez": Assigned(9, at), "daniel-okafor": Assigned(0, None)}
    )
    talk = Talk(at=at, caller=caller, desk=desk, **more)
    for words in SAYS:
        await talk.says(words)
        if talk.state.times.slots or talk.state.awaited.offer:
            break
    return talk


async def until_offered(talk: Talk) -> None:
    for _ in range(4):
        if talk.state.times.slots or talk.state.awaited.offer == "transfer":
            return
        await talk.says("okay what's the next step")


async def test_at_two_pm_the_first_free_half_hour_of_today_is_offered_whoevers_turn_it_is():
    talk = await asking(TWO_PM)
    await until_offered(talk)
    assert talk.state.judged.verdict.result == "qualified" and talk.state.judged.route.fast_track
    assert (
        talk.state.judged.route.rep == "sofia-alvarez"
    )  # fit and at work; not Daniel, whose turn it is
    first = talk.state.times.slots[0].start.astimezone(EASTERN)
    assert (first.date(), first.hour, first.minute) == (TWO_PM.date(), 14, 30)
    assert "today at 2:30 PM" in talk.turns[-1].text
    booked = await talk.says("the first one")
    assert isinstance(booked.receipt, Booked)
    assert "today, Tuesday, December 1 at 2:30 PM" in booked.text


async def test_at_two_pm_a_channel_that_can_transfer_puts_them_through_at_once():
    talk = await asking(TWO_PM, transfers=True)
    await until_offered(talk)
    assert "Sofia" in talk.turns[-1].text and talk.state.awaited.offer == "transfer"
    through = await talk.says("yes please")
    assert through.action.kind == "transfer" and through.action.rep == "sofia-alvarez"


@pytest.mark.parametrize(
    ("aside", "again"), [("We want to be live in two months.", True), ("Do you have SCIM?", False)]
)
async def test_an_offer_passed_over_to_say_something_still_stands(aside: str, again: bool):
    talk = Talk(at=TWO_PM, caller="+16175550177", desk=MemoryDesk(COMPANY), transfers=True)
    for words in (*SAYS[:2], "i'm the cio, we use snowflake and need patient data in salesforce"):
        await talk.says(words)
    assert talk.state.awaited.offer == "transfer"
    assert ("Shall I put you through?" in (await talk.says(aside)).text) == again
    through = await talk.says("yes please")
    assert through.action.kind == "transfer" and through.action.rep == "sofia-alvarez"


async def test_times_passed_over_to_say_something_are_still_offered():
    talk = Talk(at=TWO_PM, caller="+16175550177", desk=MemoryDesk(COMPANY))
    for words in (*SAYS[:2], "i'm the cio, we use snowflake and need patient data in salesforce"):
        await talk.says(words)
    assert talk.state.awaited.offer == "slots"
    assert (await talk.says("Do you have SCIM?")).asks == [], "not put again at once"
    assert (await talk.says("Do you have an audit log?")).asks == []
    assert isinstance((await talk.says("okay, the first one")).receipt, Booked)


async def test_a_wish_to_meet_after_times_were_offered_is_asked_which_of_them():
    talk = Talk(at=TWO_PM, caller="+16175550177", desk=MemoryDesk(COMPANY))
    for words in (*SAYS[:2], "i'm the cio, we use snowflake and need patient data in salesforce"):
        await talk.says(words)
    offered = talk.state.times.slots
    turn = await talk.says("okay, let's set something up")
    assert "today, tomorrow, or Thursday" in turn.text
    assert talk.state.times.slots == offered, "no other times"
    assert isinstance((await talk.says("the first one")).receipt, Booked)


async def test_after_hours_the_first_thing_tomorrow_is_offered_and_nobody_is_put_through():
    late = datetime(2026, 12, 1, 21, 30, tzinfo=EASTERN).astimezone(UTC)
    talk = await asking(late, transfers=True)
    await until_offered(talk)
    first = talk.state.times.slots[0].start.astimezone(EASTERN)
    assert (first.day, first.hour) == (2, 9)
    assert talk.state.awaited.offer == "slots"


async def test_in_california_it_is_eleven_and_the_rep_at_work_there_takes_them():
    says = (SAYS[0], "we're a software company in california with three thousand employees",
            *SAYS[2:])  # fmt: skip
    desk = MemoryDesk(COMPANY, ledger={"daniel-okafor": Assigned(9, TWO_PM)})
    talk = Talk(at=TWO_PM, caller="+14155550177", desk=desk)
    for words in says:
        if not talk.state.times.slots:
            await talk.says(words)
    await until_offered(talk)
    assert talk.state.judged.route.rep == "daniel-okafor"
    first = talk.state.times.slots[0].start.astimezone(ZoneInfo("America/Los_Angeles"))
    assert (first.day, first.hour, first.minute) == (1, 11, 30)


async def test_before_california_gets_up_somebody_awake_takes_an_urgent_lead_from_nowhere_known():
    dawn = datetime(2026, 12, 1, 9, 30, tzinfo=EASTERN).astimezone(UTC)
    desk = MemoryDesk(COMPANY, ledger={"sofia-alvarez": Assigned(9, dawn)})
    talk = Talk(at=dawn, caller=None, desk=desk)
    for words in (SAYS[0], "we're a united states healthcare company with three thousand people",
                  *SAYS[2:]):  # fmt: skip
        if not talk.state.times.slots:
            await talk.says(words)
    assert talk.state.judged.route.rep == "sofia-alvarez"


async def test_on_thanksgiving_the_first_working_day_is_offered():
    thanksgiving = datetime(2026, 11, 26, 14, 0, tzinfo=EASTERN).astimezone(UTC)
    talk = await asking(thanksgiving)
    await until_offered(talk)
    assert talk.state.times.slots[0].start.astimezone(EASTERN).date().isoformat() == "2026-11-30"


async def test_a_full_afternoon_brings_the_next_free_time_and_never_a_taken_one():
    busy = Busy(TWO_PM, datetime(2026, 12, 1, 23, tzinfo=UTC))
    talk = await asking(TWO_PM, desk=MemoryDesk(COMPANY, blocked={"sofia-alvarez": (busy,)}))
    await until_offered(talk)
    assert all(slot.start >= busy.end for slot in talk.state.times.slots)
