"""What core needs from outside: words from a model, a log that lasts, a CRM to write to."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from core.crm.records import Finding, Found, Kind, NotWritten, Ref, Stored, Write, Written
from core.events import Fact, Logged
from core.identity.memory import Recognition
from knowledge.meaning import Vector
from knowledge.profile import Rep, Steward


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
        """One JSON object; whether it follows the schema is for the caller to check.

        Raises: ReadingFailed.
        """


class Embedder(Protocol):
    """A model that tells what texts mean."""

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each text, in order: float32, unit length, shape (dimensions,).

        Raises: EmbeddingFailed.
        """


class EventLog(Protocol):
    """The append-only record of conversations."""

    async def append(self, conversation_id: str, at: datetime, facts: Sequence[Fact]) -> None:
        """Commit facts in order, numbered after those already there. Raises: StoreFailed."""

    async def append_once(
        self, conversation_id: str, at: datetime, facts: Sequence[Fact], key: str
    ) -> bool:
        """Commit facts unless this key was committed before; whether they were written now.

        Raises: StoreFailed.
        """

    async def read(self, conversation_id: str) -> list[Logged]:
        """All facts of one conversation, oldest first; empty when unknown."""


class Recogniser(Protocol):
    """Knows who was here before."""

    async def recognise(self, conversation_id: str) -> Recognition:
        """Who a conversation is with, by its committed facts. Raises: StoreFailed."""


class Crm(Protocol):
    """A system where leads end up. Records are ours and keyed by us: see `core.crm.records`.

    What may be written over what a person wrote is decided in `core.crm.sync`, for every system.
    """

    name: str
    """embedded, hubspot or salesforce."""

    async def find(self, whom: str) -> Found | None:
        """Whom the system knows by a number (E.164) or a mail address; None: nobody.

        Raises: CrmFailed.
        """

    async def read(self, kind: Kind, refs: Sequence[Ref]) -> Mapping[str, Stored]:
        """The records as they are now, by our key; missing ones are left out. Raises: CrmFailed."""

    async def upsert(self, kind: Kind, writes: Sequence[Write]) -> Sequence[Written | NotWritten]:
        """Create or change records, each at most once for its key; an answer for each, in order.

        Raises: CrmFailed, after which any of them may have been written.
        """

    async def check(self, *, create: bool = False) -> Sequence[Finding]:
        """What is right and wrong with the access: credentials, scopes, properties.

        `create`: make the properties that are missing. Never raises for what the system says.
        """


class CrmDeletes(Protocol):
    """A CRM in which records of somebody to be forgotten can be deleted."""

    async def delete(self, kind: Kind, variant: str, record: str) -> None:
        """Delete a record by its id there, for good where that can be; again changes nothing.

        Raises: CrmFailed.
        """


Act = Literal["claim", "kept", "rate"]
"""What a person may do about a matter at a press, where their channel has buttons."""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something one person of the team is to know, or to do."""

    kind: str
    """A stable kebab-case word, e.g. `callback-due`."""
    key: str
    """The same for the same news: told again, it is shown once."""
    title: str
    """One line."""
    text: str
    """All of it in plain words; paragraphs are parted by an empty line."""
    about: str = ""
    """Id of what it is about, e.g. of a callback."""
    conversation_id: str = ""
    urgent: bool = False
    acts: tuple[Act, ...] = ()


class Notify(Protocol):
    """Tells people of the team what they are to know or do."""

    async def tell(self, person: Rep | Steward, matter: Matter) -> None:
        """Let one person know; may be called again for the same `key`. Raises: NotifyFailed."""
