"""Our vocabulary for CRMs: our own records and fields, whatever each system calls them.

Every value is text in one canonical form: instants as `2025-03-03T15:04:05Z`, figures in decimal,
owners as rep ids. Adapters translate; comparisons and decisions see only this form.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["account", "contact", "lead", "activity", "meeting", "task", "note"]
KINDS: tuple[Kind, ...] = ("account", "contact", "lead", "activity", "meeting", "task", "note")
"""In writing order: records that others link to come first."""

FIRST_STANDS: Mapping[Kind, frozenset[str]] = {
    "account": frozenset(("name", "domain")),
    "contact": frozenset(("name", "first_name", "last_name", "email", "phone")),
    "lead": frozenset(("name", "first_name", "last_name", "email", "phone", "company")),
}
"""Identity fields, written only where empty: recognition may mishear a name, and a record must not
change its person for it. A team member's correction replaces a value of ours."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record from a conversation. `key` is ours and stable, so retries never duplicate it."""

    kind: Kind
    key: str
    fields: Mapping[str, str]
    """An empty value clears the field, if the current value is ours."""
    links: Mapping[Kind, str] = field(default_factory=dict)
    """Keys of the records it belongs to."""
    variant: str = ""
    """For an activity: call, chat or email; for a task: question or callback."""
    corrected: frozenset[str] = frozenset()
    """Fields that a team member corrected or restored."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Identifies a record: by our key, and by the system's own id if known."""

    key: str
    id: str = ""
    same: Mapping[str, str] = field(default_factory=dict)
    """What identifies an existing record as the same: an email, a domain."""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as currently in the system."""

    id: str
    fields: Mapping[str, str]
    """Fields without a value are omitted."""
    key: str = ""
    """Our key on it; empty for a record somebody else created."""


@dataclass(frozen=True, slots=True)
class Write:
    """Fields to set on a record: the one with `id` if given, else the one with our key."""

    kind: Kind
    key: str
    fields: Mapping[str, str]
    id: str = ""
    links: Mapping[Kind, str] = field(default_factory=dict)
    """Ids in the system of the records it belongs to."""
    variant: str = ""
    adopts: bool = False
    """The record with `id` has no key of ours yet, and gets this one."""


@dataclass(frozen=True, slots=True)
class Written:
    """An accepted write. `left`: rejected fields, each with the reason and its remedy."""

    id: str
    created: bool
    left: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A refused write. `after_s`: when the system asks to be retried."""

    code: str
    message: str
    remedy: str
    retryable: bool = False
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Deal:
    """A caller's open deal."""

    id: str
    name: str
    stage: str = ""
    amount: str = ""


FoundBy = Literal["phone", "mobile", "email"]


@dataclass(frozen=True, slots=True)
class Found:
    """A CRM contact found by a telephone number or a mail address."""

    system: str
    id: str
    name: str = ""
    email: str = ""
    company: str = ""
    role: str = ""
    employees: str = ""
    industry: str = ""
    owner: str = ""
    """A rep's id; empty when no team member owns them."""
    deals: tuple[Deal, ...] = ()
    shared: bool = False
    """Others match as well, so it identifies nobody."""
    customer: str = ""
    """How the CRM says that they are already a customer; empty: it does not."""
    by: FoundBy = "phone"
    """What they were found by; a mobile belongs to one person, a landline often to an office."""
    proven: bool = False
    """Whether the address they were found by is certainly the sender's."""
    after_ms: int = 0
    """When it was known, from the start of the conversation."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check. `level`: ok, warning, error, or off; an error names its remedy."""

    level: str
    text: str


def instant(at: datetime) -> str:
    """An instant in canonical form, to the second, which every system stores."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def same(one: str, other: str) -> bool:
    """Whether two values are equal up to case and white space, which systems normalise."""
    return _loose(one) == _loose(other)


def digest(value: str) -> str:
    """The digest stored to recognise a value later."""
    return hashlib.sha256(_loose(value).encode()).hexdigest()[:32]


def _loose(value: str) -> str:
    return " ".join(value.split()).casefold()
