"""What callers are told and asked of the recording, as `company.yaml` has it."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.jurisdictions import Jurisdiction, Mode
from knowledge.section import Section


class Consent(Section):
    """`announce`: told, then recorded; `opt_out`: the same, and told how to refuse; `opt_in`: asked, and recorded on a yes alone; `never`. The law of the caller's place and of the company's own may ask for more, never for less."""  # noqa: E501

    recording: Mode = "opt_out"
    """What this company does everywhere, at the least."""
    ask: str = "May I record this call, so that the right person can follow up?"
    """The question of `opt_in`; ends the opening, and the greeting follows the answer."""
    ask_again: str = "Sorry, just so I have it right: may I record this call?"
    """Said once, where the first answer was unclear or the question was not heard; an unclear answer is a no."""  # noqa: E501
    key: Annotated[str, Field(pattern=r"^[1-9]$")] | None = "9"
    """Key that refuses the recording at any moment; `{key}` in the notice says which."""
    when_stopped: Literal["discard", "keep"] = "discard"
    """What becomes of what was recorded before a caller stops it."""
    unknown: Mode | None = None
    """For callers whose place is not known; none given: the strictest of all places."""
    places: dict[str, Jurisdiction] = {}
    """Rules that replace built-in ones, by ISO code such as `DE` or `US-CA`, each with its source."""  # noqa: E501
