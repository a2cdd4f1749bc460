"""The resampler: a stream split anywhere gives the same samples, in time and in band."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_agent.audio.pcm import Pcm
from voice_agent.audio.resample import BulkResampler, Resampler

RATES = [(22050, 8000), (24000, 8000), (16000, 8000), (8000, 16000), (48000, 8000), (44100, 8000)]


def resample(pcm: Pcm, in_hz: int, out_hz: int) -> Pcm:
    stream = Resampler(in_hz, out_hz)
    return np.concatenate((stream.push(pcm), stream.flush()))


def tone(hz: float, rate_hz: int, seconds: float = 0.5) -> Pcm:
    return np.rint(12000 * np.sin(2 * np.pi * hz * np.arange(rate_hz * seconds) / rate_hz)).astype(
        np.int16
    )


def gain_db(hz: float, in_hz: int, out_hz: int) -> float:
    out = resample(tone(hz, in_hz), in_hz, out_hz).astype(np.float64)[200:-200]
    return 20 * float(np.log10(np.sqrt(np.mean(out**2)) / (12000 / np.sqrt(2)) + 1e-9))


@settings(max_examples=60, deadline=None)
@given(
    rates=st.sampled_from(RATES),
    cuts=st.lists(st.integers(0, 2000), max_size=30),
    seed=st.integers(0, 99),
)
def test_the_output_does_not_depend_on_how_the_input_was_cut(rates, cuts, seed):
    pcm = np.random.default_rng(seed).integers(-32768, 32767, 3000, dtype=np.int16)
    stream = Resampler(*rates)
    pieces = [stream.push(piece) for piece in np.split(pcm, sorted(cuts))] + [stream.flush()]
    assert np.array_equal(np.concatenate(pieces), resample(pcm, *rates))


@pytest.mark.parametrize(("in_hz", "out_hz"), RATES)
def test_duration_is_kept(in_hz, out_hz):
    for samples in (0, 1, 37, in_hz):
        out = resample(np.zeros(samples, np.int16), in_hz, out_hz)
        assert len(out) == -(-samples * out_hz // in_hz)
        assert out.dtype == np.int16


@pytest.mark.parametrize(("in_hz", "out_hz"), RATES)
def test_the_telephone_band_passes_untouched(in_hz, out_hz):
    for hz in (300, 1000, 3400):
        assert abs(gain_db(hz, in_hz, out_hz)) < 0.1


@pytest.mark.parametrize("in_hz", [22050, 24000, 16000, 48000])
def test_what_would_alias_is_removed(in_hz):
    for hz in (4500, 6000, 7500):
        assert gain_db(hz, in_hz, 8000) < -55


def test_samples_stay_in_place():
    click = np.zeros(2400, np.int16)
    click[1200] = 30000
    assert int(np.argmax(resample(click, 24000, 8000))) == 400


def test_less_than_three_milliseconds_are_held_back():
    for in_hz, out_hz in RATES:
        stream = Resampler(in_hz, out_hz)
        given_out = len(stream.push(tone(440, in_hz, 0.1)))
        assert 0.1 - given_out / out_hz < 0.003


def test_flush_begins_a_new_stream():
    stream = Resampler(24000, 8000)
    pcm = tone(440, 24000)
    first = np.concatenate((stream.push(pcm), stream.flush()))
    second = np.concatenate((stream.push(pcm), stream.flush()))
    assert np.array_equal(first, second)
    assert len(stream.flush()) == 0


@pytest.mark.parametrize(("in_hz", "out_hz"), RATES)
def test_the_bulk_kind_gives_the_same_sound_in_the_same_place(in_hz, out_hz):
    pcm = tone(1000, in_hz)
    for cut in (len(pcm), 441):
        stream = BulkResampler(in_hz, out_hz)
        pieces = [stream.push(pcm[at : at + cut]) for at in range(0, len(pcm), cut)]
        out = np.concatenate([*pieces, stream.flush()]).astype(np.int32)
        exact = resample(pcm, in_hz, out_hz).astype(np.int32)
        assert len(out) == len(exact)
        assert np.max(np.abs(out - exact)[200:-200]) < 40


def test_the_bulk_kind_begins_anew_after_flush():
    stream = BulkResampler(22050, 8000)
    pcm = tone(440, 22050)
    first = np.concatenate((stream.push(pcm), stream.flush())).astype(np.int32)
    second = np.concatenate((stream.push(pcm), stream.flush())).astype(np.int32)
    assert np.max(np.abs(first - second)) <= 4


def test_equal_rates_pass_through():
    pcm = tone(440, 8000)
    assert np.array_equal(resample(pcm, 8000, 8000), pcm)


def test_full_scale_saturates_instead_of_wrapping():
    square = np.where(np.arange(2400) // 40 % 2, -32768, 32767).astype(np.int16)
    out = resample(square, 24000, 8000)
    assert np.array_equal(np.sign(out[60:-60:7]), np.sign(square[180:-180:21]))
