"""Keeps a recogniser from hearing words nobody said.

Whisper was trained on captioned videos and fills silence with their phrases. So silence is cut off
before it listens, and its text is doubted when the audio does not support it.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.pcm import RATE_HZ, Pcm

FRAME = 160
"""Samples per level: 20 ms."""
SILENCE_DBFS = -58.0
"""Audio below this is not transcribed."""
MARGIN_S = 0.24
"""Kept around the voice: a soft first or last sound is below the threshold."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """The part of an utterance that is loud enough to be speech."""

    pcm: Pcm
    offset_s: float
    """Offset of `pcm` in the utterance."""
    voiced_s: float
    """How much of it is loud."""
    level_dbfs: float
    """Level of the loud part."""


def levels(pcm: Pcm) -> NDArray[np.float64]:
    """Level of each whole 20 ms, dBFS, floored at -96."""
    count = len(pcm) // FRAME
    wide = pcm[: count * FRAME].reshape(count, FRAME).astype(np.float64)
    power = (wide**2).mean(axis=1) if count else np.zeros(0)
    floored: NDArray[np.float64] = 10.0 * np.log10(np.maximum(power, 0.27) / 32768.0**2)
    return floored


def voiced(pcm: Pcm) -> Voiced | None:
    """The utterance without the silence around it; None when nothing in it is loud enough."""
    level = levels(pcm)
    if len(level) == 0:
        return None
    floor, peak = float(np.percentile(level, 10)), float(level.max())
    above = max(SILENCE_DBFS, peak - 35.0, min(floor + 6.0, peak - 3.0))
    loud = np.nonzero(level > above)[0]
    if peak <= SILENCE_DBFS or len(loud) == 0:
        return None
    margin = int(MARGIN_S * RATE_HZ)
    begin = max(0, int(loud[0]) * FRAME - margin)
    end = min(len(pcm), (int(loud[-1]) + 1) * FRAME + margin)
    level_dbfs = float(10.0 * np.log10(np.mean(10.0 ** (level[loud] / 10.0))))
    return Voiced(pcm[begin:end], begin / RATE_HZ, len(loud) * FRAME / RATE_HZ, level_dbfs)


@dataclass(frozen=True, slots=True)
class GuardTuning:
    """Limits beyond which a text is doubted. The log-probability and compression limits are
    Whisper's own (openai/whisper, `transcribe.py`: -1.0, 2.4, 0.6)."""

    no_speech: float = 0.6
    log_probability: float = -1.0
    hopeless_log_probability: float = -1.6
    compression: float = 2.4
    words_per_s: float = 8.0
    faint_dbfs: float = -48.0
    short_s: float = 0.2


@dataclass(frozen=True, slots=True)
class Evidence:
    """The engine's own figures for a text; the defaults raise no doubt."""

    no_speech: float = 0.0
    log_probability: float = 0.0
    compression: float = 1.0


CAPTIONS = (
    "thank you for watching", "thanks for watching", "thank you so much for watching",
    "please subscribe", "subscribe to my channel", "subscribe to our channel", "like and subscribe",
    "don't forget to subscribe", "see you in the next video", "see you next time",
    "subtitles by", "captions by", "transcribed by", "transcription by", "amara.org",
    "copyright", "all rights reserved", "www.", "music playing", "applause", "bye-bye.",
)  # fmt: skip
"""Phrases from video captions; no caller of a sales line says one alone."""

FILLERS = frozenset(
    "you|thank you|thanks|thank you very much|thank you so much|bye|bye bye|goodbye|okay|ok|so|oh|"
    "the|i|yeah|hmm|hm|mm|uh|um|and|the end|peace|amen|silence|music".split("|")
)
"""What silence and noise most often become; callers say them too, so the audio has to show it."""


def doubt(
    text: str, sound: Voiced, evidence: Evidence = Evidence(), tuning: GuardTuning = GuardTuning()
) -> str | None:
    """Why `text` was probably not said in `sound`; None when it was."""
    plain = re.sub(r"[^\w\s'.\-]", "", text.lower()).strip(" .-")
    if not re.search(r"\w", plain):
        return "no words"
    if re.fullmatch(r"\s*[\[(♪*].*[\])♪*]\s*", text):
        return "a caption, not speech"
    if any(phrase in plain for phrase in CAPTIONS) and len(plain.split()) <= 10:
        return "a video caption"
    unsure = evidence.log_probability < tuning.log_probability
    if evidence.no_speech > tuning.no_speech and unsure:
        return "the engine hears no speech"
    if evidence.log_probability < tuning.hopeless_log_probability:
        return "the engine is guessing"
    if evidence.compression > tuning.compression:
        return "it repeats itself"
    if len(plain.split()) > tuning.words_per_s * sound.voiced_s + 3:
        return "more words than the sound has room for"
    carried = sound.voiced_s >= tuning.short_s and sound.level_dbfs >= tuning.faint_dbfs
    if plain in FILLERS and (unsure or evidence.no_speech > tuning.no_speech or not carried):
        return "a filler the sound does not carry"
    return None
