"""Asking a model for wordings: in order, a few at once, and not on and on in vain."""

from collections.abc import Mapping, Sequence
from typing import Any

import anyio
import pytest

from core.errors import ReadingFailed
from tests.core.talk import sample
from voice_agent.suggesting import AT_ONCE, IN_A_ROW, suggested

LOADED = sample()
WANTED = [(a, a.passages[0]) for a in LOADED.articles][:8]


class Model:
    """Answers every request with nine wordings; fails on the numbered ones."""

    def __init__(self, failing: Sequence[int] = ()) -> None:
        self.failing, self.asked, self.now, self.most = failing, 0, 0, 0

    async def extract(
        self, system: str, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        self.asked += 1
        number = self.asked
        self.now += 1
        self.most = max(self.most, self.now)
        await anyio.sleep(1 / number)  # later ones answer first
        self.now -= 1
        if number in self.failing:
            raise ReadingFailed("down")
        return {"wordings": [f"{n} of {number}" for n in range(9)]}


async def _all(model: Model) -> list[Any]:
    return [m async for m in suggested(model, LOADED.company, LOADED.articles, WANTED, 6)]


async def test_they_come_in_order_though_a_few_are_asked_about_at_once():
    model = Model()
    made = await _all(model)
    assert [m.article.id for m in made] == [a.id for a, _ in WANTED]
    assert model.most == AT_ONCE and all(len(m.wordings) == 6 for m in made)


@pytest.mark.parametrize(("failing", "made"), [((2,), 8), (range(1, 99), IN_A_ROW)])
async def test_a_failure_is_told_and_many_in_a_row_end_it(failing, made):
    found = await _all(Model(failing))
    assert len(found) == made and "down" in [m.failed for m in found]
