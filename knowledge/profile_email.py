"""What the agent writes unasked by email, as `company.yaml` has it."""

from typing import Annotated

from pydantic import Field

from knowledge.section import Section


class FollowUp(Section):
    """One reminder to a buyer who has not answered."""

    after_days: Annotated[float, Field(gt=0, le=90)]
    """Days after our reply; the count begins anew with each reply."""
    text: Annotated[str, Field(min_length=1, max_length=1_000)]
    """What is written; `{name}`, `{agent}` and `{company}` are filled in."""


class Email(Section):
    """What is written unasked. An answer, a meeting, a promised call or an opt-out stops it."""

    follow_ups: tuple[FollowUp, ...] = ()
    """Reminders, each counted from our last reply; none: nobody is reminded."""
