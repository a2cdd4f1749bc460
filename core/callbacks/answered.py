"""Who answered an outbound call, and what to do about it. Pure; no verdict is final.

The carrier tells a machine from a person by the greeting. What it takes for a machine may be a
person who then speaks: speech soon after the verdict makes it a person.
"""

LISTENS_S = 3.0
"""Listening time after a verdict, and after a message: speech within it means a person."""


def is_machine(answered_by: str) -> bool:
    """Whether a verdict means that nobody is there: a machine, or a fax."""
    return answered_by.startswith("machine") or answered_by == "fax"


def reached(answered_by: str, turns: int, *, after_all: bool) -> bool:
    """Whether we talked with a person. `turns`: how many turns they said.

    Without a verdict, a single turn may be a machine's greeting.
    """
    if after_all:
        return True
    if is_machine(answered_by):
        return False
    return turns >= (1 if answered_by else 2)
