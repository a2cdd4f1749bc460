"""The state of a live call: read off its log once per change, and sent as a difference."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from core.events import Fact, FloorTaken, UtteranceRecorded
from core.privacy.facts import CardSpoken
from core.store.store import Store
from tests.core.talk import sample
from tests.fakes.a_call import AT, started
from voice_agent.console.files import Files
from voice_agent.console.frame import Frame
from voice_agent.console.live import names_of, said_of
from voice_agent.console.live_line import only_new
from voice_agent.console.live_standing import KEPT, Standings, floor

pytestmark = pytest.mark.real_clock
BEGUN = "it is 4111 1111"


def said(turn: int, text: str) -> UtteranceRecorded:
    return UtteranceRecorded(turn, "caller", text, turn * 1000, turn * 1000 + 900)


@pytest.fixture
def frame(store: Store) -> Frame:
    return Frame(store, sample, lambda: AT, b"s", "", [], Files())


async def tells(frame: Frame, facts: Sequence[Fact], standings: Standings) -> dict:
    await frame.store.log.append("c1", AT, facts)
    row = await frame.store.conversations.get("c1")
    assert row is not None
    return dict(await standings.of(row))


async def test_only_what_is_new_is_read_and_all_of_it_stands(frame: Frame, monkeypatch):
    read: list[int] = []
    real = frame.store.log.read

    async def counted(conversation_id: str, after: int = 0) -> list:
        found = await real(conversation_id, after)
        read.append(len(found))
        return found

    monkeypatch.setattr(frame.store.log, "read", counted)
    standings = Standings(frame)
    await tells(frame, [started(), said(1, "hello")], standings)
    stands = await tells(frame, [said(2, "do you sync snowflake")], standings)
    row = await frame.store.conversations.get("c1")
    assert row is not None and await standings.of(row) == stands
    assert [line["text"] for line in stands["transcript"]] == ["hello", "do you sync snowflake"]
    assert stands["status"] == "in_progress" and read == [2, 1], "once a change, for all who look"


async def test_digits_that_turn_out_to_be_a_card_are_not_shown_from_memory(frame: Frame):
    standings = Standings(frame)
    before = await tells(frame, [started(), said(1, BEGUN)], standings)
    assert before["transcript"][0]["text"] == BEGUN
    after = await tells(frame, [CardSpoken(2, "speech", 2000, 2900, (), (1,))], standings)
    assert "4111" not in after["transcript"][0]["text"]


async def test_the_log_tells_every_server_who_has_the_floor(frame: Frame):
    standings = Standings(frame)
    clock: Callable = lambda: AT  # noqa: E731
    assert floor(await tells(frame, [started()], standings), clock) is None
    until = (AT + timedelta(hours=1)).isoformat()
    assert floor(await tells(frame, [FloorTaken("sofia", until)], standings), clock) == "sofia"
    given = await tells(frame, [FloorTaken("sofia", AT.isoformat())], standings)
    assert floor(given, clock) is None


async def test_calls_nobody_looked_at_for_long_are_forgotten(frame: Frame):
    standings = Standings(frame)
    await tells(frame, [started()], standings)
    row = await frame.store.conversations.get("c1")
    assert row is not None
    for n in range(KEPT):
        await standings.of(row.model_copy(update={"id": f"x{n}", "last_seq": 0}))
    assert "c1" not in standings._known and len(standings._known) == KEPT


def test_of_the_transcript_only_the_lines_that_changed_are_sent():
    one, two, three = ({"turn": n, "text": str(n)} for n in (1, 2, 3))
    first = only_new({"transcript": [one, two], "floor": None}, {})
    assert first == {"floor": None, "lines": {"from": 0, "lines": [one, two]}}
    seen = {"transcript": [one, two]}
    assert only_new({"transcript": [one, two, three]}, seen) == {
        "lines": {"from": 2, "lines": [three]}
    }
    assert only_new({"transcript": [one]}, seen) == {"lines": {"from": 1, "lines": []}}
    longer = two | {"text": "two and more"}
    assert only_new({"transcript": [one, longer]}, seen)["lines"]["from"] == 1


def test_a_page_names_people_criteria_and_flags_as_every_other_page_does():
    names = names_of(sample().company)
    assert names["people"]["sofia-alvarez"] == "Sofia Alvarez"
    assert names["criteria"]["tech_stack"] == "Warehouse" and names["criteria"]["name"] == "Name"
    assert names["flags"]["abstained"] == "not answered"


def test_a_buyer_is_called_what_they_said_last():
    told = [{"criterion": "name", "value": value, "superseded_by": by}
            for value, by in (("Dan", "s2"), ("Dana", None))]  # fmt: skip
    assert said_of("name", told) == "Dana" and said_of("name", told[:1]) == ""
