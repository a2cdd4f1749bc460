"""What one call writes of its conversation."""

from datetime import UTC, datetime

from core.events import TurnMerged, UtteranceRecorded
from core.talk import UserSaid
from voice_agent.call.conversation import Conversation


def said(turn: int, text: str) -> UserSaid:
    return UserSaid(turn, text, 0, 900, datetime(2026, 12, 3, tzinfo=UTC))


def test_a_turn_stands_in_the_log_until_the_one_that_repeats_its_words_is_there():
    """Else a server that dies in between takes along what was told and promised."""
    batches: list[tuple[object, ...]] = []
    one = Conversation(
        engine=None, state=None, clock=None, recording=None, perform=None,
        write=lambda *facts: batches.append(facts),
    )  # fmt: skip
    one.caller_said(said(1, "could somebody call me back"))
    one.merge(1)
    assert [type(fact) for facts in batches for fact in facts] == [UtteranceRecorded]
    one.caller_said(said(2, "could somebody call me back tomorrow"))
    assert [type(fact) for fact in batches[-1]] == [TurnMerged, UtteranceRecorded]
    one.caller_said(said(3, "that is all"))
    assert [type(fact) for fact in batches[-1]] == [UtteranceRecorded]
