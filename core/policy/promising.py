"""The callback one of our people could promise now, and the fact that records it. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from core.conversation.appointments import Callback
from core.conversation.state import ConversationState
from core.conversation.understanding.tells.named_last import named_last
from core.conversation.words.dates import spoken_day
from core.events import CallbackRequested
from core.geography.zones import CallerZone
from core.plan import Tell
from core.policy.urgency import priority
from core.policy.wish import promised
from core.presence import presence
from knowledge.profile import Company


def callback_by(
    owner: str, state: ConversationState, company: Company, at: datetime, quote: str
) -> Callback:
    """When this person could call: at the time wished for, within their hours."""
    made = promised(company, at, state.wants.when, company.rep(owner), state.zone)
    start, end = (t.isoformat() if t else "" for t in (made.start, made.end))
    return Callback(
        owner, made.spoken, made.day.isoformat(), quote, start, end, made.zone, made.away,
        made.unmet,
    )  # fmt: skip


def seen(company: Company, owner: str, at: datetime, caller: CallerZone | None) -> str:
    """When this person will see a message, as a day in the caller's zone; empty if unknown."""
    there = presence(company, at, company.rep(owner))
    if there.there:
        return "right away"
    if there.next is None:
        return ""
    zone = caller.zone if caller else ZoneInfo(company.timezone)
    return spoken_day(there.next.astimezone(zone).date(), at.astimezone(zone).date())


def requested(
    callback: Callback, state: ConversationState, company: Company, turn: int
) -> CallbackRequested:
    """The fact of a callback that was agreed."""
    return CallbackRequested(
        turn, callback.quote, callback.when, callback.owner,
        callback.start, callback.end, callback.zone, priority(state, company, callback.quote),
        named_last(state, company),
    )  # fmt: skip


def unmet(callback: Callback) -> tuple[Tell, ...]:
    """Says, before the promise, that nobody is in at the wished hour or on the wished day."""
    return (Tell(f"unmet_{callback.unmet}"),) if callback.unmet else ()


def elsewhere(callback: Callback) -> tuple[Tell, ...]:
    """The same window in its owner's zone, said after it; empty if it is the same."""
    if not callback.away:
        return ()
    slots = (("hours", callback.away),)
    return (Tell("callback_elsewhere", slots, kind="next_step"),)
