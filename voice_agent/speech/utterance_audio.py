"""The samples of one open utterance, for recognisers that hear it as a whole."""

import numpy as np

from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.speech.guards import FRAME, levels

QUIET_DB = 20.0
"""Audio this far below the utterance's loudest adds nothing new."""
FAINT_DBFS = -50.0


class UtteranceAudio:
    """Grows by `push`; a recogniser thread may read while the event loop appends."""

    def __init__(self) -> None:
        self._chunks: list[Pcm] = []
        self._starts: list[int] = []
        self.total = 0
        self._loudest = -96.0
        self._measured = 0
        """The samples that `_loudest` is known of."""

    def push(self, pcm: Pcm) -> None:
        """Add samples."""
        if len(pcm) == 0:
            return
        self._starts.append(self.total)
        self._chunks.append(pcm)
        self.total += len(pcm)

    def since(self, sample: int = 0) -> Pcm:
        """All samples from `sample` on."""
        count = len(self._starts)
        first = count
        while first > 0 and (first == count or self._starts[first] > sample):
            first -= 1
        if count == 0:
            return np.zeros(0, np.int16)
        return np.concatenate(self._chunks[first:count])[max(0, sample - self._starts[first]) :]

    def quiet_since(self, sample: int) -> bool:
        """Whether nothing that could be a word was added after `sample`."""
        added = levels(self.since(sample))
        if len(added) == 0:
            return True
        new = levels(self.since(self._measured))
        self._loudest = float(new.max(initial=self._loudest))
        self._measured = self.total // FRAME * FRAME
        return bool((added < max(FAINT_DBFS, self._loudest - QUIET_DB)).all())

    def tail_is_quiet(self) -> bool:
        """Whether the last 60 ms are silence: the speaker has just paused."""
        return self.quiet_since(max(0, self.total - RATE_HZ * 60 // 1000))
