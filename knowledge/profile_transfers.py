"""How callers are put through to people, and what becomes of calls that cannot be taken."""

from typing import Annotated, Literal

from pydantic import Field

from knowledge.section import Section

Occasion = Literal["human", "fast_track", "target_account", "kept"]


class Transfers(Section):
    """Putting a caller through to a person of the team who has a `phone` and is there."""

    mode: Literal["warm", "cold", "off"] = "warm"
    """warm: the person hears who it is and presses 1 first. cold: their phone just rings. off: call
    backs are promised instead."""
    when: tuple[Occasion, ...] = ("human", "fast_track", "target_account", "kept")
    """Occasions: a wish for a person, a lead on the fast track, a target account, a topic the
    company keeps for its people."""
    ring_seconds: Annotated[int, Field(ge=5, le=60)] = 20
    """How long a person's phone rings; longer than their voicemail waits gives the caller to it."""
    hold: str = "Thank you for holding. We are getting {name} for you."
    """What a waiting caller hears from time to time; `{name}` is whom they wait for."""
    hold_music: Annotated[str, Field(pattern=r"^(https://[^\s\"'<>]+)?$", max_length=500)] = ""
    """Address of an audio file played between; empty: silence."""


class Overflow(Section):
    """Calls that come while all lines are taken, the server is going down, or a part of it is."""

    then: Literal["busy", "number", "callback", "voicemail"] = "callback"
    """busy: say so and hang up. number: put them through. callback: at a key press, a call back to
    the number they call from. voicemail: a message that is written down for the team; also where a
    call back cannot be promised, because the number is withheld or the database is away."""
    number: str | None = None
    """E.164; where calls go with `then: number`."""
    line: str = "Thanks for calling {company}. All of our lines are busy just now."
    """Said first."""
