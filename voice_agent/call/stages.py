"""The stage of one call, whatever Twilio reports, in whatever order, twice or not at all. Pure.

`ringing` → `connected` → `talking` → `closing` → `ended`, and during a transfer to a person:
`transferring` → `with_person` → `ended`, or → `returning` → `talking` again. The rules:

1. A conversation ends once: `Finalise` is ordered at most once, and exactly once for every call
   whose stream was ever served.
2. The end of a stream ends the call, except while a person is ringing or has taken it: then only
   the call's own end does.
3. The first event decides: a person who accepts after we gave up gets `TooLate`; a failure reported
   after they accepted changes nothing.
4. One stream at a time, and none after the end.
5. A missing event has a deadline, after which its watcher reports `Late` or `GaveUp`.
"""

from dataclasses import dataclass
from typing import Literal, assert_never

from core.facts.transfers import Unreached

Stage = Literal[
    "ringing", "connected", "talking", "transferring", "with_person", "returning", "closing",
    "ended",
]  # fmt: skip

EXPECTED_S = 10.0
"""An answered call whose stream has not started by then has gone elsewhere."""
BACK_S = 20.0
"""A caller sent back to us who has not arrived by then is sent for again."""
MOST_TOGETHER_S = 4 * 3600.0
"""After this a call with a person counts as over, even without a report."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Twilio was told to connect the call to us."""


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """A media stream of the call asks to be served."""


@dataclass(frozen=True, slots=True)
class Greeted:
    """The caller hears the agent."""


@dataclass(frozen=True, slots=True)
class GoodbyeBegan:
    """The reply being said is the last one."""


@dataclass(frozen=True, slots=True)
class TransferBegan:
    """The caller has heard that they are being transferred; a person is ringing."""


@dataclass(frozen=True, slots=True)
class TransferRefused:
    """Twilio refused; the caller never left our stream."""


@dataclass(frozen=True, slots=True)
class PersonTook:
    """The person accepted."""


@dataclass(frozen=True, slots=True)
class PersonMissed:
    """The person could not be reached."""

    why: Unreached


@dataclass(frozen=True, slots=True)
class StreamEnded:
    """Our stream has ended, for this reason."""

    reason: str


@dataclass(frozen=True, slots=True)
class CallOver:
    """Twilio reports that the call is over."""

    status: str


@dataclass(frozen=True, slots=True)
class Late:
    """An expected event is overdue."""


@dataclass(frozen=True, slots=True)
class GaveUp:
    """An event was waited for in vain too often."""


StageEvent = (
    Answered | StreamStarted | Greeted | GoodbyeBegan | TransferBegan | TransferRefused
    | PersonTook | PersonMissed | StreamEnded | CallOver | Late | GaveUp
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Serve:
    """Run a session on the new stream."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Close the new stream: the call already has one, or is over."""


@dataclass(frozen=True, slots=True)
class EndStream:
    """End the session being served; its end comes back as `StreamEnded`."""

    reason: str


@dataclass(frozen=True, slots=True)
class Join:
    """Let the person into the call."""


@dataclass(frozen=True, slots=True)
class TooLate:
    """Tell the person that nobody is waiting any more."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """Stop ringing the person."""


@dataclass(frozen=True, slots=True)
class BringBack:
    """Connect the caller to us again, after waiting in vain for this reason."""

    why: Unreached


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Finalise:
    """Write the conversation's end."""

    reason: str


Order = Serve | Refuse | EndStream | Join | TooLate | LetGo | BringBack | HangUp | Finalise
Step = tuple[Stage, tuple[Order, ...]]

AWAY: tuple[Stage, ...] = ("transferring", "with_person", "returning")
"""Stages in which the caller is with a person, or on the way to or from one."""


def step(stage: Stage, event: StageEvent) -> Step:
    """The stage after an event, and the orders to carry out, in sequence."""
    match stage:
        case "ringing":
            return _ringing(event)
        case "connected" | "talking" | "closing":
            return _served(stage, event)
        case "transferring":
            return _transferring(event)
        case "with_person":
            return _with_person(event)
        case "returning":
            return _returning(event)
        case "ended":
            return "ended", _after_the_end(event)
        case _:
            assert_never(stage)


def _ringing(event: StageEvent) -> Step:
    match event:
        case StreamStarted():
            return "connected", (Serve(),)
        case CallOver() | Late() | GaveUp():
            return "ended", ()
    return "ringing", ()


def _served(stage: Stage, event: StageEvent) -> Step:
    match event:
        case Greeted():
            return ("talking" if stage == "connected" else stage), ()
        case GoodbyeBegan():
            return "closing", ()
        case TransferBegan():
            return "transferring", ()
        case StreamStarted():
            return stage, (Refuse(),)
        case StreamEnded(reason):
            return "ended", (Finalise(reason),)
        case CallOver(status):
            return stage, (EndStream(status),)
        case GaveUp():
            return stage, (EndStream("gave_up"),)
        case PersonTook():
            return stage, (TooLate(),)
    return stage, ()


def _transferring(event: StageEvent) -> Step:
    match event:
        case PersonTook():
            return "with_person", (Join(),)
        case PersonMissed(why):
            return "returning", (LetGo(), BringBack(why))
        case Late():
            return "returning", (LetGo(), BringBack("lost"))
        case TransferRefused():
            return "talking", (LetGo(),)
        case StreamStarted():
            return "talking", (LetGo(), Serve())
        case CallOver():
            return "ended", (LetGo(), Finalise("caller_left"))
        case GaveUp():
            return "ended", (LetGo(), HangUp(), Finalise("lost"))
    return "transferring", ()


def _with_person(event: StageEvent) -> Step:
    match event:
        case CallOver() | Late() | GaveUp():
            return "ended", (Finalise("transferred"),)
        case TransferRefused():  # they accepted before the caller was moved, who now stays
            return "talking", (LetGo(),)
        case StreamStarted():
            return "with_person", (Refuse(),)
    return "with_person", ()


def _returning(event: StageEvent) -> Step:
    match event:
        case StreamStarted():
            return "talking", (Serve(),)
        case PersonTook():
            return "returning", (TooLate(),)
        case CallOver():
            return "ended", (Finalise("caller_left"),)
        case Late():
            return "returning", (BringBack("lost"),)
        case GaveUp():
            return "ended", (HangUp(), Finalise("lost"))
    return "returning", ()


def _after_the_end(event: StageEvent) -> tuple[Order, ...]:
    match event:
        case StreamStarted():
            return (Refuse(),)
        case PersonTook():
            return (TooLate(),)
    return ()
