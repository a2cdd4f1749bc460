"""A conversation with the engine in text: turns in, facts out, with our words counted as heard.

It fulfils the channel's contract without a wire: each turn is committed, its sentences are heard in
full unless told otherwise, and the facts are logged in the order a call logs them.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.asking import spelled
from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import ConversationEnded, Fact, UtteranceRecorded, VerdictReached
from core.scheduling.ports import Desk
from core.scheduling.tools import Receipt, Tool
from core.talk import AgentHeard, ConversationOpened, Sentence, UserSaid
from core.text.turn import TextTurn

HEARD_MS = 400
SPOKEN_MS = 300
"""Duration of one word, ours or the buyer's, on the conversation's clock."""


class TextTalk:
    """One conversation; `facts` is its log. Time stands still at `opened.at`; words take time.

    `desk`: where meetings are booked; without one, only a callback can be arranged.
    """

    def __init__(
        self,
        engine: Engine,
        opened: ConversationOpened,
        *,
        after_hours: bool = False,
        desk: Desk | None = None,
    ) -> None:
        self.engine = engine
        self.desk = desk
        self.at = opened.at
        opening = engine.open(opened, after_hours=after_hours)
        self.state: ConversationState = opening.state
        self.facts: list[Fact] = list(opening.facts)
        self.opening = opening.sentences
        self.turns: list[TextTurn] = []
        self.ms = 0
        for sentence in opening.sentences:
            self.hears(sentence)

    async def says(
        self, text: str, hears: Sequence[float] | None = None, *, keys: str = ""
    ) -> TextTurn:
        """One turn of the buyer; `hears` gives the share heard of each sentence of the reply.

        `keys`: pressed telephone keys.
        """
        said = replace(self.said(text), digits=keys)
        self.facts.append(
            UtteranceRecorded(said.turn, "caller", said.text, said.start_ms, said.end_ms)
        )
        if self.desk is not None and self.state.board is None:
            opened = self.state.opened
            board = await self.desk.look(opened.conversation_id, opened.caller, self.at)
            self.state = self.engine.informed(self.state, board)
        turn = TextTurn(self.engine, self.state, said, self._perform if self.desk else None)
        sentences = [sentence async for sentence in turn.replying()]
        self.turns.append(turn)
        self.state = turn.state
        self.facts += [*turn.decided, *((turn.meeting,) if turn.meeting else ())]
        for n, sentence in enumerate(sentences):
            share = 1.0 if hears is None else hears[n] if n < len(hears) else 0.0
            turn.heard_facts += self.hears(sentence, share)
        self.facts += turn.found
        return turn

    async def _perform(self, tool: Tool) -> Receipt:
        assert self.desk is not None, "a tool is performed where there is a desk"
        return await self.desk.perform(tool, self.at)

    def said(self, text: str) -> UserSaid:
        """The next turn's words, with their position in the conversation."""
        start = self.ms
        self.ms += SPOKEN_MS * max(len(text.split()), 1)
        return UserSaid(len(self.turns) + 1, text, start, self.ms, self.at)

    def hears(self, sentence: Sentence, share: float = 1.0) -> list[Fact]:
        """Let the buyer hear a share of a sentence; returns the resulting facts."""
        words = sentence.text.split()
        kept = words[: round(len(words) * share)]
        text, complete = " ".join(kept), len(kept) == len(words)
        start = self.ms
        self.ms += HEARD_MS * len(kept)
        if kept:
            self.facts.append(
                UtteranceRecorded(
                    sentence.turn, "agent", text, start, self.ms, interrupted=not complete,
                    citations=sentence.citations, kind=sentence.kind,
                    asks=spelled(sentence.asks) if complete else "",
                )
            )  # fmt: skip
        heard = AgentHeard(sentence.turn, sentence, text, complete, start, self.ms)
        self.state, facts = self.engine.heard(self.state, heard)
        self.facts += facts
        return list(facts)

    def close(self, reason: str) -> None:
        """End it: last verdict and route, and the outcome."""
        self.facts += self.engine.close(self.state, reason)
        self.facts.append(ConversationEnded(self.engine.outcome(self.state), reason, self.ms))

    @property
    def verdict(self) -> VerdictReached:
        """The latest verdict."""
        return next(f for f in reversed(self.facts) if isinstance(f, VerdictReached))

    def known(self, criterion: str) -> list[str]:
        """Standing values of a criterion."""
        return [s.value for s in self.state.signals.active if s.criterion == criterion]
