"""The part of `company.yaml` that defines a fit: segments, criteria, tools, scenarios."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field

from knowledge.section import Section


class Condition(Section):
    """A condition on what a buyer said about a criterion."""

    criterion: str
    """Name of a criterion, or `employees` or `industry`."""
    at_least: float | None = None
    """For numbers: the least value that matches."""
    at_most: float | None = None
    """For numbers: the greatest value that matches."""
    any_of: tuple[str, ...] = ()
    """For choices: any of these values; for a `yes_no`: "yes" or "no"."""


class Local(Section):
    """How a criterion differs in some places. Omitted keys are as elsewhere."""

    territories: tuple[str, ...]
    """Countries, states or regions, written like territories of the team."""
    because: str = ""
    """Why; for reports, e.g. `works councils decide with them there`."""
    required: bool | None = None
    """Whether it is required there."""
    weight: Annotated[float, Field(ge=0)] | None = None
    """Its weight there; 0 if it does not matter."""
    at_least: float | None = None
    """The least value that fits there."""
    at_most: float | None = None
    """The greatest value that fits there."""
    any_of: tuple[str, ...] | None = None
    """Values that meet it there."""
    none_of: tuple[str, ...] | None = None
    """Values that cannot be served there."""
    tool_kinds: tuple[str, ...] | None = None
    """Kinds of tools judged by their fit there."""
    after_days: int | None = None
    """How far away a date must be there."""
    within_days: int | None = None
    """How far away a date may be there."""

    @property
    def changes(self) -> dict[str, Any]:
        """What differs there, by key."""
        told = self.model_dump(exclude={"territories", "because"}, exclude_none=True)
        return {name: getattr(self, name) for name in told}


class Criterion(Section):
    """One thing a lead must show. It has three states: met, not met, or unknown."""

    name: str
    """The signal it judges: `employees`, `use_case`, `tech_stack`, `timeline`, `role`, `industry`,
    `budget`, or a name of your own."""
    label: str
    """Its name in reports, e.g. `Company size`."""
    kind: Literal["number", "choice", "text", "date", "yes_no"]
    """How its value is parsed and judged."""
    required: bool = False
    """Not met makes it `nurture`, never `disqualified`; while unknown it is asked for first."""
    weight: Annotated[float, Field(ge=0)] = 1.0
    """Its weight in the score; met in part counts half."""
    at_least: float | None = None
    """For numbers: the least value that fits."""
    at_most: float | None = None
    """For numbers: the greatest value that fits."""
    any_of: tuple[str, ...] = ()
    """For choices: vocabulary names that meet it; titles of equal rank do, too. For a `yes_no`: the
    answers that meet it: "yes" if omitted, `["yes", "no"]` for either."""
    none_of: tuple[str, ...] = ()
    """For choices: values that cannot be served, whatever else fits."""
    tool_kinds: tuple[str, ...] = ()
    """For choices of tools: kinds of the compatibility matrix that are judged by their fit."""
    counts: tuple[str, ...] = ()
    """For your own numbers: single words for what is counted, e.g. `freezer` in "two freezers"
    (`walk-in` where it is two), or the unit and what is measured: `metre`, or `dollar` and `bill`
    in "the bill is ninety". A length of time is read only in that unit."""
    after_days: int | None = None
    """For dates: met when the stated day is at least so many days away; nearer is too soon."""
    within_days: int | None = None
    """For dates: met when the stated day, or the last day of a range, is no further away."""
    ask: tuple[str, ...] = ()
    """Spoken wordings of the question; several avoid repetition."""
    why: str = ""
    """The reason given when the caller asks why we want to know."""
    topics: tuple[str, ...] = ()
    """Topics of a buyer's question after which asking this is natural."""
    when: tuple[Condition, ...] = ()
    """When it applies: it is not asked for while any of these does not hold, and not judged if one
    is known not to, e.g. a roof's size only when the use case is a roof."""
    local: tuple[Local, ...] = ()
    """Differences in some places; the first that matches the buyer's place applies."""

    def with_rule(self, rule: Local) -> "Criterion":
        """The criterion with a local rule applied."""
        return self.model_copy(update={**rule.changes, "local": ()})


class ToolFit(Section):
    """A line of the compatibility matrix: how some tools work with the product."""

    tools: tuple[str, ...]
    """Vocabulary names."""
    kind: str
    """The kind of tools, in a caller's word: `warehouse`, `crm`, `ads`."""
    fit: Literal["native", "through", "none"]
    """Works directly, works through something else (counts half), or does not work."""
    because: str = ""
    """What it works through, or why it does not work; for reports."""
    article: str | None = None
    """The article that covers it."""


class Scenario(Section):
    """A value of a choice criterion, such as a use case, and how well the product serves it."""

    value: str
    """A value of `any_of` of some criterion."""
    fit: Literal["full", "partly", "none"] = "full"
    """How well it is served; partly counts half."""
    because: str = ""
    """What is missing if the fit is not full; for reports."""
    article: str | None = None
    """The article that covers it; a question it answers suggests the value."""
    said: tuple[str, ...] = ()
    """How buyers put it; a few typical sentences are enough, word order and endings may vary."""


class Segment(Section):
    """A kind of buyer with its own criteria. The first segment whose conditions hold is chosen."""

    id: str
    """A short name in lower case, for references."""
    label: str
    """Its name in reports."""
    employees_at_least: int | None = None
    """Smallest company of this segment."""
    employees_at_most: int | None = None
    """Largest company of this segment."""
    industries: tuple[str, ...] = ()
    """Industries of this segment, by everyday words and `vocabulary.synonyms` too; empty: any."""
    when: tuple[Condition, ...] = ()
    """Further conditions of this segment, e.g. three sites or more. All must hold."""
    qualify_at: Annotated[float, Field(ge=0, le=1)] = 0.6
    """Share of the known weight that must be met, in addition to every required criterion."""
    judge_at: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the total weight that must be known before a lead is judged; at 0 a single answer
    may be enough."""
    value: Annotated[float, Field(ge=0)] | None = None
    """Average value of a deal with such a buyer; ranks their unanswered questions."""
    criteria: tuple[Criterion, ...]
    """What is asked of this kind of buyer."""

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions that must hold, including size and industries."""
        least, most = self.employees_at_least, self.employees_at_most
        made = list(self.when)
        if least is not None or most is not None:
            made.append(Condition(criterion="employees", at_least=least, at_most=most))
        if self.industries:
            made.append(Condition(criterion="industry", any_of=self.industries))
        return tuple(made)


class Disqualifier(Section):
    """A stated fact that ends the sales path, with the alternative that is offered instead."""

    id: str
    """A short name in lower case, for references."""
    label: str
    """Its name in reports."""
    kind: Literal[
        "competitor",
        "student",
        "press",
        "job_seeker",
        "vendor",
        "support",
        "private",
        "geography",
        "other",
    ] = "other"
    """General wordings are built in for all kinds but `geography` and `other`."""
    phrases: tuple[str, ...] = ()
    """Further wordings, as callers would say them about themselves; word endings may vary."""
    signal: str | None = None
    """A criterion or `location` whose `values` disqualify."""
    values: tuple[str, ...] = ()
    """Values of that signal, as listed, or names of places."""
    outside: tuple[str, ...] = ()
    """Places you serve, written like territories: a buyer who is certainly elsewhere is
    disqualified, wherever the work is to be done; an ambiguous town name disqualifies nobody."""
    exit: str
    """What the agent says: where this caller is better served."""
