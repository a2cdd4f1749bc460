"""What a lead's owner is told when that buyer shows interest again. Pure.

Only for a certain identity, and never for a buyer who asked not to be contacted; we place no call
because of it: a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.crm.known import CrmContactFound
from core.events import (
    ConversationStarted,
    Fact,
    Noted,
    PersonRecalled,
    QuestionRaised,
)
from core.facts.standing import barred, contact, every, latest, unmerged
from core.handoff.wording import RESULTS, segment_label, short, short_question
from core.links import Links
from core.ports import Matter
from core.presence import local_day
from knowledge.profile import Company

KIND = "lead-back"
LEADS = ("qualified", "nurture", "needs_human")
"""Verdicts that make a buyer a lead."""
QUESTIONS = 3
AWAY = timedelta(hours=4)
"""A buyer whose last conversation began less than this ago has not been away."""
CHANNELS = {"voice": "on the telephone", "chat": "on the website chat"}


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier conversation with the same buyer, from its card."""

    at: datetime
    verdict: str
    segment: str
    owner: str
    """Who took the lead, else whom routing chose; empty: nobody."""
    name: str
    organisation: str


def returned(
    conversation_id: str,
    logged: Sequence[Fact],
    before: Sequence[Before],
    company: Company,
    at: datetime,
    public_url: str = "",
) -> tuple[str, Matter] | None:
    """The owner's id and what they are told about the returning lead; None if there is none.

    `before`: the buyer's earlier conversations, oldest first; `at`: when this one began. A buyer
    who goes on with a conversation just held is not returning. The key is per lead and day, so that
    more on the same day is told once.
    """
    facts = unmerged(logged)
    started, known = latest(facts, ConversationStarted), latest(facts, PersonRecalled)
    if started is None or started.direction != "inbound" or started.channel not in CHANNELS:
        return None
    if barred(facts) is not None or (known is not None and known.opted_out):
        return None
    found = latest(facts, CrmContactFound)
    found = found if found is not None and found.sure else None
    leads = [one for one in before if one.verdict in LEADS]
    leads = leads if known is not None and known.sure and known.person_id else []
    if before and at - before[-1].at < AWAY:
        return None
    owner = _owner(found, leads, company)
    if not owner:
        return None
    who = known.person_id if known and leads else f"crm-{found.record_id}" if found else ""
    names = _names(facts, leads, found)
    return owner, Matter(
        key=f"{who}:back:{local_day(company, at).isoformat()}",
        kind=KIND,
        title=f"Back again: {names}",
        text="\n".join(
            [*_now(facts, started), *_then(leads, company, public_url, conversation_id)]
        ),  # fmt: skip
        about=conversation_id,
        conversation_id=conversation_id,
    )


def _owner(found: CrmContactFound | None, leads: Sequence[Before], company: Company) -> str:
    """Whose lead it is: the CRM's owner, else our latest; the default owner for one who has left
    the team. Empty: nobody's."""
    had = [one.owner for one in leads[::-1] if one.owner]
    named = [found.owner, *had] if found else had
    return next((one for one in named if company.rep(one)), company.default_owner if had else "")


def _names(facts: Sequence[Fact], leads: Sequence[Before], found: CrmContactFound | None) -> str:
    said = {name: signal.value for name, signal in contact(facts).items()}
    name = said.get("name") or next((b.name for b in leads[::-1] if b.name), "")
    firm = said.get("company") or next((b.organisation for b in leads[::-1] if b.organisation), "")
    name, firm = name or (found.name if found else ""), firm or (found.company if found else "")
    return ", ".join(part for part in (name, firm) if part) or "a lead of yours"


def _now(facts: Sequence[Fact], started: ConversationStarted) -> list[str]:
    """Where they are and what they ask."""
    page = next((n.data for n in every(facts, Noted) if n.kind == "page"), {})
    title, url = short(str(page.get("title", "")), 8), str(page.get("url", ""))
    at = f", on the page “{title}”" if title else ""
    made = [f"They are {CHANNELS[started.channel]} now{at}{f' ({url})' if url else ''}."]
    asked = [f"“{short_question(q.text, 14)}?”" for q in every(facts, QuestionRaised)[:QUESTIONS]]
    return [*made, *([f"They ask: {', '.join(asked)}."] if asked else [])]


def _then(
    leads: Sequence[Before], company: Company, public_url: str, conversation_id: str
) -> list[str]:
    """How they were judged before, and where to follow the conversation."""
    made = []
    if leads:
        last = leads[-1]
        segment = f", {segment_label(last.segment, company)}" if last.segment else ""
        day, result = local_day(company, last.at), RESULTS[last.verdict].lower()
        made.append(f"Last time, on {day}: {result}{segment}.")
    if public_url:
        made.append(Links(public_url).transcript(conversation_id))
    return made
