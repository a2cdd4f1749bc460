"""Recognition with faster-whisper: one model for all calls, decoding while the caller speaks.

Utterances of several calls are decoded as one batch where that is faster, which `load` measures.
"""

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from knowledge.profile import Company
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.errors import ConfigError, EngineUnavailable, TranscriptionFailed
from voice_agent.models import FETCH, WHISPER_NEEDS, whisper
from voice_agent.speech.guards import Evidence, GuardTuning, Voiced, doubt, voiced
from voice_agent.speech.names import names
from voice_agent.speech.pool import InferencePool, Shared
from voice_agent.speech.ports import NOTHING, HeardWord, Hypothesis
from voice_agent.speech.utterance_audio import UtteranceAudio

log = logging.getLogger(__name__)
STEP_S = 0.7
"""New audio after which the open utterance is decoded again, when the pool is idle."""
FREEZE_AFTER_S = 20.0
"""Longer utterances keep the text of their beginning; Whisper takes 30 s at once."""
WINDOW_S = 29.0
TOGETHER = 8
"""Most utterances per batch: the first to come waits for the whole of it."""
TRIED = 4
"""Utterances in the batch that `load` times."""
PAYS = 0.5
"""A batch pays if it takes less than this share of the time its utterances take one by one. Above
0.6, the average wait for a batch is longer than in a queue."""
APART_S = 3.0
"""Silence before each utterance of a batch: the library treats a first word as following a pause if
the previous one ended 2.8 s earlier; this makes it treat all utterances so."""
WIDE_HZ = 16000


def find_model(model: str, models: Path | None = None) -> Path:
    """The folder of a local model; never downloads. Raises: EngineUnavailable.

    `models`: the models folder, searched before the hub's own cache.
    """
    folder = Path(model).expanduser()
    remedy = (
        "set VOICE_AGENT_WHISPER_MODEL to a folder with a CTranslate2 Whisper model, or fetch it "
        f"once: {FETCH} {model} --lock"
    )
    if not folder.is_dir():
        folder = _fetched(model, models) or folder
    if not folder.is_dir():
        raise EngineUnavailable(f"Whisper model {model} is not on this disk: {remedy}")
    missing = [name for name in WHISPER_NEEDS if not (folder / name).is_file()]
    if missing:
        raise EngineUnavailable(f"{folder} lacks {', '.join(missing)}: {remedy}")
    return folder


def _fetched(model: str, models: Path | None) -> Path | None:
    """The folder our fetch or the hub's own client put it in, if either did."""
    try:
        made = whisper(model, models or Path())
    except ConfigError as error:
        raise EngineUnavailable(str(error)) from error
    if models is not None and not made.missing:
        return made.folder
    from huggingface_hub import constants

    if not Path(constants.HF_HUB_CACHE, f"models--{made.repo.replace('/', '--')}").is_dir():
        return None  # before importing its client, which takes 0.2 s
    from faster_whisper.utils import download_model

    try:
        return Path(download_model(model, local_files_only=True))
    except Exception as error:
        raise EngineUnavailable(f"Whisper model {model} in the hub's cache: {error}") from error


class WhisperTranscriber:
    """A `Transcriber` over a local CTranslate2 Whisper."""

    name = "whisper"

    def __init__(
        self,
        company: Company,
        phrases: Sequence[str] = (),
        model: str = "small.en",
        workers: int = 1,
        deadline_s: float = 4.0,
        tuning: GuardTuning | None = None,
        models: Path | None = None,
    ) -> None:
        self.deadline_s = deadline_s
        self.decode_s = 0.0
        """Decode time of a short utterance when the model was warmed up."""
        self.pool = InferencePool(workers, infer=self.decode)
        self._model_name, self._models = model, models
        self._language = company.voice.language.split("-")[0].lower()
        self._hotwords = ", ".join(dict.fromkeys((*names(company), *phrases[:20])))
        self._tuning = tuning or GuardTuning()
        self._model: Any = None
        self._opened = 0

    async def load(self) -> None:
        """Load the model from disk, and measure its speed. Raises: EngineUnavailable."""
        await anyio.to_thread.run_sync(self._load)
        self.pool.start()
        try:
            await self._decoded_s(1)  # warms the caches
            self.decode_s = await self._decoded_s(1)
            batch_s = await self._decoded_s(TRIED)
        except TranscriptionFailed as error:
            raise EngineUnavailable(f"Whisper model {self._model_name}: {error}") from error
        self.pool.together = together(self.decode_s, batch_s)
        log.info("whisper: %.0f ms an utterance, %.0f ms for %d at once; %d together",
                 1000 * self.decode_s, 1000 * batch_s, TRIED, self.pool.together)  # fmt: skip

    async def _decoded_s(self, count: int) -> float:
        """Seconds that `count` short utterances take as one batch. Raises: TranscriptionFailed."""
        hiss = np.random.default_rng(0).normal(0, 300, RATE_HZ).astype(np.int16)
        sounds = [Voiced(hiss, 0.0, 1.0, -20.0)] * count
        began = anyio.current_time()
        await self.pool.run("warm-up", "", lambda: self.decode(sounds), 60.0)
        return anyio.current_time() - began

    def _load(self) -> None:
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise EngineUnavailable(f"faster-whisper is not installed: {error}") from error
        folder = find_model(self._model_name, self._models)
        try:
            self._model = WhisperModel(
                str(folder), compute_type="auto", num_workers=self.pool.workers,
                local_files_only=True,
            )  # fmt: skip
        except Exception as error:
            raise EngineUnavailable(f"Whisper model in {folder}: {error}") from error

    def open(self, call_id: str) -> "WhisperUtterance":
        """Begin an utterance; decoding is shared fairly between calls."""
        self._opened += 1
        return WhisperUtterance(self, call_id, str(self._opened))

    async def aclose(self) -> None:
        """Stop the threads and free the model; open utterances fail."""
        await self.pool.aclose()
        self._model = None

    def decode(self, sounds: Sequence[Voiced]) -> list[Hypothesis]:
        """Whisper's transcription of each sound, without doubtful parts, in one batch. Runs in a
        pool thread. Raises: TranscriptionFailed."""
        from faster_whisper import BatchedInferencePipeline

        model = self._model
        if model is None:
            raise TranscriptionFailed("the model is not loaded")
        wide, begins, clips = _in_a_row(sounds)
        try:
            segments, _ = BatchedInferencePipeline(model).transcribe(
                wide, language=self._language if model.model.is_multilingual else "en",
                beam_size=1, temperature=0.0, without_timestamps=True, word_timestamps=True,
                hotwords=self._hotwords or None, clip_timestamps=clips, batch_size=len(sounds),
            )  # fmt: skip
            found = list(segments)
        except Exception as error:
            raise TranscriptionFailed(f"whisper: {error}") from error
        if len(found) != len(sounds):  # without timestamps, a clip is one segment
            raise TranscriptionFailed(f"{len(found)} texts for {len(sounds)} utterances")
        return [
            self._heard(segment, sound, begin)
            for segment, sound, begin in zip(found, sounds, begins, strict=True)
        ]

    def _heard(self, segment: Any, sound: Voiced, begin_s: float) -> Hypothesis:
        words = tuple(self._believed(segment, sound, sound.offset_s - begin_s))
        confidence = min((word.confidence for word in words), default=1.0)
        return Hypothesis(" ".join(w.text for w in words), words, confidence)

    def _believed(self, segment: Any, sound: Voiced, by_s: float) -> list[HeardWord]:
        evidence = Evidence(
            segment.no_speech_prob, segment.avg_logprob, segment.compression_ratio
        )  # fmt: skip
        if doubt(segment.text, sound, evidence, self._tuning):
            return []
        ends_s = sound.offset_s + len(sound.pcm) / RATE_HZ  # the library rounds to whole seconds
        return [
            HeardWord(
                word.word.strip(), min(by_s + float(word.start), ends_s),
                min(by_s + float(word.end), ends_s), float(word.probability),
            )
            for word in segment.words or ()
            if word.word.strip()
        ]  # fmt: skip


def together(one_s: float, batch_s: float) -> int:
    """How many utterances to decode at once, given the times of one and of `TRIED`."""
    return TOGETHER if batch_s < PAYS * TRIED * one_s else 1


def _in_a_row(sounds: Sequence[Voiced]) -> tuple[Any, list[float], list[dict[str, float]]]:
    """The sounds at 16 kHz one after the other, where each begins, and its clip, in seconds."""
    import soxr

    pieces, begins, clips, at = [], [], [], 0
    for sound in sounds:
        wide = soxr.resample(sound.pcm.astype(np.float32) / 32768.0, RATE_HZ, WIDE_HZ)
        pieces += [np.zeros(int(APART_S * WIDE_HZ), np.float32), wide]
        at += int(APART_S * WIDE_HZ)
        begins.append(at / WIDE_HZ)
        # plus half a sample: the library truncates
        clips.append({"start": (at + 0.5) / WIDE_HZ, "end": (at + len(wide) + 0.5) / WIDE_HZ})
        at += len(wide)
    return np.concatenate(pieces), begins, clips


class WhisperUtterance:
    """One stretch of speech, decoded as it grows and again on `settle`."""

    def __init__(self, owner: WhisperTranscriber, call_id: str, key: str) -> None:
        self._owner = owner
        self._call_id = call_id
        self._key = key
        self._audio = UtteranceAudio()
        self._latest = NOTHING
        self._frozen = NOTHING
        """The beginning's words, which are not decoded again; `upto_s` is their end."""
        self._heard_samples = 0
        """The audio that the latest hypothesis covers."""
        self._asked_samples = 0
        self._settling = anyio.Lock()
        self._closed = anyio.Event()

    def push(self, pcm: np.ndarray[Any, np.dtype[np.int16]]) -> None:
        """Add samples; now and then they are decoded in the background."""
        if self._closed.is_set():
            return
        self._audio.push(pcm)
        due = self._audio.total - self._asked_samples >= STEP_S * RATE_HZ
        if due and self._owner.pool.idle and not self._audio.tail_is_quiet():
            self._asked_samples = self._audio.total
            try:
                self._owner.pool.offer(
                    self._call_id, self._key, self._decode, lambda *_: None, self._owner.deadline_s
                )
            except TranscriptionFailed:
                return

    def partial(self) -> Hypothesis:
        """The hypothesis of the last decode."""
        return self._latest

    async def settle(self) -> Hypothesis:
        """The hypothesis for everything pushed. Raises: TranscriptionFailed."""
        if self._closed.is_set():
            raise TranscriptionFailed("the utterance is closed")
        upto = self._audio.total
        if self._heard_samples and self._audio.quiet_since(self._heard_samples):
            return _upto(self._latest, upto)
        outcome: list[Hypothesis] = []
        failure: list[TranscriptionFailed] = []
        async with anyio.create_task_group() as tasks:

            async def decode() -> None:
                try:
                    outcome.append(await self._run(upto))
                except TranscriptionFailed as error:
                    failure.append(error)
                tasks.cancel_scope.cancel()

            tasks.start_soon(decode)
            await self._closed.wait()
            tasks.cancel_scope.cancel()
        if outcome:
            return outcome[0]
        raise failure[0] if failure else TranscriptionFailed("the utterance is closed")

    async def _run(self, upto: int) -> Hypothesis:
        """Decode at least up to `upto` samples, unless an earlier settle just did."""
        owner = self._owner
        with anyio.move_on_after(owner.deadline_s):
            async with self._settling:
                if self._heard_samples >= upto:
                    return self._latest
                self._asked_samples = upto
                return await owner.pool.run(
                    self._call_id, self._key, self._decode, owner.deadline_s
                )  # fmt: skip
        raise TranscriptionFailed(f"no transcript within {owner.deadline_s:.1f} s")

    def close(self) -> None:
        """Discard the utterance, without waiting for a decode in progress."""
        self._closed.set()

    def _decode(self) -> Hypothesis | Shared[Voiced, Hypothesis, Hypothesis]:
        """What was pushed so far, for decoding. In a pool thread, like the following methods."""
        if self._closed.is_set():
            raise TranscriptionFailed("the utterance is closed")
        upto, frozen = self._audio.total, self._frozen
        base = max(int(frozen.upto_s * RATE_HZ), upto - int(WINDOW_S * RATE_HZ))
        sound = voiced(self._audio.since(base)[: upto - base])
        made = partial(self._made, frozen, base, upto)
        return made(NOTHING) if sound is None else Shared(sound, made)

    def _made(self, frozen: Hypothesis, base: int, upto: int, fresh: Hypothesis) -> Hypothesis:
        """The hypothesis up to a sample: the frozen words, and those heard from `base` on."""
        words = (*frozen.words, *(_later(word, base / RATE_HZ) for word in fresh.words))
        text = " ".join(word.text for word in words)
        confidence = min((word.confidence for word in words), default=1.0)
        made = Hypothesis(text, words, confidence, upto / RATE_HZ)
        self._latest, self._heard_samples = made, upto
        if (upto - base) / RATE_HZ > FREEZE_AFTER_S:
            self._freeze(made)
        return made

    def _freeze(self, made: Hypothesis) -> None:
        """Freeze the words before the longest pause of the older half."""
        newest = self._frozen.upto_s + FREEZE_AFTER_S / 2
        pairs = [
            (later.start_s - word.end_s, n)
            for n, (word, later) in enumerate(zip(made.words, made.words[1:], strict=False), 1)
            if self._frozen.upto_s < word.end_s < newest
        ]
        if pairs:
            _, count = max(pairs)
            kept = made.words[:count]
            cut = (kept[-1].end_s + made.words[count].start_s) / 2
            self._frozen = Hypothesis(" ".join(w.text for w in kept), kept, 1.0, cut)


def _later(word: HeardWord, by_s: float) -> HeardWord:
    return HeardWord(word.text, word.start_s + by_s, word.end_s + by_s, word.confidence)


def _upto(hypothesis: Hypothesis, samples: int) -> Hypothesis:
    return Hypothesis(
        hypothesis.text, hypothesis.words, hypothesis.confidence, samples / RATE_HZ
    )  # fmt: skip
