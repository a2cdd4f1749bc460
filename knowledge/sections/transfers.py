"""The transfers and overflow sections of `company.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.section import Section

Occasion = Literal["human", "fast_track", "target_account", "kept"]


class Transfers(Section):
    """Transfers a caller to a person on the team who has a `phone` and is available."""

    mode: Literal["warm", "cold", "off"] = "warm"
    """warm: the person first hears who it is and presses 1. cold: their phone just rings. off:
    callbacks are promised instead."""
    when: tuple[Occasion, ...] = ("human", "fast_track", "target_account", "kept")
    """Occasions: a request for a person, a fast-track lead, a target account, a topic the company
    leaves to its people."""
    ring_seconds: Annotated[int, Field(ge=5, le=60)] = 20
    """How long a person's phone rings; longer than their voicemail waits sends the caller to it."""
    hold: str = "Thank you for holding. We are getting {name} for you."
    """What a waiting caller hears from time to time; `{name}` is the person they wait for."""
    hold_music: Annotated[str, Field(pattern=r"^(https://[^\s\"'<>]+)?$", max_length=500)] = ""
    """URL of an audio file played in between; empty: silence."""


class Overflow(Section):
    """Calls that come while all lines are taken, or the server is shutting down or partly down."""

    then: Literal["busy", "number", "callback", "voicemail"] = "callback"
    """busy: say so and hang up. number: connect them to it. callback: after a key press, a callback
    to the number they call from. voicemail: a message that is transcribed for the team; also used
    if no callback can be promised, because the number is withheld or the database is down."""
    number: str | None = None
    """E.164; where calls go with `then: number`."""
    line: str = "Thanks for calling {company}. All of our lines are busy just now."
    """Said first."""
