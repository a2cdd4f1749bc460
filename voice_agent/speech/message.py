"""Transcribes a whole message at once, with the recogniser of calls."""

import numpy as np

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.speech.ports import Transcriber

LONGEST_S = 20.0
"""Longest piece: recognisers are made for utterances. Longer audio is cut where it is quietest."""
SEARCH_S = 8.0
"""The cut is searched for in this last part of a piece."""
_BLOCK = RATE_HZ // 50


async def transcribed(transcriber: Transcriber, pcm: Pcm, name: str) -> str:
    """The words of a message (int16, 8 kHz); empty for silence. Raises: TranscriptionFailed."""
    said = []
    for piece in pieces(pcm):
        utterance = transcriber.open(name)
        try:
            utterance.push(piece)
            said.append((await utterance.settle()).text.strip())
        finally:
            utterance.close()
    return " ".join(text for text in said if text)


def pieces(pcm: Pcm) -> list[Pcm]:
    """The message in pieces a recogniser accepts, cut at pauses."""
    most, search = int(LONGEST_S * RATE_HZ), int(SEARCH_S * RATE_HZ)
    made: list[Pcm] = []
    while len(pcm) > most:
        tail = pcm[most - search : most].astype(np.int32)
        blocks = np.abs(tail[: len(tail) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)).mean(axis=1)
        quiet = np.convolve(blocks, np.ones(10), "same")
        cut = most - search + int(quiet.argmin()) * _BLOCK
        made.append(pcm[:cut])
        pcm = pcm[cut:]
    return [*made, pcm] if len(pcm) else made
