"""The ledger of what was sent, played and heard, driven by an artificial clock."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.talk import Sentence
from voice_agent.call.playback import (
    LATE_S,
    LEAD_S,
    LEAST_S,
    MARK_LOST_S,
    REFILL_S,
    Clause,
    Finished,
    Playback,
    Reply,
    SentenceHeard,
    Started,
)


def reply(*seconds: float, turn: int = 1, complete: bool = True) -> Reply:
    """A reply of one-clause sentences `seconds` long, each saying four words."""
    clauses = []
    for n, length in enumerate(seconds):
        sentence = Sentence(turn, n, f"alpha bravo charlie {n}", "answer")
        audio = bytearray(b"\x7f" * int(length * 8000))
        clauses.append(Clause(sentence, sentence.text, audio, voiced=True, closes=True))
    return Reply(turn, clauses, complete)


class FarEnd:
    """Twilio's buffer: plays what it is sent, echoes marks when reached, clears on demand."""

    def __init__(self, playback: Playback) -> None:
        self.playback = playback
        self.now = 0.0
        self.ends = 0.0
        self.marks: list[tuple[float, str]] = []
        self.cleared: list[str] = []
        self.sent_s = 0.0
        self.most_ahead = 0.0
        self.events: list = []
        self.lane_ends = 0.0
        """Where the agent's lane of the recording ends: what was played, not what was sent."""

    def pause(self) -> None:
        self.lane_ends = min(self.ends, self.now)
        self.events += self.playback.pause(self.now)
        self.take(self.playback.poll(self.now)[0])

    def cancel(self) -> None:
        self.lane_ends = min(self.ends, self.now)
        self.events += self.playback.cancel(self.now)

    def take(self, messages: list[str]) -> None:
        for message in map(json.loads, messages):
            if message["event"] == "media":
                length = len(base64.b64decode(message["media"]["payload"])) / 8000
                self.ends = max(self.ends, self.now) + length
                self.sent_s += length
                self.most_ahead = max(self.most_ahead, self.ends - self.now)
            elif message["event"] == "mark":
                self.marks.append((max(self.ends, self.now), message["mark"]["name"]))
            else:
                self.cleared += [name for _, name in self.marks]
                for _, name in self.marks:
                    self.events += self.playback.marked(name, self.now)
                self.marks, self.ends = [], self.now

    def run(self, until: float, step: float = 0.01, echo: bool = True) -> None:
        while self.now < until:
            messages, events = self.playback.poll(self.now)
            self.events += events
            self.take(messages)
            while echo and self.marks and self.marks[0][0] <= self.now:
                self.events += self.playback.marked(self.marks.pop(0)[1], self.now)
            self.now += step

    def heard(self) -> list[tuple[str, bool]]:
        return [(e.heard.text, e.heard.complete) for e in self.events if type(e) is SentenceHeard]


def playing(*seconds: float, complete: bool = True) -> FarEnd:
    playback = Playback("MZ1", lambda piece, at: None)
    playback.attach(reply(*seconds, complete=complete))
    return FarEnd(playback)


def test_a_reply_is_heard_sentence_by_sentence_and_then_finished():
    far = playing(1.0, 0.5)
    far.run(3.0)
    kinds = [type(e) for e in far.events]
    assert kinds == [Started, SentenceHeard, SentenceHeard, Finished]
    first = far.events[1].heard
    assert (first.start_ms, first.end_ms) == (0, 1000)
    assert far.events[2].heard.start_ms == 1000


def test_the_lead_over_the_far_end_is_bounded():
    far = playing(5.0)
    far.run(6.0)
    assert far.most_ahead <= LEAD_S + 0.02
    assert abs(far.sent_s - 5.0) < 1e-9
    assert far.playback.underruns == 0


def test_a_clause_that_is_still_growing_is_sent_as_it_grows():
    far = playing(0.2, complete=False)
    held = far.playback.reply
    held.clauses[0].voiced = False
    far.run(0.1)
    assert far.sent_s > 0.15
    held.clauses[0].audio += b"\x7f" * 1600
    held.clauses[0].voiced = held.complete = True
    far.run(1.0)
    assert [type(e) for e in far.events] == [Started, SentenceHeard, Finished]


def test_a_mark_returned_by_clear_is_not_heard():
    far = playing(0.25, 2.0)
    far.run(0.1)
    far.events += far.playback.pause(far.now)
    far.take(far.playback.poll(far.now)[0])
    assert far.heard() == []


def test_a_mark_racing_the_clear_is_judged_by_when_its_audio_was_due_to_end():
    far = playing(0.2, 2.0)
    far.run(0.35, echo=False)
    far.events += far.playback.pause(far.now)
    assert far.heard() == [("alpha bravo charlie 0", True)]


def test_nothing_is_heard_on_a_line_that_has_gone_dead():
    far = playing(2.0, 2.0)
    for tenth in range(7):
        far.playback.seen(tenth / 10)
        far.run(tenth / 10 + 0.1, echo=False)
    far.run(20.0, echo=False)
    assert far.heard() == [] and far.playback.reply is not None
    due = far.playback.deadline(far.now)
    assert due is not None and due > far.now + 0.5, "the pump must not spin"
    far.cancel()
    assert far.heard() == [("alpha", False)], "up to its last sign of life"


def test_a_line_that_comes_back_counts_its_lost_marks_again():
    far = playing(0.5)
    far.playback.seen(0.0)
    far.run(10.0, echo=False)
    assert far.heard() == []
    far.playback.seen(far.now)
    far.run(10.1, echo=False)
    assert far.heard() == [("alpha bravo charlie 0", True)]


def test_a_resumed_reply_goes_on_from_the_first_clause_not_heard():
    far = playing(0.5, 1.0)
    far.run(1.0)
    far.events += far.playback.pause(far.now)
    far.run(1.2)
    sent = far.sent_s
    far.playback.resume()
    far.run(4.0)
    assert far.heard() == [("alpha bravo charlie 0", True), ("alpha bravo charlie 1", True)]
    assert abs(far.sent_s - sent - 1.0) < 1e-9, "the heard clause is not said again"
    assert type(far.events[-1]) is Finished


def test_a_cancelled_reply_leaves_the_words_that_were_heard():
    far = playing(1.0, 1.0)
    far.run(1.62)
    far.events += far.playback.cancel(far.now)
    assert far.heard() == [("alpha bravo charlie 0", True), ("alpha bravo", False)]


def test_a_reply_cancelled_some_time_after_its_pause_was_heard_up_to_the_pause():
    far = playing(1.0, 1.0)
    far.run(1.62)
    far.pause()
    far.run(2.5)
    far.cancel()
    assert far.heard() == [("alpha bravo charlie 0", True), ("alpha bravo", False)]
    assert far.events[-1].heard.end_ms == pytest.approx(1620, abs=10)


def test_a_reply_cancelled_while_its_voice_is_behind_was_heard_as_far_as_there_was_audio():
    far = playing(1.0, complete=False)
    far.playback.reply.clauses[0].voiced = False
    far.run(3.0)
    far.cancel()
    assert far.events[-1].heard.end_ms == 1000


def test_of_a_clause_still_being_voiced_no_more_was_heard_than_its_audio_has_time_for():
    said = Sentence(1, 0, "We keep backups in two other regions for ninety days.", "answer")
    playback = Playback("MZ1", lambda piece, at: None)
    playback.attach(Reply(1, [Clause(said, said.text, bytearray(b"\x7f" * 9600))]))
    far = FarEnd(playback)
    far.run(1.19)
    far.cancel()
    assert far.heard() == [("We keep backups", False)]


def test_a_gap_in_a_clause_is_no_time_in_which_more_words_were_heard():
    far = playing(2.0, complete=False)
    clause = far.playback.reply.clauses[0]
    rest, clause.audio, clause.voiced = clause.audio[8000:], clause.audio[:8000], False
    far.run(1.8)
    clause.audio += rest
    clause.voiced = True
    far.run(2.0)
    far.cancel()
    assert far.heard() == [("alpha bravo", False)], "1.2 seconds of two"
    assert far.playback.underruns == 1


def test_a_reply_cancelled_before_it_began_was_never_said():
    far = playing(1.0)
    far.events += far.playback.cancel(0.0)
    assert far.events == [] and far.playback.poll(0.0)[0] == []


def test_marks_that_never_come_back_do_not_hang_the_call():
    far = playing(0.5)
    far.run(0.5 + MARK_LOST_S + 0.2, echo=False)
    assert type(far.events[-1]) is Finished
    assert far.playback.lost_in_a_row == 1


def test_an_empty_reply_finishes_at_once():
    far = playing()
    far.run(0.05)
    assert [type(e) for e in far.events] == [Finished]


moves = st.lists(
    st.tuples(st.sampled_from(["run", "pause", "resume"]), st.floats(0.01, 0.9)), max_size=12
)


@settings(max_examples=60)
@given(st.lists(st.floats(0.05, 1.2), min_size=1, max_size=4), moves)
def test_whatever_happens_each_sentence_is_heard_at_most_once_and_in_order(lengths, script):
    far = playing(*lengths)
    for move, length in script:
        if move == "run":
            far.run(far.now + length, step=0.02)
        elif move == "pause":
            far.events += far.playback.pause(far.now)
        else:
            far.playback.resume()
    far.playback.resume()
    far.run(far.now + sum(lengths) + 1, step=0.02)
    assert far.heard() == [(f"alpha bravo charlie {n}", True) for n in range(len(lengths))]
    assert sum(type(e) is Finished for e in far.events) == 1


@settings(max_examples=60)
@given(st.lists(st.floats(0.05, 1.2), min_size=1, max_size=4), moves, st.floats(0.0, 0.9))
def test_a_line_that_was_cut_off_never_ends_after_its_audio(lengths, script, later_s):
    far = playing(*lengths)
    for move, length in script:
        if move == "run":
            far.run(far.now + length, step=0.02)
        elif move == "pause":
            far.pause()
        else:
            far.playback.resume()
    far.run(far.now + later_s, step=0.02)
    far.cancel()
    ends = [e.heard.end_ms for e in far.events if type(e) is SentenceHeard]
    assert all(end <= round(far.lane_ends * 1000) for end in ends)


def test_a_gap_before_a_clause_is_counted_as_one_inside_of_it_is():
    far = playing(0.5, 0.5, complete=False)
    last = far.playback.reply.clauses.pop()
    far.run(1.0)
    far.playback.reply.clauses.append(last)
    far.run(2.0)
    assert far.playback.underruns == 1


def test_silence_after_a_filler_or_a_pause_is_no_gap():
    far = playing(0.5, 0.5, complete=False)
    held = far.playback.reply
    last, held.clauses[0].sentence = held.clauses.pop(), Sentence(1, -1, "One moment.", "filler")
    far.run(1.0)
    held.clauses.append(last)
    far.run(1.2)
    far.pause()
    far.run(2.0)
    far.playback.resume()
    far.run(3.0)
    assert far.playback.underruns == 0


def test_a_piece_sent_when_the_lead_has_shrunk_too_far_is_late_and_counted_once():
    playback = Playback("MZ1", lambda piece, at: None)
    playback.attach(reply(2.0))
    playback.poll(0.0)
    wakes = playback.deadline(0.0)
    assert wakes is not None
    due = wakes + REFILL_S - LEAST_S
    playback.poll(due + LATE_S + 0.01)
    assert playback.late == 1
    wakes = playback.deadline(due + LATE_S + 0.01)
    assert wakes is not None
    playback.poll(wakes + REFILL_S - LEAST_S + LATE_S - 0.001)
    assert playback.late == 1, "refilling begins ahead of what is due"


def test_playback_says_whether_more_audio_is_news():
    playback = Playback("MZ1", lambda piece, at: None)
    playback.attach(reply(2.0))
    playback.poll(0.0)
    assert not playback.hungry
    for tick in range(1, 400):
        playback.poll(tick * 0.01)
    assert playback.hungry


class DistantEnd(FarEnd):
    """The same behind a line on which every echo takes `trip_s`, and the first one longer."""

    trip_s = 0.0

    def run(self, until: float, step: float = 0.01, echo: bool = True) -> None:
        while self.now < until - 1e-9:
            messages, events = self.playback.poll(self.now)
            self.events += events
            self.take(messages)
            late = self.trip_s + (0.0 if self.heard() else 0.3)
            while echo and self.marks and self.marks[0][0] + late <= self.now + 1e-9:
                self.events += self.playback.marked(self.marks.pop(0)[1], self.now)
            self.now = round(self.now + step, 3)


def after_a_reply(trip_s: float) -> tuple[DistantEnd, list[float]]:
    """A call at its third second, in which a reply has been heard to its end over such a line, and
    where what is sent from then on is put on the recording."""
    placed: list[float] = []
    far = DistantEnd(Playback("MZ1", lambda piece, at: placed.append(at)))
    far.trip_s = trip_s
    far.playback.attach(reply(0.5, 0.5))
    far.run(3.0)
    assert far.playback.reply is None
    placed.clear()
    return far, placed


def test_what_is_played_is_dated_by_the_round_trip_that_echoes_show():
    far, placed = after_a_reply(0.2)
    far.playback.attach(reply(0.5))
    far.run(4.0)
    heard = [e.heard for e in far.events if type(e) is SentenceHeard][-1]
    assert placed[0] == pytest.approx(3.2, abs=0.011)
    assert (heard.start_ms, heard.end_ms) == (
        pytest.approx(3200, abs=11),
        pytest.approx(3700, abs=11),
    )


def test_the_delay_of_our_own_loop_is_no_round_trip():
    far, placed = after_a_reply(0.01)
    far.playback.attach(reply(0.5))
    far.run(4.0)
    assert placed[0] == 3.0


def test_a_cut_reply_is_dated_by_the_round_trip_too():
    far, _ = after_a_reply(0.2)
    far.playback.attach(reply(2.0))
    far.run(4.0)
    assert far.playback.trip_s == pytest.approx(0.2, abs=0.011)
    far.cancel()
    cut = [e.heard for e in far.events if type(e) is SentenceHeard][-1]
    assert not cut.complete
    assert (cut.start_ms, cut.end_ms) == (pytest.approx(3200, abs=11), pytest.approx(4200, abs=11))
