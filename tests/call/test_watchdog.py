"""Silences, lost marks and endless replies, each reported once, on an artificial clock."""

from tests.call.test_playback import FarEnd, playing
from voice_agent.call.playback import MARK_LOST_S
from voice_agent.call.watchdog import DEAD_AIR_S, ENDLESS_S, LATE_PIECES, UNPLAYED, Watchdog


class Watched:
    """A watchdog that looks each time the far end takes a step."""

    def __init__(self, *seconds: float, complete: bool = True) -> None:
        self.line: FarEnd = playing(*seconds, complete=complete)
        self.counted: list[str] = []
        self.dog = Watchdog(self.line.playback, self.counted.append)
        self.notes: list[tuple[str, str, float]] = []

    def run(self, until: float, echo: bool = True) -> None:
        while self.line.now < until:
            self.line.run(self.line.now + 0.01, echo=echo)
            for flag in self.dog.look(None, self.line.now, 1):
                self.notes.append((flag.kind, flag.note, self.line.now))


def test_words_owed_are_dead_air_once_for_each_silence():
    dog = Watchdog(playing(1.0).playback, lambda kind: None)
    assert dog.due(2.0) == 2.0 + DEAD_AIR_S and dog.look(2.0, 1.9 + DEAD_AIR_S, 1) == []
    (flag,) = dog.look(2.0, 2.0 + DEAD_AIR_S, 3)
    assert (flag.kind, flag.turn, flag.start_ms) == ("dead_air", 3, 6000)
    assert dog.look(2.0, 20.0, 3) == [] and dog.due(2.0) is None
    assert [flag.kind for flag in dog.look(21.0, 25.0, 4)] == ["dead_air"]


def test_so_many_marks_lost_in_a_row_are_told_once():
    call = Watched(*[1.0] * 6)
    call.run(12.0, echo=False)
    ((kind, note, at),) = call.notes
    assert kind == "stuck_speaking" and note == f"{UNPLAYED} marks in a row did not come back"
    assert UNPLAYED + MARK_LOST_S <= at < UNPLAYED + MARK_LOST_S + 0.1
    assert call.counted == ["stuck_speaking"]


def test_a_mark_that_comes_back_ends_the_row():
    call = Watched(*[1.0] * 12)
    call.run(2.2 + MARK_LOST_S, echo=False)  # two are lost by now
    assert call.line.playback.lost_in_a_row == 2
    call.line.marks = call.line.marks[2:]
    call.run(20.0)
    assert call.notes == [] and call.line.playback.lost_in_a_row == 0


def test_a_reply_that_does_not_end_is_told_once():
    call = Watched(*[3.0] * 40)
    call.run(ENDLESS_S + 40)
    ((kind, note, at),) = call.notes
    assert kind == "stuck_speaking" and "gone on" in note and ENDLESS_S <= at < ENDLESS_S + 0.1


def test_a_reply_of_ordinary_length_is_not():
    call = Watched(*[4.0] * 7)
    call.run(60.0)
    assert call.notes == [] and call.line.playback.reply is None


def test_speech_sent_late_is_told_at_the_end_when_it_may_have_been_heard():
    call = Watched(1.0)
    assert call.dog.at_the_end(9.0, 2) == []
    call.line.playback.late = LATE_PIECES
    (flag,) = call.dog.at_the_end(9.0, 2)
    assert flag.kind == "late_speech" and flag.note.startswith(
        f"pieces that went out late: {LATE_PIECES};"
    )
    call.line.playback.late, call.line.playback.underruns = 1, 1
    assert [flag.kind for flag in call.dog.at_the_end(9.0, 2)] == ["late_speech"]
    assert call.counted == ["late_speech"] * 2
