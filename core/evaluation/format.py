"""The format of authored conversations; for people it is told in `docs/evaluate.md`."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from knowledge.profile import Section

ANY = "any"
"""Every value; in `allow`, every name too."""


def _word(value: object) -> object:
    """Scalars of YAML as the text they stand for: dates and numbers may go without quotes."""
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
    text = f"+{value}" if isinstance(value, int) else value  # YAML reads an unquoted one so
    if isinstance(text, str) and not re.fullmatch(r"withheld|\+\d{7,15}", text):
        raise ValueError('a number such as "+16175550188", or `withheld`')
    return text


def _anything(value: object) -> object:
    """`allow: any` is short for everything under every name."""
    return {ANY: ANY} if value == ANY else value


Word = Annotated[str, BeforeValidator(_word)]
Number = Annotated[str, BeforeValidator(_number)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Values = dict[str, Words]
"""Criterion or contact field to the values that were said."""


class Line(Section):
    """One turn of the caller, and what the reply to it must be like."""

    caller: str
    answer: Words = ()
    """Articles to be answered from, one an entry; `a | b` where either is right."""
    may_answer: Words = ()
    """Articles that may be cited, besides or at all."""
    defer: bool = False
    """Something in this turn no article covers: it must be put off to a person."""
    ask: str | None = None
    """What the reply must ask for, or `none`."""
    segment: str | None = None
    """The kind of buyer as known after this turn."""
    action: Literal["hang_up", "transfer"] | None = None
    invites: bool = False
    """The caller invites our questions, or asks for a call, a meeting or a person."""
    hears: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of the reply that is heard before the caller goes on (text only)."""


class Reply(Section):
    """What this caller says when asked for something, and what it tells."""

    say: str
    means: Words = ()
    """Values of the criterion that was asked for; none when nothing is told."""
    signals: Values = {}
    """Other things told in the same breath."""


class RouteExpected(Section):
    reps: Words = Field((), alias="rep", validation_alias=AliasChoices("rep", "reps"))
    """Any of these; `rep: x` for one, and `none` for nobody."""
    action: Literal["book", "transfer", "callback", "nurture", "resources", "none"] | None = None


class Expect(Section):
    """What a good sales development rep would have written down at the end."""

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
    """A call or meeting was agreed: `yes`, `no`, or words of its time such as `tomorrow`."""
    human: bool | None = None
    opted_out: bool | None = None
    recording: Literal["given", "declined", "unknown"] | None = None
    flags: Words = ()
    outcome: Words = ()
    never: Words = ()
    """Words the agent must not say."""


class Conversation(Section):
    """One authored conversation."""

    id: str
    tags: Words = ()
    about: str = ""
    number: Number | None = Field(None, alias="from")
    """Caller's number in E.164 form, or `withheld`."""
    when: datetime | None = None
    """When the call comes in; without an offset, in the company's zone."""
    channel: Literal["voice", "chat", "email"] = "voice"
    turns: Annotated[tuple[Line, ...], Field(min_length=1)]
    answers: dict[str, Annotated[Reply, BeforeValidator(_saying)]] = {}
    otherwise: str | None = None
    """Said when asked for anything that `answers` does not have."""
    expect: Expect = Expect()


class File(Section):
    """A file of conversations; `from` and `when` stand for those that do not give their own."""

    number: Number | None = Field(None, alias="from")
    when: datetime | None = None
    conversations: Annotated[tuple[Conversation, ...], Field(min_length=1)]


class Targets(Section):
    """What a run must reach; a figure left out is not held."""

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
    """`targets.yaml`: one set for each way of running."""

    text: Targets = Targets()
    noise: Targets = Targets()
    audio: Targets = Targets()


def fields() -> set[str]:
    """Every key the format knows, for remedies to typing errors."""
    sections: list[Any] = [Line, Reply, RouteExpected, Expect, Conversation, File, Targets]
    named = {i.alias or n for s in sections for n, i in s.model_fields.items()}
    return named | {"reps", "text", "noise", "audio"}
