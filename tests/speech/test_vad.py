"""The gate hears a caller start and stop, and nothing else."""

import numpy as np
import pytest

from tests.speech.sounds import (
    at_level,
    breaths,
    clicks,
    clips,
    fixture,
    line,
    mixed,
    murmur,
    recorded,
    span,
    tones,
)
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.speech.silero import SileroModel
from voice_agent.speech.vad import Gate
from voice_agent.turn.events import CrowdHeard, SpeechStarted, SpeechStopped

Events = list[SpeechStarted | SpeechStopped | CrowdHeard]


@pytest.fixture(scope="module")
def silero() -> SileroModel:
    return SileroModel().load()


@pytest.fixture
def gate(silero: SileroModel) -> Gate:
    return Gate(silero)


def fed(gate: Gate, pcm: Pcm, frame: int = 160, at: float = 0.0) -> Events:
    events: Events = []
    for i in range(0, len(pcm), frame):
        events += gate.feed(pcm[i : i + frame], at + i / RATE_HZ)
    return events


def starts(events: Events) -> list[SpeechStarted]:
    return [event for event in events if isinstance(event, SpeechStarted)]


def stops(events: Events) -> list[SpeechStopped]:
    return [event for event in events if isinstance(event, SpeechStopped)]


def in_line(clip: Pcm, noise: Pcm | None = None) -> Pcm:
    """A clip with a second of line before and after."""
    pcm = np.concatenate([np.zeros(RATE_HZ, np.int16), clip, np.zeros(RATE_HZ, np.int16)])
    return mixed(pcm, line(len(pcm) / RATE_HZ) if noise is None else noise[: len(pcm)])


def test_a_quiet_line_is_no_caller(gate: Gate):
    assert fed(gate, line(10.0)) == []
    assert not gate.speaking


def test_digital_silence_is_no_caller(gate: Gate):
    assert fed(gate, np.zeros(80000, np.int16)) == []


@pytest.mark.parametrize("dbfs", [-50.0, -35.0, -22.0])
def test_white_noise_is_no_caller_and_becomes_the_floor(gate: Gate, dbfs: float):
    assert fed(gate, line(8.0, dbfs)) == []
    assert gate.noise_floor_dbfs == pytest.approx(dbfs, abs=3.0)


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(tones(770, 1336), id="key"),
        pytest.param(tones(350, 440, for_s=3.0), id="dial tone"),
        pytest.param(tones(1000), id="beep"),
        pytest.param(
            np.concatenate([tones(f, f * 1.25, f * 1.5) for f in (262, 294, 330, 262, 349, 392)]),
            id="hold music",
        ),
        pytest.param(clicks(), id="clicks"),
        pytest.param(breaths(), id="breaths"),
        pytest.param(tones(50, 150, for_s=3.0, dbfs=-35.0), id="hum"),
    ],
)
def test_sounds_without_a_voice_are_no_caller(gate: Gate, sound: Pcm):
    assert fed(gate, in_line(sound)) == []


@recorded
@pytest.mark.parametrize("dbfs", [-45.0, -30.0, -20.0])
def test_recorded_noise_starts_less_than_one_utterance_a_minute(silero: SileroModel, dbfs: float):
    false, seconds = 0, 0.0
    for noise in clips("noise"):
        false += len(starts(fed(Gate(silero), at_level(noise, dbfs))))
        seconds += len(noise) / RATE_HZ
    assert false / (seconds / 60) < 1.0


@recorded
@pytest.mark.parametrize("dbfs", [-20.0, -32.0, -44.0])
def test_every_short_word_is_heard_on_a_quiet_line(silero: SileroModel, dbfs: float):
    delays, offsets = [], []
    for word in clips("digits")[::3]:
        clip = at_level(word, dbfs)
        began, ended = span(clip)
        events = fed(Gate(silero), in_line(clip))
        first, last = starts(events)[0], stops(events)[-1]
        delays.append(first.known_at - 1.0 - began)
        offsets.append(last.at - 1.0 - ended)
        assert -0.1 < first.at - 1.0 - began < 0.2
        assert last.known_at - last.at <= 0.16
    assert np.median(delays) <= 0.10
    assert np.median(np.abs(offsets)) <= 0.04


@recorded
def test_short_words_are_heard_in_noise_of_ten_decibels_less(silero: SileroModel):
    missed = 0
    words = clips("digits")[::3]
    for n, word in enumerate(words):
        noise = line(3.0, -36.0, seed=n)
        missed += not starts(fed(Gate(silero), in_line(at_level(word, -26.0), noise)))
    assert missed <= len(words) * 0.05


@pytest.mark.parametrize("dbfs", [-25.0, -35.0, -42.0])
def test_a_soft_murmur_is_heard(gate: Gate, dbfs: float):
    assert starts(fed(gate, in_line(at_level(murmur(), dbfs))))


@recorded
def test_a_word_at_the_first_sample_of_the_call_is_heard(gate: Gate):
    sentence = at_level(clips("speech")[3], -25.0)
    first = starts(fed(gate, sentence))[0]
    assert first.at < 0.06 and first.known_at <= 0.14


@recorded
def test_speech_over_a_noise_that_came_before_is_heard(gate: Gate):
    sentence = at_level(clips("speech")[0], -24.0)
    noise = line(9.0, -38.0)
    pcm = np.concatenate([np.zeros(5 * RATE_HZ, np.int16), sentence])
    events = fed(gate, mixed(pcm, noise[: len(pcm)]))
    assert starts(events)[0].at == pytest.approx(5.0 + span(sentence)[0], abs=0.15)


@recorded
def test_a_gap_of_two_hundred_milliseconds_between_words_is_reported(gate: Gate):
    words = [at_level(clip, -25.0) for clip in clips("digits")[40:44]]
    cut = [word[int(span(word)[0] * RATE_HZ) : int(span(word)[1] * RATE_HZ)] for word in words]
    pcm = np.concatenate([line(1.0)] + [part for word in cut for part in (word, line(0.2))])
    events = fed(gate, np.concatenate([pcm, line(0.5)]))
    assert len(stops(events)) >= len(words) - 1


@recorded
def test_starts_and_stops_alternate_and_follow_the_clock(gate: Gate):
    pcm = np.concatenate([part for s in clips("speech") for part in (at_level(s, -25), line(0.6))])
    events = fed(gate, pcm, at=100.0)
    assert len(events) >= 12
    for this, following in zip(events, events[1:], strict=False):
        assert type(this) is not type(following)
        assert this.known_at <= following.known_at
    assert all(100.0 <= e.at <= e.known_at <= 100.0 + len(pcm) / RATE_HZ + 1e-6 for e in events)


@recorded
@pytest.mark.parametrize("frame", [1, 37, 80, 240, 800, 4000])
def test_frames_of_any_length_tell_the_same(silero: SileroModel, frame: int):
    pcm = in_line(at_level(clips("speech")[2], -25.0))[: 2 * RATE_HZ if frame == 1 else None]
    reference = fed(Gate(silero), pcm)
    for one, other in zip(reference, fed(Gate(silero), pcm, frame), strict=True):
        assert type(one) is type(other)
        assert other.at == pytest.approx(one.at, abs=1e-6)


@recorded
def test_audio_that_is_missing_ends_the_voice(gate: Gate):
    sentence = at_level(clips("speech")[1], -25.0)[: RATE_HZ // 4]
    assert starts(fed(gate, sentence)) and gate.speaking
    told = gate.feed(line(0.02), 2.0)
    assert told == [SpeechStopped(at=pytest.approx(0.25), known_at=2.0)]
    assert not gate.speaking


def test_nothing_fed_tells_nothing(gate: Gate):
    assert gate.feed(np.zeros(0, np.int16), 0.0) == []


@recorded
def test_two_calls_share_the_network_and_nothing_else(silero: SileroModel):
    pcm = in_line(at_level(clips("speech")[4], -25.0))
    alone = fed(Gate(silero), pcm)
    one, two = Gate(silero), Gate(silero)
    together: Events = []
    for i in range(0, len(pcm), 160):
        together += one.feed(pcm[i : i + 160], i / RATE_HZ)
        two.feed(line(0.02, -30.0, seed=i), i / RATE_HZ)
    assert together == alone


def in_front_of(babble: Pcm, at_s: float, quiet_s: float = 0.0) -> Pcm:
    """Fifteen seconds of babble, from `quiet_s` on, with a caller 12 dB above it at `at_s`."""
    behind = np.resize(babble, 15 * RATE_HZ).copy()
    behind[: round(quiet_s * RATE_HZ)] //= 300
    asked = fixture("open_office/01_hi_does_tideline_support.wav")
    lead = np.zeros(round(at_s * RATE_HZ), np.int16)
    rest = np.zeros(len(behind) - len(lead) - len(asked), np.int16)
    return mixed(behind, np.concatenate([lead, asked, rest]))


def test_an_office_full_of_talk_is_no_caller(gate: Gate):
    assert fed(gate, np.resize(fixture("noise/babble.wav"), 20 * RATE_HZ)) == []


def test_a_caller_in_a_full_office_begins_and_ends(gate: Gate):
    events = fed(gate, in_front_of(fixture("noise/babble.wav"), 5.0))
    said = fixture("open_office/01_hi_does_tideline_support.wav")
    until = 5.0 + len(said) / RATE_HZ
    assert 5.0 <= starts(events)[0].at < 5.4
    spoken = [event for event in stops(events) if event.at < until + 0.2]
    assert until - 0.6 < spoken[-1].at
    voiced = sum(b.at - a.at for a, b in zip(starts(events), stops(events), strict=True)
                 if a.at > until + 0.2)  # fmt: skip
    assert voiced < 0.5, "what is left after them is no turn"


def test_talk_that_sets_in_later_is_told_as_a_crowd_and_no_more_a_voice(gate: Gate):
    events = fed(gate, in_front_of(fixture("noise/babble.wav"), 1.0, quiet_s=6.0))
    crowds = [event for event in events if isinstance(event, CrowdHeard)]
    assert len(crowds) == 1 and 7.0 < crowds[0].at < 8.6
    assert all(event.at <= crowds[0].at for event in starts(events))
