"""Asks the company's golden questions on every channel: phone, chat and mail.

By phone a question arrives as a recogniser writes it. The comparison covers the passage each
channel answers from, and whether it defers the question.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.engine import Engine
from core.events import Channel
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from knowledge.golden import Golden

CHANNELS: tuple[Channel, ...] = ("voice", "chat", "email")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on all channels; `cited` in the order of `CHANNELS`, empty where deferred."""

    question: str
    cited: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every channel answered from the same passage."""
        return len(set(self.cited)) == 1

    def __str__(self) -> str:
        told = ", ".join(
            f"{channel}: {cited or 'deferred'}"
            for channel, cited in zip(CHANNELS, self.cited, strict=True)
        )
        return f"“{self.question}” {told}"


async def ask_everywhere(engine: Engine, golden: Golden, at: datetime) -> list[Asked]:
    """Every golden question, each in its own conversations."""
    questions = [(item.ask, item.after) for item in golden.answered]
    questions += [(ask, ()) for ask in golden.unanswerable]
    return [
        Asked(ask, tuple([await _cited(engine, channel, ask, after, at) for channel in CHANNELS]))
        for ask, after in questions
    ]


async def _cited(
    engine: Engine, channel: Channel, ask: str, after: Sequence[str], at: datetime
) -> str:
    """The passage a channel answers from; empty when it defers the question."""
    opened = ConversationOpened(f"same-{channel}", channel, "inbound", None, None, at)
    talk = TextTalk(engine, opened)
    for earlier in after:
        await talk.says(_arriving(earlier, channel))
    turn = await talk.says(_arriving(ask, channel))
    answers = [s for s in turn.sentences if s.kind == "answer" and s.answers and s.citations]
    return answers[0].citations[0] if answers else ""


def _arriving(text: str, channel: Channel) -> str:
    """The words as a channel delivers them: a recogniser writes no capitals and no punctuation."""
    if channel != "voice":
        return text
    return " ".join(re.sub(r"[^\w\s'$%-]", " ", text.lower()).split())
