"""The turn machine is told which answer is expected, once per change."""

from datetime import UTC, datetime

import pytest

from core.asking import Again, Confirm
from tests.core.talk import BUILDER, sample
from voice_agent.call.clock import CallClock
from voice_agent.call.expecting import Expecting, slots
from voice_agent.turn.events import Slot, SlotExpected


def expecting() -> tuple[Expecting, list[Slot | None]]:
    told: list[Slot | None] = []

    def tell(event: SlotExpected) -> None:
        told.append(event.slot)

    folder = sample(BUILDER)
    return Expecting(slots(folder.company), CallClock(datetime(2025, 3, 4, tzinfo=UTC)), tell), told


@pytest.mark.parametrize(
    ("asked", "slot"),
    [
        ("phone", "phone"),
        (Again("email"), "email"),
        (Confirm("email"), "free"),
        ("timeline", "date"),
        ("roof_size", "number"),
        ("role", "free"),
    ],
)
async def test_what_was_asked_decides_the_slot(asked, slot):
    it, told = expecting()
    it.only(asked)
    assert told == [slot]


async def test_only_news_is_told():
    it, told = expecting()
    it.only(None)
    it.only("phone")
    it.only("phone")
    it.only(None)
    assert told == ["phone", None]


async def test_a_question_that_begins_to_play_is_told_every_time():
    it, told = expecting()
    it.asking("phone")
    it.asking("phone")
    it.only("phone")
    assert told == ["phone", "phone"]
