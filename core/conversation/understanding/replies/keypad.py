"""Telephone keys as the words they stand for, if something was asked or proposed. Pure."""

from dataclasses import replace

from core.asking import Confirm
from core.conversation.state import ConversationState
from core.talk import UserSaid

PHONE_DIGITS = 7
"""This many keys are a telephone number, and read as one."""
ORDINALS = {"1": "the first one", "2": "the second one", "3": "the third one"}
YES_NO = {"1": "yes", "2": "no"}
_SPOKEN = ("phone", "email", "name", "company")
"""What no figure answers."""


def keyed(said: UserSaid, state: ConversationState) -> UserSaid:
    """A turn of keys only, as words: a figure that was asked for, 1 or 2 for yes or no, one of the
    offered times. Any other turn is unchanged."""
    keys = said.digits.strip("#*")
    if not keys or said.text.strip() or keys in ("0", "00") or len(keys) >= PHONE_DIGITS:
        return said
    fresh = state.awaited.asks(said.turn)
    confirming = state.awaited.read_back is not None or isinstance(fresh, Confirm)
    if state.awaited.offer == "slots" and keys in ORDINALS:
        return _as(said, ORDINALS[keys])
    if (state.awaited.offer or confirming) and keys in YES_NO:
        return _as(said, YES_NO[keys])
    if fresh is not None and not confirming and fresh not in _SPOKEN:
        return _as(said, keys)
    return said


def _as(said: UserSaid, words: str) -> UserSaid:
    return replace(said, text=words, digits="")
