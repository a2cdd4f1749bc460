"""A tool that somebody has not, in the words of the company's own trade."""

from pathlib import Path

import pytest

from core.commands import ProvideSignal
from core.talk import UserSaid
from tests.core.conversation.words.test_told import OPENED, reader
from tests.core.states import under_way
from tests.core.talk import MONDAY_NOON, ROOT

SOLAR = ROOT / "tests" / "companies" / "halden"
DATA = ROOT / "knowledge" / "company"


def lacking(text: str, folder: Path) -> set[str]:
    said = UserSaid(2, text, 0, 1000, MONDAY_NOON)
    commands = reader(folder).read(said, under_way(OPENED, "hi"))
    signals = [c for c in commands if isinstance(c, ProvideSignal)]
    return {c.criterion for c in signals if c.value == "none" and c.polarity == "negative"}


@pytest.mark.parametrize(
    ("folder", "said", "lacks"),
    [
        (DATA, "we don't have a data warehouse", {"tech_stack"}),
        (SOLAR, "we do not have an inverter yet", {"tech_stack"}),
        (SOLAR, "we don't have a warehouse", set()),
    ],
)
def test_who_lacks_a_tool_of_the_kind_a_company_asks_for_says_so_unasked(folder, said, lacks):
    assert lacking(said, folder) == lacks
