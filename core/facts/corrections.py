"""A team member's corrections to what the agent heard, after the conversation.

The agent's own signals stay in the log unchanged; `core.facts.corrected` combines both.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignalCorrected:
    """A person gave the right value of a signal, said that it was never said, or added one."""

    correction_id: str
    """Also the id of the signal that stands instead."""
    signal_id: str
    """The signal it replaces; empty: nothing was heard."""
    criterion: str
    heard: str
    """The previous value; empty: nothing was heard."""
    value: str
    """The right value; empty: it was never said."""
    by: str
    """Id of a rep or steward, or a name unknown to the company folder."""
    note: str = ""
    negative: bool = False
    """Whether the right value is a negative one."""


@dataclass(frozen=True, slots=True)
class CorrectionWithdrawn:
    """A correction was withdrawn: the previous signal stands again."""

    correction_id: str
    by: str
