"""Which of three times on offer (today at one, tomorrow and Wednesday at eight) words pick."""

import pytest

from core.commands import ChooseSlot
from core.conversation.understanding.embedded import Understanding
from core.scheduling.memory import MemoryDesk
from core.talk import UserSaid
from tests.core.talk import MONDAY_NOON, Talk, sample


async def picked(words: str) -> list[int]:
    it = Talk(desk=MemoryDesk(sample().company))
    await it.says("hi can i book a demo please")
    said = UserSaid(it.state.turn + 1, words, 0, 1000, MONDAY_NOON)
    commands = Understanding(sample().company).read(said, it.state)
    chosen = [c.slots for c in commands if isinstance(c, ChooseSlot)]
    ids = [slot.id for slot in it.state.times.slots]
    return [ids.index(one) for one in chosen[0]] if chosen else []


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("whichever is sooner", [0]),
        ("whatever you've got first", [0]),
        ("the early one", [0]),
        ("The first.", [0]),
        ("Let's do the second.", [1]),
        ("as early as you can", [0]),
        ("either's fine", [0]),
        ("up to you", [0]),
        ("don't care", [0]),
        ("those all work", [0]),
        ("anything works for me", [0]),
        ("the second", [1]),
        ("2nd", [1]),
        ("#2", [1]),
        ("Tuesday works", [1]),
        ("the later one", [2]),
        ("as late as possible", [2]),
        ("the first thing you said", [0]),
        ("not the first", [1, 2]),
        ("anything but tomorrow", [0, 2]),
        ("not today, either of the others", [1]),
        ("I don't care for any of that", []),
        ("any idea what it costs", []),
    ],
)
async def test_words_pick_a_time_or_pass_some_over(words: str, places: list[int]):
    assert await picked(words) == places
