"""What core needs from outside: a model's words, a durable log, a CRM, a way to notify people."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from core.crm.records import Finding, Found, Kind, NotWritten, Ref, Stored, Write, Written
from core.events import Fact, Logged
from core.identity.memory import Recognition
from knowledge.profile import Rep, Steward
from knowledge.retrieval.meaning import Vector


class LanguageModel(Protocol):
    """A streaming chat model, used to word a plan and never to decide."""

    def stream(self, system: str, messages: Sequence[tuple[str, str]]) -> AsyncIterator[str]:
        """Yield text as it is generated; `messages` are (role, text), oldest first.

        Raises: RealiserFailed.
        """


class StructuredModel(Protocol):
    """A chat model that answers in JSON of a given schema, used to read a turn."""

    async def extract(
        self, system: str, messages: Sequence[tuple[str, str]], schema: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """One JSON object; checking it against the schema is left to the caller.

        Raises: ReadingFailed.
        """


class Embedder(Protocol):
    """A model that embeds texts."""

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each text, in order: float32, unit length, shape (dimensions,).

        Raises: EmbeddingFailed.
        """


class EventLog(Protocol):
    """The append-only record of conversations."""

    async def append(self, conversation_id: str, at: datetime, facts: Sequence[Fact]) -> None:
        """Commit facts in order, numbered after the existing ones. Raises: StoreFailed."""

    async def append_once(
        self, conversation_id: str, at: datetime, facts: Sequence[Fact], key: str
    ) -> bool:
        """Commit facts unless this key was committed before; True when they were written now.

        Raises: StoreFailed.
        """

    async def read(self, conversation_id: str) -> list[Logged]:
        """All facts of one conversation, oldest first; empty when unknown."""


class Recogniser(Protocol):
    """Recognises returning buyers."""

    async def recognise(self, conversation_id: str) -> Recognition:
        """Who a conversation is with, from its committed facts. Raises: StoreFailed."""


class Crm(Protocol):
    """A system that leads are written to. Records are ours, under our keys: see `core.crm.records`.

    `core.crm.sync` decides, for every system, what may overwrite a person's edits.
    """

    name: str
    """embedded, hubspot or salesforce."""

    async def find(self, whom: str) -> Found | None:
        """The contact with this number (E.164) or mail address; None if there is none.

        Raises: CrmFailed.
        """

    async def read(self, kind: Kind, refs: Sequence[Ref]) -> Mapping[str, Stored]:
        """The current records by our key; missing ones are left out. Raises: CrmFailed."""

    async def upsert(self, kind: Kind, writes: Sequence[Write]) -> Sequence[Written | NotWritten]:
        """Create or change records, each at most once for its key; one answer for each, in order.

        Raises: CrmFailed, after which any of them may have been written.
        """

    async def check(self, *, create: bool = False) -> Sequence[Finding]:
        """Findings on the access: credentials, scopes, properties.

        `create`: make missing properties. Never raises on what the system answers.
        """


class CrmDeletes(Protocol):
    """A CRM that can delete the records of a person to be forgotten."""

    async def delete(self, kind: Kind, variant: str, record: str) -> None:
        """Delete a record by its id in the CRM, permanently where possible. Idempotent.

        Raises: CrmFailed.
        """


Act = Literal["claim", "kept", "rate"]
"""What a person can do about a matter with a button, in channels that have buttons."""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something one person on the team should know or do."""

    kind: str
    """A stable kebab-case word, e.g. `callback-due`."""
    key: str
    """Identifies the news: the same key is shown once, however often it is sent."""
    title: str
    """One line."""
    text: str
    """The full text in plain words; paragraphs are separated by an empty line."""
    about: str = ""
    """Id of the subject, e.g. of a callback."""
    conversation_id: str = ""
    urgent: bool = False
    acts: tuple[Act, ...] = ()


class Notify(Protocol):
    """Notifies people on the team."""

    async def tell(self, person: Rep | Steward, matter: Matter) -> None:
        """Notify one person; may be called again with the same `key`. Raises: NotifyFailed."""
