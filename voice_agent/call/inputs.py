"""Keeps the inputs of one session of a call, so that it can be replayed: `InputsKept` facts.

Lines are collected in memory while somebody waits for an answer, and packed into the log once the
answer plays; a server that dies loses those of the current turn.
"""

from core.engine import Engine
from core.replay.facts import InputsKept
from core.replay.lines import Began, NoMore, Said, packed
from core.talk import ConversationOpened
from voice_agent.call.host import Write
from voice_agent.turn.events import EndTurn, PlaybackStarted
from voice_agent.turn.kept import MachineBegan, masked

MOST_LINES = 2_000
"""Per fact; a caller who talks for minutes fills several."""
MOST_BYTES = 1_000_000
"""Per call: hours of talk. Anything beyond is not kept."""


class InputLog:
    """One session's lines on their way to the log; `write` stores facts."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._lines: list[object] = []
        self._turn = 0
        self._room = MOST_BYTES

    def keep(self, line: object) -> None:
        """Keep one line."""
        if self._room <= 0:
            return
        self._lines.append(line)
        match line:
            case MachineBegan(turn) | EndTurn(turn=turn):
                self._turn = max(self._turn, turn)
            case PlaybackStarted():
                self.flush()
            case _ if len(self._lines) >= MOST_LINES:
                self.flush()

    def flush(self) -> None:
        """Put the collected lines into the log."""
        lines, self._lines = self._lines, []
        if not lines:
            return
        pack = packed(masked(line) for line in lines)
        self._room -= len(pack)
        if self._room <= 0:
            pack = packed([NoMore()])
        said = (line.said.turn for line in lines if isinstance(line, Said))
        turns = sorted({self._turn, self._turn + 1, *said, *_ended(lines)})
        self._write(InputsKept(tuple(turns), pack))


def _ended(lines: list[object]) -> set[int]:
    return {line.turn for line in lines if isinstance(line, EndTurn)}


def began(opened: ConversationOpened, again: str | None, engine: Engine) -> Began:
    """The first line of a session. `again`: the person from whom the caller has come back."""
    remote = {"reads": engine.reads, "words": engine.words, "meaning": engine.by_meaning}
    return Began(
        opened.at, opened.zone, opened.waits, opened.placed, again, engine.thinker.transfers,
        tuple(name for name, there in remote.items() if there),
    )  # fmt: skip
