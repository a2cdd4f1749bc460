"""Turns the caller's audio into turn inputs: voice activity, pre-roll, open utterance, echo guard.

Speech that the echo guard takes for our own voice is not reported; if it finds out only later,
`EchoHeard` retracts the speech, as `CrowdHeard` does for other people's talk.
"""

import logging
from collections import deque
from dataclasses import dataclass

import numpy as np

from core.talk import Word
from voice_agent.audio.pcm import RATE_HZ, Pcm, seconds
from voice_agent.errors import TranscriptionFailed
from voice_agent.speech.echo import EchoGuard
from voice_agent.speech.melody import LISTEN_S, Register
from voice_agent.speech.ports import NOTHING, Hypothesis, Transcriber, Utterance
from voice_agent.speech.vad import Gate
from voice_agent.turn.events import (
    CrowdHeard,
    EchoHeard,
    Melody,
    SpeechStarted,
    SpeechStopped,
    TextHeard,
    TurnInput,
)

log = logging.getLogger(__name__)
ECHO_TAIL_S = 0.5
"""Our voice may come back this long after it was played."""
JUDGE_AGAIN_S = 0.06
"""Interval between echo checks: comparing with all we played costs as much as fifteen frames."""
FAINT_DBFS = -60.0
"""A line quieter than this has no echo worth comparing."""
PREROLL_S = 0.40
"""Audio kept from before the gate opened, so that a soft first sound is not lost."""
GAP_S, LONGEST_GAP_S = 0.01, 5.0
"""Lost audio of a length between these is heard as silence, so that words keep their place."""
RECENT_S = LISTEN_S + 0.5
"""Audio kept to analyse how a voice ended, which is known up to half a second late."""


class Hearing:
    """One caller's ear. An utterance opens with speech and stays open until `end`."""

    def __init__(
        self, gate: Gate, transcriber: Transcriber, call_id: str, echo: EchoGuard | None = None
    ) -> None:
        self._gate = gate
        self._echo = echo or EchoGuard()
        self._we_play_until = 0.0
        self._voice: _Voice | None = None
        self._transcriber = transcriber
        self._call_id = call_id
        self._recent: deque[tuple[float, Pcm]] = deque()
        self._register = Register()
        self._utterance: Utterance | None = None
        self._opened_at = 0.0
        self._pushed_s = 0.0
        self._latest: Hypothesis = NOTHING
        self._settled_s = 0.0
        """The audio that the newest settled hypothesis covers."""
        self._voices = self._settled_voices = 0
        """Voices begun so far, and when the latest hypothesis was settled in silence."""
        self._failed = False
        self.failures = 0
        """Utterances in a row that could not be transcribed."""

    @property
    def speaking(self) -> bool:
        """Whether the caller is speaking just now."""
        return self._gate.speaking

    @property
    def attentive(self) -> bool:
        """Whether the caller speaks, may be about to, or has just spoken."""
        return self._utterance is not None or self._gate.attentive

    def frame(self, pcm: Pcm, at: float, now: float) -> list[TurnInput]:
        """Take audio whose first sample is at `at`; returns the resulting events, in order."""
        ends = at + len(pcm) / RATE_HZ
        over_us = at < self._we_play_until + ECHO_TAIL_S
        told: list[TurnInput] = []
        for event in self._gate.feed(pcm, at):
            match event:
                case SpeechStarted():
                    told += self._started(event)
                case SpeechStopped():
                    told += self._stopped(event, now)
                case CrowdHeard():
                    told += self._crowd(now)
        if over_us and self._gate.last_level_dbfs > FAINT_DBFS:
            self._echo.heard(pcm, at)
        if self._voice is not None and not self._voice.taken_back:
            told += self._judge(self._voice, over_us, ends, now)
        if self._utterance is not None:
            self._push(pcm, at)
            partial = self._utterance.partial()
            settled = self._voices == self._settled_voices  # until somebody speaks again
            if not settled and partial.text != self._latest.text:
                self._latest = partial
                upto = self._opened_at + partial.upto_s
                told.append(TextHeard(now, partial.text, settled=False, upto=upto))
        self._recent.append((at, pcm))
        while self._recent and self._recent[0][0] < at - RECENT_S:
            self._recent.popleft()
        return told

    def played(self, pcm: Pcm, at: float) -> None:
        """We play these samples from this instant on: their echo is not the caller."""
        self._echo.played(pcm, at)
        self._we_play_until = max(self._we_play_until, at + len(pcm) / RATE_HZ)

    def silenced(self, at: float) -> None:
        """What we had sent beyond this instant was cleared."""
        self._we_play_until = min(self._we_play_until, at)

    async def settle(self) -> Hypothesis | None:
        """The transcript so far; None when the utterance was closed, or a later request answered,
        meanwhile.

        If the recogniser fails, returns what it had, so that the turn goes on; `failures` counts.
        """
        utterance = self._utterance
        if utterance is None:
            return None
        silent_since = self._voices if self._voice is None else None
        try:
            hypothesis = await utterance.settle()
            self.failures, self._failed = 0, False
        except TranscriptionFailed as error:
            if utterance is not self._utterance:
                return None  # closed by us meanwhile
            self.failures += not self._failed
            self._failed = True
            log.warning("transcription failed: %s", error, extra={"call_id": self._call_id})
            hypothesis = self._latest
        if utterance is not self._utterance or 0 < hypothesis.upto_s < self._settled_s:
            return None
        self._latest, self._settled_s = hypothesis, hypothesis.upto_s
        if silent_since is not None:
            self._settled_voices = silent_since
        return hypothesis

    def settled(self, hypothesis: Hypothesis, now: float) -> TextHeard:
        """A settled hypothesis of the open utterance, as a turn input."""
        upto = self._opened_at + (hypothesis.upto_s or self._pushed_s)
        sure, unended = hypothesis.confidence, hypothesis.unended
        return TextHeard(now, hypothesis.text, True, upto, sure, unended)

    @property
    def opened_at(self) -> float:
        """Call-clock start of the open utterance, or of the last one."""
        return self._opened_at

    def words(self) -> tuple[Word, ...]:
        """The open utterance's words on the call clock, in milliseconds."""
        base = self._opened_at
        return tuple(
            Word(w.text, round((base + w.start_s) * 1000), round((base + w.end_s) * 1000),
                 w.confidence)
            for w in self._latest.words
        )  # fmt: skip

    @property
    def so_far(self) -> str:
        """The words of the open utterance; empty when none is open."""
        return self._latest.text

    @property
    def confidence(self) -> float:
        """The recogniser's confidence in the open utterance."""
        return self._latest.confidence

    def end(self) -> None:
        """Close the open utterance, if any; the next speech opens a new one."""
        if self._utterance is not None:
            self._utterance.close()
        self._utterance, self._latest = None, NOTHING
        self._pushed_s = self._settled_s = 0.0
        self._failed = False

    def _started(self, event: SpeechStarted) -> list[TurnInput]:
        """A voice has started; `_judge` decides whose it is."""
        self._voice = _Voice(event.at, opened=self._utterance is None)
        self._voices += 1
        if self._utterance is None:
            self._open(event.at)
        return []

    def _stopped(self, event: SpeechStopped, now: float) -> list[TurnInput]:
        voice, self._voice = self._voice, None
        if voice is None or voice.told:
            melody = self._melody(voice.at if voice is not None else event.at, event.at)
            return [SpeechStopped(event.at, max(event.known_at, now), melody)]
        if voice.opened:
            self.end()
        return []

    def _crowd(self, now: float) -> list[TurnInput]:
        """It was nobody: close what was opened for it."""
        voice, self._voice = self._voice, None
        if voice is None:
            return []
        if voice.opened:
            self.end()
        return [CrowdHeard(now)] if voice.told else []

    def _melody(self, start: float, end: float) -> Melody | None:
        """How the speech between these instants ended."""
        start = max(start, end - LISTEN_S)
        kept = [(at, pcm) for at, pcm in self._recent if at + seconds(pcm) > start and at < end]
        if not kept:
            return None
        heard = np.concatenate([pcm for _, pcm in kept])
        first, last = (max(0, round((t - kept[0][0]) * RATE_HZ)) for t in (start, end))
        return self._register.ending(heard[first:last])

    def _judge(self, voice: "_Voice", over_us: bool, ends: float, now: float) -> list[TurnInput]:
        """Decide whose voice it is: on every frame until that is known, then now and then."""
        if voice.told and ends < voice.judge_at:
            return []
        voice.judge_at = ends + JUDGE_AGAIN_S
        echo = over_us and self._echo.is_echo(voice.at, ends)
        if not voice.told and not echo:
            voice.told = True
            return [SpeechStarted(voice.at, now)]
        if voice.told and echo:
            voice.taken_back = True
            return [EchoHeard(now)]
        return []

    def _open(self, at: float) -> None:
        self._utterance = self._transcriber.open(self._call_id)
        kept = [(t, pcm) for t, pcm in self._recent if t + seconds(pcm) > at - PREROLL_S]
        self._opened_at = kept[0][0] if kept else at
        for t, pcm in kept:
            self._push(pcm, t)

    def _push(self, pcm: Pcm, at: float) -> None:
        assert self._utterance is not None
        lost_s = at - self._opened_at - self._pushed_s
        if GAP_S < lost_s < LONGEST_GAP_S:
            pcm = np.concatenate((np.zeros(round(lost_s * RATE_HZ), np.int16), pcm))
        self._utterance.push(pcm)
        self._pushed_s += len(pcm) / RATE_HZ


@dataclass(slots=True)
class _Voice:
    """A voice in progress. `opened`: the utterance was opened for it."""

    at: float
    opened: bool
    told: bool = False
    judge_at: float = 0.0
    """When to check again whether it is an echo."""
    taken_back: bool = False
