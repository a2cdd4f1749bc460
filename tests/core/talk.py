"""A text conversation with one of our companies, in which all, or a given part, is heard."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from core.engine import Engine
from core.ports import LanguageModel, StructuredModel
from core.scheduling.ports import Desk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from core.text.turn import TextTurn as Turn
from knowledge.answer import KnowledgeBase
from knowledge.load import Loaded, load

__all__ = [
    "BUILDER", "FREIGHT", "MONDAY_NOON", "OTHER", "PROVIDER", "SAMPLE", "SUNDAY", "Talk", "Turn",
    "builder", "chat", "engine", "sample",
]  # fmt: skip

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "knowledge" / "company"
OTHER = ROOT / "tests" / "companies" / "corvane"
BUILDER = ROOT / "tests" / "companies" / "halden"
FREIGHT = ROOT / "tests" / "companies" / "saltmarsh"
PROVIDER = ROOT / "tests" / "companies" / "cobalt"
RENTAL = ROOT / "tests" / "companies" / "stonebridge"
MONDAY_NOON = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
"""Noon in New York on a working day."""
SUNDAY = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)


@cache
def sample(folder: Path = SAMPLE) -> Loaded:
    """A company, by default the sample one."""
    return load(folder)


@cache
def knowledge(folder: Path = SAMPLE) -> KnowledgeBase:
    """Its knowledge, indexed once for all tests."""
    return KnowledgeBase(sample(folder))


@cache
def engine(folder: Path = SAMPLE, *, transfers: bool = False) -> Engine:
    """An engine without a model; it keeps no state, so all tests share it."""
    return Engine(sample(folder), knowledge(folder), transfers=transfers)


def chat() -> TextTalk:
    """A chat with the sample company on a Monday noon."""
    return TextTalk(engine(), ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON))


def builder() -> "Talk":
    """A call to the builder from a number in its own area."""
    return Talk(folder=BUILDER, caller="+15085550188", called="+15085550140")


class Talk(TextTalk):
    """One conversation with one of our companies, by default on a Monday noon."""

    def __init__(
        self,
        *,
        caller: str | None = "+14155550100",
        at: datetime = MONDAY_NOON,
        model: LanguageModel | None = None,
        reader: StructuredModel | None = None,
        transfers: bool = False,
        folder: Path = SAMPLE,
        desk: Desk | None = None,
        after_hours: bool = False,
        called: str = "+16175550142",
    ) -> None:
        super().__init__(
            Engine(sample(), knowledge(), model, reader=reader, transfers=transfers)
            if model or reader
            else engine(folder, transfers=transfers),
            ConversationOpened("c1", "voice", "inbound", caller, called, at),
            desk=desk,
            after_hours=after_hours,
        )
