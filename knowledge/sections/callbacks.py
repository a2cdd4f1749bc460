"""The callbacks section of `company.yaml`: who is reminded, and whether the AI calls."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from knowledge.section import Clock, Section


class Callbacks(Section):
    """What happens to a promised call. `{company}`, `{agent}` and `{about}` are filled in."""

    remind_minutes: Annotated[int, Field(ge=0, le=1_440)] = 15
    """How long before the window its owner is reminded."""
    escalate_minutes: Annotated[int, Field(ge=0, le=1_440)] = 5
    """A call that nobody has claimed this long before the window also goes to `escalate_to`."""
    escalate_to: str | None = None
    """Id of the person told about unclaimed and broken callbacks; if empty, `default_owner`."""
    ai_calls: bool = False
    """Whether the agent itself calls buyers who agreed to that; otherwise people do."""
    ask: str = (
        "May {company}'s AI assistant make that call? If you'd rather have a person, just say so."
    )
    """How the buyer is asked; their answer is the consent, so it names the company and the AI."""
    opening: str = "You asked us to call you{about}. Is this a good moment?"
    """Said after disclosure and notice; `{about}` is " about …" if known, else nothing."""
    attempts: Annotated[int, Field(ge=1, le=5)] = 2
    """How often the agent tries before a person takes over."""
    spacing_minutes: Annotated[int, Field(ge=10, le=1_440)] = 20
    """Least time between two tries."""
    earliest: Clock = time(8)
    """No call before this, where the called party is; not before 08:00."""
    latest: Clock = time(21)
    """No call from then on, where the called party is; not after 21:00."""
    on_holidays: bool = False
    """Whether the agent calls on public holidays of the called party's country."""
    ring_seconds: Annotated[int, Field(ge=10, le=60)] = 25
    """How long it rings before it counts as unanswered."""
    voicemail: Literal["hang_up", "leave_message"] = "hang_up"
    """What an answering machine gets; a message is left only once, however many attempts."""
    message: str = (
        "Hello, this is {agent}, {company}'s AI assistant. You asked us to call you back{about}."
        " You can reach us at this number at any time. Goodbye."
    )
    """The message."""
