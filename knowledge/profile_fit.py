"""The part of `company.yaml` that says who is a fit: segments, criteria, tools, scenarios."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from knowledge.section import Section


class Condition(Section):
    """Something a buyer said of a criterion, on which other things depend."""

    criterion: str
    """Name of a criterion, or `employees` or `industry`."""
    at_least: float | None = None
    """For numbers: it holds from this one on."""
    at_most: float | None = None
    """For numbers: it holds up to this one."""
    any_of: tuple[str, ...] = ()
    """For choices: any of these values; for a `yes_no`: "yes" or "no"."""


class Local(Section):
    """How a criterion differs in some places. What is left out is there as it is elsewhere."""

    territories: tuple[str, ...]
    """Countries, states or regions, as territories of the team are written."""
    because: str = ""
    """Why; for reports, e.g. `works councils decide with them there`."""
    required: bool | None = None
    """Whether it is required there."""
    weight: Annotated[float, Field(ge=0)] | None = None
    """Its weight there; 0 where it does not matter."""
    at_least: float | None = None
    """The least that fits there."""
    at_most: float | None = None
    """The most that fits there."""
    any_of: tuple[str, ...] | None = None
    """What meets it there."""
    none_of: tuple[str, ...] | None = None
    """What cannot be served there."""
    tool_kinds: tuple[str, ...] | None = None
    """Kinds of tools that are judged by their fit there."""
    within_days: int | None = None
    """How far away a date may be there."""

    @property
    def changes(self) -> dict[str, Any]:
        """What is other there, by key."""
        told = self.model_dump(exclude={"territories", "because"}, exclude_none=True)
        return {name: getattr(self, name) for name in told}


class Criterion(Section):
    """One thing a lead must show. Three-valued: met, not met, or unknown."""

    name: str
    """The signal it judges: `employees`, `use_case`, `tech_stack`, `timeline`, `role`, `industry`,
    `budget`, or a name of your own."""
    label: str
    """How a report names it, e.g. `Company size`."""
    kind: Literal["number", "choice", "text", "date", "yes_no"]
    """How its value is read and judged."""
    required: bool = False
    """Not met means no, and unknown means that it is asked for first."""
    weight: Annotated[float, Field(ge=0)] = 1.0
    """Its part of the score; met in part counts for half."""
    at_least: float | None = None
    """For numbers: the least that fits."""
    at_most: float | None = None
    """For numbers: the most that fits."""
    any_of: tuple[str, ...] = ()
    """For choices: names of the vocabulary that meet it; titles that rank alike do, too. For a
    `yes_no`: the answers that meet it: "yes" where it is left out, `["yes", "no"]` for either."""
    none_of: tuple[str, ...] = ()
    """For choices: values that cannot be served, whatever else fits."""
    tool_kinds: tuple[str, ...] = ()
    """For choices of tools: kinds of the compatibility matrix that are judged by their fit."""
    counts: tuple[str, ...] = ()
    """For numbers of your own: single words for what is counted, e.g. `freezer` in "two freezers"
    (`walk-in` where it is two), or the unit and what is measured: `metre`, or `dollar` and `bill`
    in "the bill is ninety". A length of time is read in that unit alone."""
    within_days: int | None = None
    """For dates: met when the stated day, of a span its last, is no further away."""
    ask: tuple[str, ...] = ()
    """Wordings of the question, spoken; variety avoids repetition."""
    why: str = ""
    """The reason given when the caller asks why we want to know."""
    topics: tuple[str, ...] = ()
    """Topics of a buyer's question after which asking this comes naturally."""
    when: tuple[Condition, ...] = ()
    """Where it applies: while any of these does not hold it is not asked for, and where one is
    known not to it is not judged, e.g. a roof's size when the use case is a roof."""
    local: tuple[Local, ...] = ()
    """What is other in some places; the first that holds where the buyer is counts."""

    def with_rule(self, rule: Local) -> "Criterion":
        """The criterion as it is in the places of a rule."""
        return self.model_copy(update={**rule.changes, "local": ()})


class ToolFit(Section):
    """A line of the compatibility matrix: how some tools work with the product."""

    tools: tuple[str, ...]
    """Names of the vocabulary."""
    kind: str
    """What the tools are, in a caller's word: `warehouse`, `crm`, `ads`."""
    fit: Literal["native", "through", "none"]
    """Works as it is, works through something else (counts for half), or does not work."""
    because: str = ""
    """What it works through, or why it does not; for reports."""
    article: str | None = None
    """The article that says so."""


class Scenario(Section):
    """A value of a choice criterion, such as a use case, and how well the product serves it."""

    value: str
    """A value of `any_of` of some criterion."""
    fit: Literal["full", "partly", "none"] = "full"
    """How well it is served; partly counts for half."""
    because: str = ""
    """What is missing where the fit is not full; for reports."""
    article: str | None = None
    """The article that speaks of it; a question it answers suggests the value."""
    said: tuple[str, ...] = ()
    """How buyers put it; a few typical sentences are enough, word order and endings are free."""


class Segment(Section):
    """A kind of buyer with its own criteria. The first whose conditions hold is chosen."""

    id: str
    """A short name in lower case, for references."""
    label: str
    """How reports name it."""
    employees_at_least: int | None = None
    """Smallest company of this segment."""
    employees_at_most: int | None = None
    """Largest company of this segment."""
    industries: tuple[str, ...] = ()
    """Trades of this segment, known by everyday words and by `vocabulary.synonyms`; empty: any."""
    when: tuple[Condition, ...] = ()
    """What else tells this kind of buyer, e.g. three sites or more. All must hold."""
    qualify_at: Annotated[float, Field(ge=0, le=1)] = 0.6
    """Share of known weight that must be met, besides every required criterion."""
    judge_at: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of all weight that must be known before a lead is judged; at 0 a single answer may be
    enough."""
    value: Annotated[float, Field(ge=0)] | None = None
    """What a deal with such a buyer is worth on average; ranks what they asked in vain."""
    criteria: tuple[Criterion, ...]
    """What is asked of this kind of buyer."""

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Everything that must hold: its sizes and trades are conditions like others."""
        least, most = self.employees_at_least, self.employees_at_most
        made = list(self.when)
        if least is not None or most is not None:
            made.append(Condition(criterion="employees", at_least=least, at_most=most))
        if self.industries:
            made.append(Condition(criterion="industry", any_of=self.industries))
        return tuple(made)


class Disqualifier(Section):
    """A stated fact that ends the sales path, with the useful way out that is offered instead."""

    id: str
    """A short name in lower case, for references."""
    label: str
    """How reports name it."""
    kind: Literal[
        "competitor", "student", "job_seeker", "vendor", "support", "private", "geography", "other"
    ] = "other"
    """How people say it in general English is known for all but `geography` and `other`."""
    phrases: tuple[str, ...] = ()
    """Further words by which it is stated, as a caller would say them of themselves; word endings
    are free."""
    signal: str | None = None
    """A criterion or `location` whose `values` disqualify."""
    values: tuple[str, ...] = ()
    """Values of that signal, as they are listed or as places are called."""
    outside: tuple[str, ...] = ()
    """Places you serve, written as territories are: who says surely that they are elsewhere is out,
    wherever the work is to be done; a town of a name that many have turns nobody down."""
    exit: str
    """What the agent says: where this caller is better served."""
