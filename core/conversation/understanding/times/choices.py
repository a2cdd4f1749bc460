"""Likely replies, for channels that can offer them as buttons. Pure."""

from dataclasses import dataclass
from datetime import datetime

from core.conversation.state import ConversationState
from core.conversation.understanding.times.choosing import own_zone
from core.scheduling.spoken import clock, said_day
from knowledge.profile import Company

PROPOSED = frozenset({"callback", "transfer", "cancel", "permission", "ai_call"})


@dataclass(frozen=True, slots=True)
class Choice:
    """`label` is shown, `text` is what the buyer then says."""

    label: str
    text: str


def choices(state: ConversationState, company: Company, now: datetime) -> tuple[Choice, ...]:
    """The times on offer, else a yes and a no to what was just proposed."""
    if state.times.slots and state.meeting.held is None and state.times.fresh(state.turn + 1):
        return (*_times(state, company, now), Choice("Another time", "Do you have other times?"))
    if not state.awaited.fresh(state.turn + 1):
        return ()
    if state.awaited.offer in PROPOSED:
        return (Choice("Yes, please", "Yes, please."), Choice("No, thanks", "No, thanks."))
    if state.awaited.offer == "identity":
        return (Choice("Yes, that's me", "Yes."), Choice("No, I'm not", "No."))
    return ()


def _times(state: ConversationState, company: Company, now: datetime) -> list[Choice]:
    zone = own_zone(state, company, state.times.slots[0].rep)
    today = now.astimezone(zone).date()
    found = []
    for slot in state.times.slots:
        local = slot.start.astimezone(zone)
        day = said_day(local.date(), today)
        label = f"{day[:1].upper()}{day[1:]}, {clock(local)}"
        dated = said_day(local.date(), today, full=True)
        found.append(Choice(label, f"{dated[:1].upper()}{dated[1:]} at {clock(local)} works."))
    return found
