"""Lines that have to be heard are repeated until they are, or until it is clearly useless."""

from datetime import UTC, datetime

from core.events import Fact, Flagged
from core.talk import Sentence
from voice_agent.call.clock import CallClock
from voice_agent.call.owed import MUST_HEAR_TRIES, OwedLines
from voice_agent.call.playback import Clause, Reply

NOTICE = Sentence(0, 0, "This call is recorded.", "disclosure", must_hear=True)
OTHER = Sentence(0, 1, "How can I help?", "greeting")


class Lines:
    def __init__(self) -> None:
        self.written: list[Fact] = []
        self.owed = OwedLines(CallClock(datetime(2025, 3, 4, tzinfo=UTC)), self.write)

    def write(self, *facts: Fact) -> None:
        self.written += facts

    def cut_off(self, *, begun: bool = True, heard: bool = False) -> None:
        at = 1.0 if begun else None
        clauses = [
            Clause(line, line.text, closes=True, started_at=at, heard=heard)
            for line in (NOTICE, OTHER)
        ]
        self.owed.cut_off(Reply(0, clauses))


async def test_a_line_cut_off_is_due_until_it_was_heard_and_others_never_are():
    lines = Lines()
    lines.cut_off()
    assert lines.owed.due() == (NOTICE,)
    lines.owed.heard(NOTICE)
    assert lines.owed.due() == ()


async def test_a_line_that_was_heard_is_not_owed():
    lines = Lines()
    lines.cut_off(heard=True)
    assert lines.owed.due() == ()


async def test_a_line_begun_too_often_is_given_up_and_flagged_once():
    lines = Lines()
    for _ in range(MUST_HEAR_TRIES + 1):
        lines.cut_off()
    assert lines.owed.due() == ()
    assert [f.kind for f in lines.written if isinstance(f, Flagged)] == ["must_hear_not_heard"]


async def test_a_reply_that_never_began_to_play_is_no_try():
    lines = Lines()
    for _ in range(MUST_HEAR_TRIES + 1):
        lines.cut_off(begun=False)
    assert lines.owed.due() == (NOTICE,) and not lines.written


async def test_of_what_a_tool_brought_only_the_lines_that_must_be_heard_are_owed():
    lines = Lines()
    lines.owed.add((NOTICE, OTHER))
    assert lines.owed.due() == (NOTICE,)
