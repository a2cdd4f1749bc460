"""G.711 µ-law: the tables against the definition's own decision values."""

import numpy as np

from voice_agent.audio import g711

ALL_SAMPLES = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)


def defined_code(sample: int) -> int:
    """The byte ITU-T G.711 assigns, by walking its chords on 14-bit magnitudes."""
    magnitude = min(abs(sample) >> 2, 8158) + 33
    chord = 0
    while magnitude >= 64 << chord:
        chord += 1
    step = (magnitude >> (chord + 1)) - 16
    return (0x7F if sample < 0 else 0xFF) ^ (chord << 4 | step)


def defined_sample(code: int) -> int:
    """The 16-bit value of a byte: the middle of its interval."""
    code ^= 0xFF
    chord, step = (code >> 4) & 7, code & 15
    magnitude = ((2 * step + 33 << chord) - 33) * 4
    return -magnitude if code & 0x80 else magnitude


def test_every_sample_is_encoded_as_the_definition_says():
    expected = bytes(defined_code(int(sample)) for sample in ALL_SAMPLES)
    assert g711.encode(ALL_SAMPLES) == expected


def test_every_byte_is_decoded_as_the_definition_says():
    expected = [defined_sample(code) for code in range(256)]
    assert g711.decode(bytes(range(256))).tolist() == expected


def test_the_error_is_never_more_than_half_a_step():
    back = g711.decode(g711.encode(ALL_SAMPLES)).astype(np.int32)
    magnitude = np.minimum(np.abs(ALL_SAMPLES.astype(np.int32)), 32635)
    step = 8 << np.maximum(0, np.frexp(magnitude + 132.0)[1] - 8)
    assert np.all(np.abs(np.abs(back) - magnitude) <= step / 2)


def test_bytes_survive_decoding_and_encoding_except_negative_zero():
    every = bytes(range(256))
    assert g711.encode(g711.decode(every)) == every.replace(b"\x7f", b"\xff")


def test_silence_is_positive_zero():
    assert g711.encode(np.zeros(3, np.int16)) == g711.SILENCE * 3
    assert g711.decode(g711.SILENCE).tolist() == [0]


def test_any_length_and_any_stride_is_taken():
    assert g711.encode(np.empty(0, np.int16)) == b""
    assert g711.decode(b"").shape == (0,)
    assert g711.encode(ALL_SAMPLES[::3]) == g711.encode(ALL_SAMPLES[::3].copy())
    assert g711.decode(bytes(161)).dtype == np.int16
