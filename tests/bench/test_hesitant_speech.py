"""The lines behind the premature-end figures are what their bench says they are."""

from collections import Counter
from unittest.mock import Mock

import numpy as np
import pytest

from core.engine import Engine
from tests.bench.hesitant_heard import Heard, Stretch
from tests.bench.hesitant_speech import LONG_S, PAUSES_S, VOICES, Line, Spoken, lines
from tests.bench.hesitant_talk import Outcome, Senses, talk
from voice_agent.speech.ports import HeardWord, Hypothesis
from voice_agent.turn.events import EndTurn

KINDS = {"hesitation", "dictation", "run_on", "complete"}


@pytest.mark.parametrize("part", ["tuning", "former", "unseen"])
def test_lines_have_their_kind_pauses_and_many_voices(part):
    said = lines(part)
    assert {line.kind for line in said} == KINDS
    assert {line.voice for line in said} == set(VOICES)
    for line in said:
        assert len(line.pauses_s) == len(line.stretches) - 1 and all(line.stretches)
        assert (line.kind == "complete") == (not line.pauses_s)
        assert all(PAUSES_S[0] <= pause <= PAUSES_S[1] for pause in line.pauses_s)
    long = Counter(
        (line.voice.split()[0], min(line.pauses_s) == LONG_S) for line in said if line.pauses_s
    )
    assert min(long.values()) > 20
    assert said == lines(part)


def test_what_is_measured_was_not_tuned_on():
    parts = ("tuning", "former", "unseen")
    tuned, former, unseen = ({line.stretches for line in lines(part)} for part in parts)
    assert not (tuned | former) & unseen


def outcome(*ended_at: float) -> Outcome:
    """Ends of turn in a line that sounds from 10.0 to 11.0 and from 11.9 to 13.0."""
    line = Line("hesitation", None, ("we use", "snowflake"), (0.9,), VOICES[0])
    spoken = Spoken(line, np.zeros(0, np.int16), ((0.0, 1.0), (1.9, 3.0)))
    ended = [EndTurn(at, n, "", 10.0, 11.0 if at < 12 else 13.0) for n, at in enumerate(ended_at)]
    return Outcome(spoken, 10.0, ended)


def test_an_end_heard_in_the_pause_is_premature_and_one_not_heard_is_merged():
    assert outcome(11.5, 13.3).premature and not outcome(11.5, 13.3).merged
    assert outcome(11.895, 13.3).merged and not outcome(11.895, 13.3).premature
    whole = outcome(13.3)
    assert not whole.premature and not whole.merged
    assert whole.heard_s == pytest.approx(0.32)


def heard(text: str, start: float, end: float) -> Stretch:
    """A stretch after which all words so far were these."""
    words = tuple(HeardWord(word, 0.0, end) for word in text.split())
    return Stretch(start, start + 0.1, end, end + 0.08, Hypothesis(text, words, 0.9, end))


def test_a_call_is_talked_again_from_what_was_heard_of_it():
    line = Line("hesitation", None, ("we use um", "snowflake"), (0.9,), VOICES[0])
    spoken = Spoken(line, np.zeros(0, np.int16), ((0.0, 1.0), (1.9, 3.0)))
    silent = np.zeros(8 * 8000, np.int16)
    said = heard("we use um", 1.0, 2.0), heard("we use um snowflake", 2.9, 4.0)
    senses: Senses = {(line, text): "told" for text in ("we use um", "we use um snowflake")}
    (patient,) = talk([Heard(spoken, 0.0, 1.0, silent, said)], Mock(spec=Engine), senses)
    assert [end.text for end in patient.ended] == ["we use um snowflake"]
    assert not patient.early and patient.heard_s is not None and patient.heard_s < 1.2
    whole = heard("how much is it", 1.0, 2.0), heard("how much is it", 2.9, 4.0)
    senses = {(line, "how much is it"): "question", (line, ""): "nothing"}
    (hasty,) = talk([Heard(spoken, 0.0, 1.0, silent, whole)], Mock(spec=Engine), senses)
    assert hasty.premature
