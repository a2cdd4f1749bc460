"""The recording consent section of `company.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.jurisdictions import Jurisdiction, Mode
from knowledge.section import Section


class Consent(Section):
    """`announce`: told, then recorded; `opt_out`: the same, and told how to refuse; `opt_in`:
    asked, and recorded only after a yes; `never`. The law of the caller's place and of the
    company's own may require more, never less."""

    recording: Mode = "opt_out"
    """The minimum this company applies everywhere."""
    ask: str = "May I record this call, so that the right person can follow up?"
    """The question of `opt_in`; it ends the opening, and the greeting follows the answer."""
    ask_again: str = "Sorry, just so I have it right: may I record this call?"
    """Said once, if the first answer was unclear or the question was not heard; an unclear answer
    then counts as a no."""
    key: Annotated[str, Field(pattern=r"^[1-9]$")] | None = "9"
    """The key that refuses recording at any time; `{key}` in the notice names it."""
    when_stopped: Literal["discard", "keep"] = "discard"
    """What happens to the part recorded before a caller stops the recording."""
    unknown: Mode | None = None
    """For callers whose place is unknown; if empty, the strictest rule of all places."""
    places: dict[str, Jurisdiction] = {}
    """Rules that replace built-in ones, by ISO code such as `DE` or `US-CA`, with their source."""
