"""Hearing with faster-whisper: one model for all calls, decoded while the caller still speaks."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from knowledge.profile import Company
from voice_agent.audio.pcm import RATE_HZ
from voice_agent.errors import ConfigError, EngineUnavailable, TranscriptionFailed
from voice_agent.speech.guards import Evidence, GuardTuning, Voiced, doubt, voiced
from voice_agent.speech.models import FETCH, WHISPER_NEEDS, whisper
from voice_agent.speech.names import names
from voice_agent.speech.pool import InferencePool
from voice_agent.speech.ports import NOTHING, HeardWord, Hypothesis
from voice_agent.speech.utterance_audio import UtteranceAudio

STEP_S = 0.7
"""New audio after which the open utterance is decoded again, when the pool is idle."""
FREEZE_AFTER_S = 20.0
"""Longer utterances keep the text of their beginning; Whisper hears 30 s at once."""
WINDOW_S = 29.0


def find_model(model: str, models: Path | None = None) -> Path:
    """The folder of a model that is on this disk; never downloads. Raises: EngineUnavailable.

    `models`: the models folder, looked into before the hub's own cache.
    """
    folder = Path(model).expanduser()
    remedy = (
        "set VOICE_AGENT_WHISPER_MODEL to a folder with a CTranslate2 Whisper model, or fetch it "
        f"once: {FETCH} {model} --lock"
    )
    if not folder.is_dir() and models is not None:
        folder = _fetched(model, models) or folder
    if not folder.is_dir():
        from faster_whisper.utils import download_model

        try:
            folder = Path(download_model(model, local_files_only=True))
        except Exception as error:
            raise EngineUnavailable(
                f"Whisper model {model} is not on this disk: {remedy}"
            ) from error
    missing = [name for name in WHISPER_NEEDS if not (folder / name).is_file()]
    if missing:
        raise EngineUnavailable(f"{folder} lacks {', '.join(missing)}: {remedy}")
    return folder


def _fetched(model: str, models: Path) -> Path | None:
    """The folder that a fetch puts it in, if that was done."""
    try:
        made = whisper(model, models)
    except ConfigError as error:
        raise EngineUnavailable(str(error)) from error
    return None if made.missing else made.folder


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
        """How long a short utterance took to decode when the model was warmed."""
        self.pool = InferencePool(workers)
        self._model_name, self._models = model, models
        self._language = company.voice.language.split("-")[0].lower()
        self._hotwords = ", ".join(dict.fromkeys((*names(company), *phrases[:20])))
        self._tuning = tuning or GuardTuning()
        self._model: Any = None
        self._opened = 0

    async def load(self) -> None:
        """Load the model from disk and decode once. Raises: EngineUnavailable."""
        await anyio.to_thread.run_sync(self._load)
        self.pool.start()
        hiss = np.random.default_rng(0).normal(0, 300, RATE_HZ).astype(np.int16)
        try:
            for _ in range(2):  # the first decode also fills caches; the second tells the speed
                began = anyio.current_time()
                await self.pool.run("warm-up", "", lambda: self.decode(_whole(hiss)), 60.0)
                self.decode_s = anyio.current_time() - began
        except TranscriptionFailed as error:
            raise EngineUnavailable(f"Whisper model {self._model_name}: {error}") from error

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
        """End the threads and free the model; open utterances fail."""
        await self.pool.aclose()
        self._model = None

    def decode(self, sound: Voiced) -> Hypothesis:
        """What Whisper makes of the sound, doubtful parts left out. In a pool thread."""
        import soxr

        model = self._model
        if model is None:
            raise TranscriptionFailed("the model is not loaded")
        wide = soxr.resample(sound.pcm.astype(np.float32) / 32768.0, RATE_HZ, 16000)
        try:
            segments, _ = model.transcribe(
                wide, language=self._language if model.model.is_multilingual else "en",
                beam_size=1, temperature=0.0, without_timestamps=True, word_timestamps=True,
                condition_on_previous_text=False, hotwords=self._hotwords or None,
                no_speech_threshold=None, log_prob_threshold=None,
                compression_ratio_threshold=None,
            )  # fmt: skip
            # One window is one segment; another would decode again what follows its last word.
            found = list(islice(segments, 1))
        except Exception as error:
            raise TranscriptionFailed(f"whisper: {error}") from error
        words: list[HeardWord] = []
        for segment in found:
            words += self._believed(segment, sound)
        confidence = min((word.confidence for word in words), default=1.0)
        return Hypothesis(" ".join(w.text for w in words), tuple(words), confidence)

    def _believed(self, segment: Any, sound: Voiced) -> list[HeardWord]:
        evidence = Evidence(
            segment.no_speech_prob, segment.avg_logprob, segment.compression_ratio
        )  # fmt: skip
        if doubt(segment.text, sound, evidence, self._tuning):
            return []
        return [
            HeardWord(
                word.word.strip(), sound.offset_s + float(word.start),
                sound.offset_s + float(word.end), float(word.probability),
            )
            for word in segment.words or ()
            if word.word.strip()
        ]  # fmt: skip


def _whole(pcm: np.ndarray[Any, np.dtype[np.int16]]) -> Voiced:
    return Voiced(pcm, 0.0, len(pcm) / RATE_HZ, -20.0)


class WhisperUtterance:
    """One stretch of speech, decoded as it grows and again when asked to settle."""

    def __init__(self, owner: WhisperTranscriber, call_id: str, key: str) -> None:
        self._owner = owner
        self._call_id = call_id
        self._key = key
        self._audio = UtteranceAudio()
        self._latest = NOTHING
        self._frozen = NOTHING
        """Words of the beginning that are not decoded again; `upto_s` is where that ends."""
        self._heard_samples = 0
        """Audio the latest hypothesis accounts for."""
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
        """The hypothesis of all that was pushed. Raises: TranscriptionFailed."""
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
        """Decode at least up to `upto` samples, unless a settle before this one just did."""
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
        """Forget the utterance; decoding under way is not waited for."""
        self._closed.set()

    def _decode(self) -> Hypothesis:
        """Decode what was pushed until now. In a pool thread."""
        if self._closed.is_set():
            raise TranscriptionFailed("the utterance is closed")
        upto, frozen = self._audio.total, self._frozen
        base = max(int(frozen.upto_s * RATE_HZ), upto - int(WINDOW_S * RATE_HZ))
        sound = voiced(self._audio.since(base)[: upto - base])
        fresh = NOTHING if sound is None else self._owner.decode(sound)
        words = (*frozen.words, *(_later(word, base / RATE_HZ) for word in fresh.words))
        text = " ".join(word.text for word in words)
        confidence = min((word.confidence for word in words), default=1.0)
        made = Hypothesis(text, words, confidence, upto / RATE_HZ)
        self._latest, self._heard_samples = made, upto
        if (upto - base) / RATE_HZ > FREEZE_AFTER_S:
            self._freeze(made)
        return made

    def _freeze(self, made: Hypothesis) -> None:
        """Keep the words before the longest pause of the older half."""
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
