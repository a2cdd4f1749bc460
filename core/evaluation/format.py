"""The format of authored conversations; `docs/evaluate.md` describes it for authors."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from knowledge.profile import Section

ANY = "any"
"""Matches every value; in `allow`, every name too."""


def _word(value: object) -> object:
    """YAML scalars as text: dates and numbers may be unquoted."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else value


def _words(value: object) -> object:
    items = value if isinstance(value, list | tuple) else [value]
    return [_word(item) for item in items]


def _saying(value: object) -> object:
    return value if isinstance(value, Mapping) else {"say": _word(value)}


def _number(value: object) -> object:
    text = f"+{value}" if isinstance(value, int) else value  # YAML reads an unquoted number as int
    if isinstance(text, str) and not re.fullmatch(r"withheld|\+\d{7,15}", text):
        raise ValueError('a number such as "+16175550188", or `withheld`')
    return text


def _anything(value: object) -> object:
    """`allow: any` is short for every value under every name."""
    return {ANY: ANY} if value == ANY else value


Word = Annotated[str, BeforeValidator(_word)]
Number = Annotated[str, BeforeValidator(_number)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Values = dict[str, Words]
"""Criterion or contact field to its values."""


class Line(Section):
    """One turn of the caller, and what the reply must be like."""

    caller: str
    answer: Words = ()
    """Articles to answer from, one per entry; `a | b` if either is right."""
    may_answer: Words = ()
    """Articles that may also be cited."""
    defer: bool = False
    """No article covers something in this turn, so it must be deferred to a person."""
    ask: str | None = None
    """What the reply must ask for, or `none`."""
    segment: str | None = None
    """The segment known after this turn."""
    action: Literal["hang_up", "transfer"] | None = None
    invites: bool = False
    """The caller invites our questions, or asks for a call, a meeting or a person."""
    hears: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of the reply that is heard before the caller goes on (text only)."""


class Reply(Section):
    """What this caller says when asked for something, and the facts in it."""

    say: str
    means: Words = ()
    """Values of the criterion that was asked for; empty when nothing is told."""
    signals: Values = {}
    """Other facts in the same sentence."""


class RouteExpected(Section):
    reps: Words = Field((), alias="rep", validation_alias=AliasChoices("rep", "reps"))
    """Any of these; `rep: x` for one, and `none` for nobody."""
    action: Literal["book", "transfer", "callback", "nurture", "resources", "none"] | None = None


class Expect(Section):
    """What a good sales development rep would have noted at the end."""

    signals: Values = {}
    allow: Annotated[Values, BeforeValidator(_anything)] = {}
    """Values that may be noted but need not be; `any` for every value, or for all of `allow`."""
    not_signals: Values = {}
    """Values that must not stand at the end."""
    verdict: Words = ()
    segment: str | None = None
    disqualifier: str | None = None
    route: RouteExpected | None = None
    agreed: Word | None = None
    """A call or meeting was agreed: `yes`, `no`, or words for its time such as `tomorrow`."""
    human: bool | None = None
    opted_out: bool | None = None
    recording: Literal["given", "declined", "unknown"] | None = None
    flags: Words = ()
    outcome: Words = ()
    never: Words = ()
    """Words the agent must never say."""


class Conversation(Section):
    """One authored conversation."""

    id: str
    tags: Words = ()
    about: str = ""
    number: Number | None = Field(None, alias="from")
    """The caller's number in E.164, or `withheld`."""
    when: datetime | None = None
    """When the call comes in; without an offset, in the company's zone."""
    channel: Literal["voice", "chat", "email"] = "voice"
    turns: Annotated[tuple[Line, ...], Field(min_length=1)]
    answers: dict[str, Annotated[Reply, BeforeValidator(_saying)]] = {}
    otherwise: str | None = None
    """Said when asked for anything not in `answers`."""
    expect: Expect = Expect()


class File(Section):
    """A file of conversations; its `from` and `when` are defaults for them."""

    number: Number | None = Field(None, alias="from")
    when: datetime | None = None
    conversations: Annotated[tuple[Conversation, ...], Field(min_length=1)]


class Targets(Section):
    """What a run must reach; an omitted figure is not checked."""

    signal_f1: float | None = None
    verdict: float | None = None
    segment: float | None = None
    route: float | None = None
    answered: float | None = None
    false_answers: float | None = None
    false_deferrals: float | None = None
    invariant_violations: int | None = None
    checks: float | None = None
    same_everywhere: float | None = None


class TargetFile(Section):
    """`targets.yaml`: one set for each run mode."""

    text: Targets = Targets()
    noise: Targets = Targets()
    audio: Targets = Targets()


def fields() -> set[str]:
    """Every key of the format, for suggestions after a typo."""
    sections: list[Any] = [Line, Reply, RouteExpected, Expect, Conversation, File, Targets]
    named = {i.alias or n for s in sections for n, i in s.model_fields.items()}
    return named | {"reps", "text", "noise", "audio"}
