"""The email section of `company.yaml`: what the agent writes unprompted."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section


class FollowUp(Section):
    """One reminder to a buyer who has not answered."""

    after_days: Annotated[float, Field(gt=0, le=90)]
    """Days after our reply; each reply restarts the count."""
    text: Annotated[str, Field(min_length=1, max_length=1_000)]
    """The text; `{name}`, `{agent}` and `{company}` are filled in."""


class Email(Section):
    """What is written unprompted. An answer, a meeting, a promised call or an opt-out stops it."""

    follow_ups: tuple[FollowUp, ...] = ()
    """Reminders, each counted from our last reply; empty: no reminders."""
