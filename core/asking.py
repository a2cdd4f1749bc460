"""What a sentence of ours wants of the buyer, and how the log spells it.

A bare name asks for a criterion, a contact field or the message for the team.
"""

from dataclasses import dataclass
from typing import Literal, cast, get_args

Offered = Literal[
    "ai_call", "callback", "cancel", "identity", "meant", "message", "moment", "more", "permission",
    "recording", "slots", "transfer",
]  # fmt: skip
"""`ai_call`: a call placed by our AI; `identity`: being who we think they are; `meant`: our guess
at their question; `moment`: whether they can talk now; `permission`: a question of ours; `more`:
more help."""
ANYTHING = "anything"
"""What a buyer declines to say who wants to be asked nothing more."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Wants a yes to a contact field that is read back."""

    field: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Wants a yes to something proposed."""

    what: Offered
    article: str = ""
    """Id of the article that would answer what we think was `meant`."""


@dataclass(frozen=True, slots=True)
class Again:
    """Wants what was asked or proposed before: it counts once."""

    of: str | Confirm | Offer


Asked = str | Confirm | Offer | Again


def spelled(asked: Asked | None) -> str:
    """As the log keeps it: `employees`, `confirm:email`, `offer:meant:sso`, `again:offer:more`;
    empty for None."""
    match asked:
        case Again(of):
            return f"again:{spelled(of)}"
        case Confirm(field):
            return f"confirm:{field}"
        case Offer(what, article):
            return f"offer:{what}:{article}" if article else f"offer:{what}"
        case _:
            return asked or ""


def read(text: str) -> str | Confirm | Offer:
    """What a log's spelling stands for, whether or not it was said again."""
    kind, _, rest = text.removeprefix("again:").partition(":")
    what, _, article = rest.partition(":")
    if kind == "offer" and what in get_args(Offered):
        return Offer(cast(Offered, what), article)
    return Confirm(rest) if kind == "confirm" else kind
