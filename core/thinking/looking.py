"""Knowledge as it is asked while a turn is thought through."""

from typing import Protocol

from knowledge.entry import Answer, NoAnswer


class Look(Protocol):
    """Knowledge, in the light of what was asked in earlier turns unless a text stands `alone`."""

    def __call__(self, question: str, alone: bool = False, passage: str = "") -> Answer | NoAnswer:
        """What is known of a question; with a `passage`, whether that one may be its answer."""
