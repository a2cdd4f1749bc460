"""What a person of the team puts right of what the agent heard, after the conversation.

The agent's own signals stay in the log as they were; `core.facts.corrected` reads both together.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignalCorrected:
    """Somebody gave the right value of a signal, said that it was never said, or added one."""

    correction_id: str
    """Also the id of the signal that stands instead."""
    signal_id: str
    """The signal it takes the place of; empty: nothing was heard."""
    criterion: str
    heard: str
    """The value until then; empty: nothing was heard."""
    value: str
    """The right value; empty: it was not said."""
    by: str
    """Id of a rep or steward, or a name nobody here has."""
    note: str = ""
    negative: bool = False
    """What is right is a no."""


@dataclass(frozen=True, slots=True)
class CorrectionWithdrawn:
    """A correction was taken back: what stood before it stands again."""

    correction_id: str
    by: str
