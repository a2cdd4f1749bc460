"""The words in which we speak with a CRM: our own records and fields, whatever it calls them.

Every value is a text in one canonical form: instants as `2025-03-03T15:04:05Z`, figures in
decimal, owners as rep ids. Systems translate; what compares and decides sees only this.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["account", "contact", "lead", "activity", "meeting", "task", "note"]
KINDS: tuple[Kind, ...] = ("account", "contact", "lead", "activity", "meeting", "task", "note")
"""In the order they are written: what others are linked to comes first."""

FIRST_STANDS: Mapping[Kind, frozenset[str]] = {
    "account": frozenset(("name", "domain")),
    "contact": frozenset(("name", "first_name", "last_name", "email", "phone")),
    "lead": frozenset(("name", "first_name", "last_name", "email", "phone", "company")),
}
"""Who somebody is, written where nothing stands: recognition may mishear a name, and a record does
not change its person for it. What a person of the team put right is written over what was ours."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as a conversation has it. `key` is ours and stays, so it is written once."""

    kind: Kind
    key: str
    fields: Mapping[str, str]
    """An empty one is taken out of the record, where what stands there is ours."""
    links: Mapping[Kind, str] = field(default_factory=dict)
    """Keys of the records it belongs to."""
    variant: str = ""
    """Of an activity: call, chat or email; of a task: question or callback."""
    corrected: frozenset[str] = frozenset()
    """Fields of what a person of the team put right, or put back."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Which record is meant: by our key, and by the system's own id where that is known."""

    key: str
    id: str = ""
    same: Mapping[str, str] = field(default_factory=dict)
    """What makes a record that is there already the same one: an email, a domain."""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as the system has it now."""

    id: str
    fields: Mapping[str, str]
    """Fields without a value are left out."""
    key: str = ""
    """The key of ours it carries; empty for one somebody else made."""


@dataclass(frozen=True, slots=True)
class Write:
    """Fields to be set on a record: the one of `id` if that is given, else the one of our key."""

    kind: Kind
    key: str
    fields: Mapping[str, str]
    id: str = ""
    links: Mapping[Kind, str] = field(default_factory=dict)
    """Ids in the system of the records it belongs to."""
    variant: str = ""
    adopts: bool = False
    """The record of `id` carries no key of ours yet, and is to have this one."""


@dataclass(frozen=True, slots=True)
class Written:
    """A write that was taken. `left`: fields that were not, each with the reason and its remedy."""

    id: str
    created: bool
    left: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A write that was refused. `after_s`: when the system wants to be asked again."""

    code: str
    message: str
    remedy: str
    retryable: bool = False
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Deal:
    """An open deal of somebody who calls."""

    id: str
    name: str
    stage: str = ""
    amount: str = ""


FoundBy = Literal["phone", "mobile", "email"]


@dataclass(frozen=True, slots=True)
class Found:
    """Whom a CRM knows by a telephone number or a mail address."""

    system: str
    id: str
    name: str = ""
    email: str = ""
    company: str = ""
    role: str = ""
    employees: str = ""
    industry: str = ""
    owner: str = ""
    """A rep's id; empty when nobody of the team owns them."""
    deals: tuple[Deal, ...] = ()
    shared: bool = False
    """Others are known by it as well: this is nobody in particular."""
    customer: str = ""
    """How the CRM says that they are a customer already; empty: it does not."""
    by: FoundBy = "phone"
    """By what they were found; a mobile is one person's, a telephone often a whole office's."""
    proven: bool = False
    """The address they were found by is certain to be who writes."""
    after_ms: int = 0
    """When it was known, from the start of the conversation."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check. `level`: ok, warning, error, or off; an error names its remedy."""

    level: str
    text: str


def instant(at: datetime) -> str:
    """An instant in its canonical form, to the second: what every system keeps."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def same(one: str, other: str) -> bool:
    """Whether two values are one but for case and white space, which systems tidy up."""
    return _loose(one) == _loose(other)


def digest(value: str) -> str:
    """What is kept of a value to recognise it by later."""
    return hashlib.sha256(_loose(value).encode()).hexdigest()[:32]


def _loose(value: str) -> str:
    return " ".join(value.split()).casefold()
