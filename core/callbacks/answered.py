"""What answered a call of ours, and what to do about it. Pure; no verdict is final.

The telephone company tells a machine from a person by how they greet. What it takes for a machine
may be a person who then speaks: after the verdict, whatever is said in time makes it one.
"""

LISTENS_S = 3.0
"""After a verdict, and after a message: who speaks by then is a person after all."""


def is_machine(answered_by: str) -> bool:
    """Whether a verdict says that nobody is there: a machine, or a fax."""
    return answered_by.startswith("machine") or answered_by == "fax"


def reached(answered_by: str, turns: int, *, after_all: bool) -> bool:
    """Whether a person was talked with. `turns`: what they said, in turns.

    Without a verdict one turn may be a machine's greeting.
    """
    if after_all:
        return True
    if is_machine(answered_by):
        return False
    return turns >= (1 if answered_by else 2)
