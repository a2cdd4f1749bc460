"""The stages of one turn's latency on one clock: the parts sum to what the caller heard."""

from dataclasses import dataclass

from core.events import TurnTimed


@dataclass(slots=True)
class TurnStages:
    """Instants of one turn, call-clock seconds; each is set once, when it happens."""

    turn: int
    speech_end: float
    ended: float = 0.0
    waited_for_text_s: float = 0.0
    """How long the recogniser alone delayed the end of turn."""
    first_words: float | None = None
    first_audio: float | None = None
    speculated: bool = False

    def timed(self, playing: float) -> TurnTimed:
        """The stages as consecutive, non-negative parts from the end of speech to the first sample.

        What speculation finished before the end of turn counts as zero.
        """
        words = max(self.ended, self.first_words if self.first_words is not None else playing)
        audio = max(words, self.first_audio if self.first_audio is not None else playing)
        edges = [
            self.speech_end,
            max(self.speech_end, self.ended - self.waited_for_text_s),
            self.ended,
            min(words, playing),
            min(audio, playing),
            playing,
        ]
        marks = [round((e - self.speech_end) * 1000) for e in edges]
        endpoint, stt, reply, tts, send = (b - a for a, b in zip(marks, marks[1:], strict=False))
        return TurnTimed(
            turn=self.turn,
            heard_ms=marks[-1],
            endpoint_ms=endpoint,
            stt_ms=stt,
            reply_ms=reply,
            tts_ms=tts,
            send_ms=send,
            speculated=self.speculated,
        )
