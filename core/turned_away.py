"""Callers whose call could not be taken: what is known about them and what they are promised.

Pure. Such a conversation has no media stream; its facts are the same as any other's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.engine import Engine
from core.events import ConversationEnded, Fact, Flagged, PromiseMade
from core.policy.promising import callback_by, requested
from core.presence import is_open
from core.talk import ConversationOpened

Why = Literal["full", "strained", "draining", "database", "hearing", "off", "lost"]
TURN = 1
KEY = "pressed a key for a call back"


@dataclass(frozen=True, slots=True)
class Turned:
    """Facts of the conversation, and what the caller hears."""

    facts: tuple[Fact, ...]
    line: str


def opened_facts(
    engine: Engine, opened: ConversationOpened, call_sid: str | None, why: str
) -> tuple[Fact, ...]:
    """The opening facts of a call that could not be taken."""
    late = not is_open(engine.loaded.company, opened.at)
    begun = engine.open(opened, after_hours=late, call_sid=call_sid)
    return (*begun.facts, Flagged("turned_away", 0, 0, f"the call could not be taken: {why}"))


def promised_call(
    engine: Engine, opened: ConversationOpened, call_sid: str | None, why: str, at: datetime
) -> Turned:
    """A callback to the number they call from, by the owner of leads that no rule assigns."""
    company = engine.loaded.company
    owner = company.default_owner
    state = engine.open(opened, after_hours=False, call_sid=call_sid).state
    callback = callback_by(owner, state, company, at, KEY)
    person = company.rep(owner)
    line = f"{person.name if person else 'A colleague'} will call you {callback.when}. Goodbye."
    facts = (
        *opened_facts(engine, opened, call_sid, why),
        requested(callback, state, company, TURN),
        PromiseMade(line, owner, TURN),
        ConversationEnded("callback", "turned_away", 0),
    )
    return Turned(facts, line)
