"""One pocketsphinx decoder fed with telephone audio.

Measured with pocketsphinx 5.1: a decoder with our language loads in about 20 ms and takes 7-10 MB.
`process_raw` holds the interpreter lock, which is why decoders live in worker processes.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.speech.ports import HeardWord, Hypothesis
from voice_agent.speech.sphinx.caller_mean import CallerMean

FRAMES_PER_S = 100
RELISTEN_AT_S = 1.5
TOO_SURE = 0.1
"""Subtracted from an utterance's confidence: few rivals are allowed per frame (`maxwpf`), so a word
shares its probability with fewer than there could be."""
_NOT_WORDS = ("<s>", "</s>", "<sil>")


@dataclass(frozen=True, slots=True)
class Tuning:
    """Search settings; the defaults were chosen with tests/bench/bench_wer.py."""

    lw: float = 6.5
    wip: float = 0.65
    beam: float = 1e-48
    wbeam: float = 7e-29
    pbeam: float = 1e-48
    maxhmmpf: int = 30000
    maxwpf: int = 20
    ds: int = 1
    topn: int = 4
    pl_window: int = 5
    fwdflat: bool = False
    bestpath: bool = True
    ascale: float = 20.0


class SphinxDecoder:
    """A decoder with its language loaded, used for one utterance after another."""

    def __init__(self, hmm: Path, lm: Path, dictionary: Path) -> None:
        from pocketsphinx import Decoder

        self._decoder: Any = Decoder(
            hmm=str(hmm),
            lm=str(lm),
            dict=str(dictionary),
            samprate=RATE_HZ,
            loglevel="FATAL",
            **asdict(Tuning()),
        )
        self._known = self._given = CallerMean.read("")
        self._kept: list[Pcm] | None = None
        """The audio of a caller not heard before, to be decoded again."""
        self._samples = 0
        self._speaking = False

    def begin(self, mean: str) -> None:
        """Start an utterance; `mean`: what `abandon` last returned for this caller, or empty."""
        self.abandon()
        self._known = CallerMean.read(mean)
        self._kept = None if self._known.known else []
        self._samples = 0
        self._start(self._known)

    def feed(self, pcm: Pcm) -> None:
        """Decode some samples, int16 at 8 kHz.

        The first 1.5 s of a new caller are decoded twice: once to learn their mean. The cut is
        exact to the sample, so that the sizes of audio chunks do not change the result.
        """
        if self._kept is None:
            self._samples += len(pcm)
            self._decode(pcm)
            return
        first = pcm[: round(RELISTEN_AT_S * RATE_HZ) - self._samples]
        self._samples += len(first)
        self._decode(first)
        self._kept.append(first)
        if self._samples >= RELISTEN_AT_S * RATE_HZ:
            kept, self._kept = self._kept, None
            learnt = self._learnt()
            self._decoder.end_utt()
            self._start(learnt)
            for piece in kept:
                self._decode(piece)
        if len(first) < len(pcm):
            self.feed(pcm[len(first) :])

    def partial(self) -> Hypothesis:
        """The best path so far; its last word may still change. No confidences yet."""
        return self._hypothesis(posterior=False)

    def finish(self) -> Hypothesis:
        """End the utterance: the best path through the lattice, with word posteriors.

        The end counts as one more word, so the best path without it may have different words.
        """
        unended = self._hypothesis(posterior=False).text
        self._decoder.end_utt()
        self._speaking = False
        settled = self._hypothesis(posterior=True)
        heard, other = settled.text.split(), unended.split()
        if len(other) <= len(heard) and other[:-1] == heard[: max(0, len(other) - 1)]:
            return settled  # the last word was merely not out yet
        return replace(settled, unended=unended)

    def abandon(self) -> str:
        """End the utterance without a result; returns the caller's cepstral mean."""
        if self._speaking:
            self._decoder.end_utt()
            self._speaking = False
        return self._learnt().write()

    def _start(self, mean: CallerMean) -> None:
        self._given = mean
        self._decoder.set_cmn(mean.for_decoder())
        self._decoder.start_utt()
        self._speaking = True

    def _decode(self, pcm: Pcm) -> None:
        if len(pcm):
            self._decoder.process_raw(pcm.tobytes(), False, False)

    def _learnt(self) -> CallerMean:
        """The caller's mean, updated with this utterance."""
        frames = self._samples / RATE_HZ * FRAMES_PER_S
        return self._known.after(self._given, self._decoder.get_cmn(True), frames)

    def _hypothesis(self, posterior: bool) -> Hypothesis:
        upto_s = self._samples / RATE_HZ
        if self._decoder.hyp() is None:
            return Hypothesis("", upto_s=upto_s)
        words = tuple(
            HeardWord(
                _spelling(segment.word),
                segment.start_frame / FRAMES_PER_S,
                (segment.end_frame + 1) / FRAMES_PER_S,
                round(min(1.0, segment.prob), 3) if posterior else 1.0,
            )
            for segment in self._decoder.seg()
            if segment.word not in _NOT_WORDS and segment.word[0] not in "[+<"
        )
        if not words:
            return Hypothesis("", upto_s=upto_s)
        spoken_s = sum(w.end_s - w.start_s for w in words)
        confidence = sum(w.confidence * (w.end_s - w.start_s) for w in words) / spoken_s
        if posterior:
            confidence = max(0.0, confidence - TOO_SURE)
        return Hypothesis(" ".join(w.text for w in words), words, round(confidence, 3), upto_s)


def unweighed(best: Hypothesis) -> Hypothesis:
    """A partial hypothesis in place of `finish` when that takes too long: confidence 0."""
    words = tuple(replace(word, confidence=0.0) for word in best.words)
    return replace(best, words=words, confidence=0.0)


def _spelling(word: str) -> str:
    """A dictionary entry without its pronunciation variant: `rooted(2)` is `rooted`."""
    return word.partition("(")[0]
