"""The pilot section of `company.yaml`: which callers the agent takes during a trial."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.section import Section


class Pilot(Section):
    """The agent takes part of the conversations, which are flagged for review; people take the
    rest."""

    line: str
    """The company's own line, in E.164: calls the agent does not take are connected there."""
    share: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of callers the agent takes, 0 to 1; a caller once taken stays in, unless it is 0."""
    numbers: tuple[str, ...] = ()
    """Only calls to these of `numbers`; empty: to all."""
    when: Literal["always", "in_hours", "after_hours"] = "always"
    """Only calls at these times, by the company's hours."""
    ring_seconds: Annotated[int, Field(ge=5, le=120)] = 30
    """How long the company's own line rings."""
    chat_away: str = "Nobody is here right now. Leave your message with an email address or a phone number, and a colleague will get back to you."  # noqa: E501
    """Opens a chat that the agent does not take; in one that it no longer takes, asks a visitor
    who cannot be reached."""
    chat_kept: str = "Thank you. I've kept your message, and a colleague will get back to you."
    """Said once in such a chat, after the first message of a visitor who was asked for those."""
