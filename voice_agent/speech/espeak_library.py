"""The espeak-ng C library from the wheel `espeakng-loader`, through ctypes.

The library keeps its voice, settings and callback in process-wide variables, so there is one handle
per process and one caller at a time; `say` holds its lock for one text.
"""

import ctypes
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_agent.audio.pcm import Pcm

_SYNCHRONOUS = 2  # espeak_AUDIO_OUTPUT: espeak_Synth returns when its callback has had every sample
_DONT_EXIT = 0x8000  # without it a missing data folder ends the process
_BUFFER_MS = 60
_UTF8 = 1
_SOUNDS = 0x100  # text in [[ ]] is phonemes
_BY_CHARACTER = 1
_RATE, _VOLUME, _PITCH, _RANGE, _WORD_GAP = 1, 2, 3, 4, 7  # espeak_PARAMETER

if TYPE_CHECKING:
    _Samples = ctypes._Pointer[ctypes.c_short]

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class EspeakError(Exception):
    """The library is missing, or refused a voice or a text."""


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """A voice and its settings, in the library's units."""

    name: str
    words_per_min: int
    volume: int = 100
    """Percent of the library's default."""
    pitch: int = 50
    pitch_range: int = 50
    word_gap: int = 0
    """Pause between words, units of 10 ms."""


class EspeakLibrary:
    """The library, initialised. Get it from `espeak_library()`."""

    def __init__(self, library_path: str, data_path: str) -> None:
        try:
            self._c = ctypes.CDLL(library_path)
        except OSError as error:
            raise EspeakError(f"cannot load {library_path}: {error}") from error
        self._c.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
            ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip
        self.rate_hz = int(
            self._c.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data_path.encode(), _DONT_EXIT)
        )
        if self.rate_hz <= 0:
            raise EspeakError(f"espeak-ng found no voice data at {data_path}")
        self._lock = threading.Lock()
        self._voice: EspeakVoice | None = None
        self._sink: Callable[[Pcm], bool] | None = None
        self._callback = _Callback(self._receive)  # kept: the library stores only its address
        self._c.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: EspeakVoice, sink: Callable[[Pcm], bool]) -> None:
        """Synthesise `text` on this thread; `sink` gets int16 at `rate_hz`, and stops it with
        False.

        Raises: EspeakError.
        """
        encoded = text.replace("\0", " ").encode() + b"\0"
        with self._lock:
            self._use(voice)
            self._sink = sink
            try:
                status = self._c.espeak_Synth(
                    encoded, len(encoded), 0, _BY_CHARACTER, 0, _UTF8 | _SOUNDS, None, None
                )
            finally:
                self._sink = None
        if status != 0:
            raise EspeakError(f"espeak-ng refused a text (status {status})")

    def _use(self, voice: EspeakVoice) -> None:
        if voice == self._voice:
            return
        if self._c.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise EspeakError(f"espeak-ng has no voice {voice.name!r}")
        settings = {
            _RATE: voice.words_per_min, _VOLUME: voice.volume, _PITCH: voice.pitch,
            _RANGE: voice.pitch_range, _WORD_GAP: voice.word_gap,
        }  # fmt: skip
        for parameter, value in settings.items():
            self._c.espeak_SetParameter(parameter, value, 0)
        self._voice = voice

    def _receive(self, wave: "_Samples", samples: int, _events: int) -> int:
        if not wave or samples <= 0 or self._sink is None:
            return 0
        # Copied, as the library reuses its buffer. Any value but 0 stops it at once.
        return 0 if self._sink(np.ctypeslib.as_array(wave, (samples,)).copy()) else 1


_OPENING = threading.Lock()


def espeak_library() -> EspeakLibrary:
    """The one handle of this process. Raises: EspeakError."""
    with _OPENING:
        return _open()


@functools.cache
def _open() -> EspeakLibrary:
    try:
        import espeakng_loader
    except ImportError as error:
        raise EspeakError("the package espeakng-loader is not installed") from error
    return EspeakLibrary(espeakng_loader.get_library_path(), espeakng_loader.get_data_path())
