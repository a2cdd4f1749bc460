"""A recogniser that hears exactly what `say` wrote: the samples themselves carry the text."""

from collections.abc import Iterator

import anyio
import numpy as np

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.errors import TranscriptionFailed
from voice_agent.speech.ports import NOTHING, HeardWord, Hypothesis

BLOCK = 80
"""Samples per letter: 10 ms."""


def say(text: str) -> Pcm:
    """Samples that `EchoTranscriber` hears as `text`: 10 ms of constant level per letter."""
    return np.repeat(np.array([1000 + 100 * ord(letter) for letter in text], np.int16), BLOCK)


def silence(for_s: float) -> Pcm:
    return np.zeros(int(for_s * RATE_HZ), np.int16)


class EchoTranscriber:
    """Implements `Transcriber`; each `settle` takes `delay_s`, and fails on demand."""

    name = "echo"

    def __init__(self, delay_s: float = 0.0, deadline_s: float = 1.5) -> None:
        self.delay_s = delay_s
        self.deadline_s = deadline_s
        self.failing = False
        self.loaded = False
        self.opened: list[EchoUtterance] = []

    async def load(self) -> None:
        self.loaded = True

    def open(self, call_id: str) -> "EchoUtterance":
        utterance = EchoUtterance(self, call_id)
        self.opened.append(utterance)
        return utterance

    async def aclose(self) -> None:
        self.loaded = False
        for utterance in self.opened:
            utterance.close()


class EchoUtterance:
    """One utterance of the fake; `settles` counts the requests."""

    def __init__(self, owner: EchoTranscriber, call_id: str) -> None:
        self.call_id = call_id
        self.settles = 0
        self.closed = anyio.Event()
        self._owner = owner
        self._chunks: list[Pcm] = []
        self._latest = NOTHING

    def push(self, pcm: Pcm) -> None:
        if not self.closed.is_set():
            self._chunks.append(pcm)

    def partial(self) -> Hypothesis:
        return self._latest

    async def settle(self) -> Hypothesis:
        self.settles += 1
        heard = self._hear()
        with anyio.move_on_after(min(self._owner.delay_s, self._owner.deadline_s)):
            await self.closed.wait()
        if self.closed.is_set() or self._owner.failing:
            raise TranscriptionFailed(
                "the utterance is closed" if self.closed.is_set() else "told to"
            )
        if self._owner.delay_s >= self._owner.deadline_s:
            raise TranscriptionFailed("no transcript in time")
        self._latest = heard
        return heard

    def close(self) -> None:
        self.closed.set()

    def _hear(self) -> Hypothesis:
        pcm = np.concatenate(self._chunks) if self._chunks else np.zeros(0, np.int16)
        words = tuple(_words(pcm))
        return Hypothesis(" ".join(w.text for w in words), words, 1.0, len(pcm) / RATE_HZ)


def _words(pcm: Pcm) -> Iterator[HeardWord]:
    letters: list[str] = []
    start = at = 0
    while at < len(pcm):
        if pcm[at] == 0:
            at += 1
            letters.append(" ")
        else:
            letters.append(chr((int(pcm[at]) - 1000) // 100))
            at += BLOCK
        if letters[-1] == " ":
            if len(letters) > 1:
                word = "".join(letters[:-1])
                yield HeardWord(word, start / RATE_HZ, (start + len(word) * BLOCK) / RATE_HZ)
            letters, start = [], at
    if letters:
        yield HeardWord("".join(letters), start / RATE_HZ, len(pcm) / RATE_HZ)
