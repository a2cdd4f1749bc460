"""Where the caller's voice begins and ends: energy and webrtcvad first, Silero only when in doubt.

Every 10 ms frame gets a level and webrtcvad's opinion. While these rule speech out, that is the
whole cost. When they allow for speech, the shared Silero network looks at the last 128 ms and then
at every 32 ms; it alone decides that a voice has begun, so steady noise, tones, keys and clicks
start none. A voice ends when the level stays down, or when Silero no longer hears one. A crowd
talking behind the caller sounds like a voice too: `Crowd` recognises it by its level, and from then
on only what stands out of it counts as a voice.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.speech.crowd import Crowd
from voice_agent.speech.silero import AHEAD, BACKLOG, HISTORY, WINDOW, SileroModel
from voice_agent.turn.events import CrowdHeard, SpeechStarted, SpeechStopped

FRAME = 80
"""Samples per frame: 10 ms."""
_ONES = np.ones(FRAME, np.float32)
_KEPT = 4 * HISTORY
NO_VOICE = -1


@dataclass(frozen=True, slots=True)
class GateTuning:
    """Thresholds of the gate, measured on telephone-band speech and noise. Levels in dBFS."""

    start_probability: float = 0.5
    sudden_probability: float = 0.7
    """For a sound younger than `sudden_frames`: any noise that starts sharply looks voiced."""
    sudden_frames: int = 6
    first_frames: int = 10
    """The same within the first half second of a call, when any sound follows digital silence."""
    from_first_s: float = 0.1
    """A steady sound present by then is not a voice within the first second."""
    resume_probability: float = 0.15
    """For a sound at the caller's own level within `resume_frames` of their last."""
    resume_frames: int = 150
    own_level_db: float = 12.0
    """A frame at most this far below the caller's speech level counts as their own level."""
    keep_probability: float = 0.3
    quietest: float = -58.0
    """Nothing below this is a voice."""
    suspicion_db: float = 4.0
    """From this far above the noise floor, speech is possible."""
    quiet_share: float = 0.25
    """A frame is quiet below the floor plus this share of the way to the caller's speech level."""
    suspect_frames: int = 3
    stop_frames: int = 8
    """Quiet frames that end a voice that Silero no longer hears."""
    sure_frames: int = 12
    """Quiet frames that end any voice standing out of the noise."""
    masked_frames: int = 25
    """The same for a voice less than `contrast_db` above the noise, which drowns weak syllables."""
    contrast_db: float = 14.0
    clear_windows: int = 2
    """Windows without a voice that end it even if the level stays up."""
    doubtful_windows: int = 10
    """The same at the caller's own level: not every voice sounds clear to Silero."""


class Gate:
    """One caller's voice. Pure: samples with their instant in, starts and stops out."""

    def __init__(self, silero: SileroModel) -> None:
        import webrtcvad

        self._silero = silero
        self._tuning = GateTuning()
        self._webrtc = webrtcvad.Vad(2)
        self.speaking = False
        self.last_level_dbfs = -96.0
        self.noise_floor_dbfs = -58.0
        self._crowd = Crowd()
        self._began = 0
        """The sample at which the voice began."""
        self._speech_level = -30.0
        self._heard: Pcm = np.zeros(_KEPT, np.int16)
        self._heard_end = HISTORY
        self._rest: Pcm = np.zeros(0, np.int16)
        self._count = 0
        """Samples judged so far, in whole frames."""
        self._ends_at = 0
        """The sample at which `_heard` ends."""
        self._stopped = 0
        """The sample at which the last voice was known to have ended; 0 before any."""
        self._next_at: float | None = None
        self._forget()
        self._h, self._c = silero.blank()

    @property
    def attentive(self) -> bool:
        """Whether there is, or may be, a voice."""
        return self.speaking or self._hot > 0

    def _forget(self) -> None:
        """Nothing suspicious is happening."""
        self._hot = 0
        self._hot_from = 0
        self._quiet = 0
        self._loud_end = 0
        self._unclear = 0
        self._consulted: int | None = None
        self._voice = 0.0
        self._said: list[float] = []

    def feed(self, pcm: Pcm, at: float) -> list[SpeechStarted | SpeechStopped | CrowdHeard]:
        """What these samples revealed; the first of them sounded at `at`."""
        out: list[SpeechStarted | SpeechStopped | CrowdHeard] = []
        if self._next_at is not None and at - self._next_at > 0.1:
            out += self._skip(at)
        self._next_at = known_at = at + len(pcm) / RATE_HZ
        samples = np.concatenate((self._rest, pcm)) if len(self._rest) else pcm
        frames = len(samples) // FRAME
        self._rest = samples[frames * FRAME :].copy()
        if not frames:
            return out
        whole = samples[: frames * FRAME]
        zero_at = known_at - (self._count + len(samples)) / RATE_HZ
        levels = _levels(whole.reshape(frames, FRAME))
        raw = whole.astype("<i2", copy=False).tobytes()
        self._remember(whole)
        self._ends_at = self._count + len(whole)
        for i in range(frames):
            self._count += FRAME
            voiced = self._webrtc.is_speech(raw[2 * i * FRAME : 2 * (i + 1) * FRAME], RATE_HZ)
            change = self._step(levels[i], voiced)
            if change == NO_VOICE:
                out.append(CrowdHeard(known_at))
            elif change is not None:
                kind = SpeechStarted if self.speaking else SpeechStopped
                out.append(kind(at=zero_at + change / RATE_HZ, known_at=known_at))
        return out

    def _skip(self, at: float) -> list[SpeechStopped]:
        """Audio before `at` is missing: a voice in progress has ended."""
        ended_at, was = self._next_at, self.speaking
        self.speaking = False
        self._heard[:] = 0
        self._rest = self._rest[:0]
        self._forget()
        return [SpeechStopped(at=ended_at, known_at=at)] if was and ended_at is not None else []

    def _remember(self, samples: Pcm) -> None:
        """Keep the samples for Silero's look back, compacting the buffer now and then."""
        if self._heard_end + len(samples) > len(self._heard):
            kept = np.concatenate(
                (self._heard[self._heard_end - HISTORY : self._heard_end], samples)
            )
            if len(kept) > len(self._heard):
                self._heard = np.zeros(len(kept), np.int16)
            self._heard[: len(kept)] = kept
            self._heard_end = len(kept)
        else:
            self._heard[self._heard_end : self._heard_end + len(samples)] = samples
            self._heard_end += len(samples)

    def _step(self, level: float, voiced: bool) -> int | None:
        """Advance by one frame; returns the sample at which a voice began or ended, if one did.

        `NO_VOICE` if what was taken for a voice turns out to be a crowd.
        """
        self.last_level_dbfs = level
        if self._crowd.take(level) and self._crowd.look(self._voiced):
            return self._in_the_crowd()
        return self._while_speaking(level) if self.speaking else self._while_silent(level, voiced)

    @property
    def _voiced(self) -> int:
        """Frames since the voice began; 0 while there is none."""
        return (self._count - self._began) // FRAME if self.speaking else 0

    @property
    def _ground(self) -> float:
        """The level a voice has to stand out of: noise, or other people's talk."""
        crowd = self._crowd.level_dbfs
        return self.noise_floor_dbfs if crowd is None else max(self.noise_floor_dbfs, crowd)

    # --- no voice yet ----------------------------------------------------------------------

    def _while_silent(self, level: float, voiced: bool) -> int | None:
        tune, above = self._tuning, level - self._ground
        suspicious = level > tune.quietest and (
            above > tune.suspicion_db + 4 or (voiced and above > tune.suspicion_db)
        )
        if suspicious:
            if self._hot == 0:
                self._hot_from = self._count - FRAME
            self._hot = min(self._hot + 1, 12)
        elif self._hot:
            self._hot -= 1
        self._follow_floor(level, suspicious)
        if self._hot == 0:
            self._consulted = None
            return None
        if self._hot < tune.suspect_frames and self._consulted is None:
            return None
        if self._may_begin_with_crowd() and self._waits_for_crowd():
            return None
        if not self._consult(1):
            return None
        young = tune.sudden_frames if self._count > RATE_HZ // 2 else tune.first_frames
        sudden = self._count - self._hot_from < young * FRAME
        wanted = tune.sudden_probability if sudden else tune.start_probability
        if self._goes_on(level):
            wanted = tune.resume_probability
        if self._voice < wanted:
            return None
        self.speaking = True
        began = max(self._hot_from, self._count - BACKLOG * WINDOW)
        self._speech_level = max(self._speech_level - 10.0, level)
        self._quiet = self._unclear = 0
        self._loud_end = self._count
        self._began = began
        return began

    def _may_begin_with_crowd(self) -> bool:
        """Whether the sound began with the call, at most a second ago."""
        return self._count <= RATE_HZ and self._hot_from < self._tuning.from_first_s * RATE_HZ

    def _waits_for_crowd(self) -> bool:
        """Whether the sound that a call begins with is a crowd, or may still be one."""
        crowd = self._crowd.began_with_it()
        if crowd:
            self._forget()
        return crowd is not False

    def _goes_on(self, level: float) -> bool:
        """Whether this is probably the voice that has just paused: soon after it, and as loud."""
        soon = self._stopped and self._count - self._stopped < self._tuning.resume_frames * FRAME
        return bool(soon) and level > self._speech_level - self._tuning.own_level_db

    def _follow_floor(self, level: float, suspicious: bool) -> None:
        """Fall fast, rise slowly; rise fast once Silero has judged the sound not to be a voice."""
        gap = level - self.noise_floor_dbfs
        if gap < 0:
            step = 0.2 * gap
        elif self._consulted is not None and self._voice < 0.15:
            step = 0.04 * gap
        else:
            step = 0.0 if suspicious else 0.02 * gap
        self.noise_floor_dbfs = min(-20.0, max(-70.0, self.noise_floor_dbfs + step))

    # --- a voice ---------------------------------------------------------------------------

    def _while_speaking(self, level: float) -> int | None:
        tune, floor = self._tuning, self._ground
        if level < self.noise_floor_dbfs:
            self.noise_floor_dbfs += 0.05 * (level - self.noise_floor_dbfs)
        self._speech_level += (0.2 if level > self._speech_level else 0.005) * (
            level - self._speech_level
        )
        quiet_below = floor + max(5.0, tune.quiet_share * (self._speech_level - floor))
        if level < max(quiet_below, tune.quietest):
            self._quiet += 1
        else:
            self._quiet = 0
            self._loud_end = self._count
        stands_out = self._speech_level - floor >= tune.contrast_db
        if self._quiet and stands_out:
            asked = self._quiet >= tune.stop_frames - 2 and self._consult(1)
        else:
            asked = self._consult(2 * BACKLOG if stands_out else 2)
        if asked:
            self._unclear = self._unclear_windows()
        loud = level > self._speech_level - tune.own_level_db
        clear = tune.doubtful_windows if loud else tune.clear_windows
        if self._quiet < self._enough(floor) and self._unclear < clear:
            return None
        self._stopped = self._count
        ended = self._loud_end if self._quiet else self._count - self._unclear * WINDOW
        self.speaking = False
        self._forget()
        return ended

    def _in_the_crowd(self) -> int:
        """The voice has drowned in others: where it last stood out, or that there was none."""
        ago = self._crowd.since_voice(self._voiced)
        self._stopped = self._count
        self.speaking = False
        self._forget()
        return NO_VOICE if ago is None else self._count - ago * FRAME

    def _unclear_windows(self) -> int:
        """How many of the latest windows in a row had no voice."""
        count = self._unclear
        for voice in self._said:
            count = count + 1 if voice < self._tuning.keep_probability else 0
        return count

    def _enough(self, floor: float) -> int:
        """Quiet frames that end the voice, given what Silero hears and how far it stands out."""
        if self._voice < self._tuning.start_probability:
            return self._tuning.stop_frames
        masked = self._speech_level - floor < self._tuning.contrast_db
        return self._tuning.masked_frames if masked else self._tuning.sure_frames

    def _consult(self, windows: int) -> bool:
        """Ask Silero once at least `windows` new windows are there; returns whether it did."""
        upto = self._count - AHEAD
        if self._consulted is None:
            self._h, self._c = self._silero.blank()
            self._consulted, due = upto, BACKLOG
        else:
            due = (upto - self._consulted) // WINDOW
            if due < windows:
                return False
            self._consulted += due * WINDOW
            due = min(due, BACKLOG)
        late = self._ends_at - AHEAD - self._consulted
        recent = self._heard[: self._heard_end - late]
        self._said, self._h, self._c = self._silero.consult(recent, due, self._h, self._c)
        self._voice = self._said[-1]
        return True


def _levels(frames: NDArray[np.int16]) -> list[float]:
    """Level of each row without its mean, dBFS, floored at -96.

    Uses products with a vector of ones: for rows of a frame, half the cost of sums along an axis.
    """
    wide, count = frames.astype(np.float32), frames.shape[1]
    ones = _ONES if count == FRAME else np.ones(count, np.float32)
    means = wide.dot(ones).tolist()
    powers = np.square(wide, out=wide).dot(ones).tolist()
    return [
        10.0 * math.log10(max(power / count - (mean / count) ** 2, 0.27) / 32768.0**2)
        for mean, power in zip(means, powers, strict=True)
    ]
