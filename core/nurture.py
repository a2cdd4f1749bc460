"""Who goes into nurture, why, with which resources, and when we follow up. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.handoff.wording import label, readable
from core.identity.domains import company_domain
from core.quantity import is_day
from knowledge.profile import Company

MORNING = time(9)
SOONEST = timedelta(days=7)
BEFORE = timedelta(days=30)
"""How long before the date they named we follow up."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A buyer who is not ready yet: what is known about them, and when to follow up."""

    conversation_id: str
    name: str
    company: str
    email: str
    phone: str
    owner: str
    """Id of the rep who is told when it is time."""
    reason: str
    resources: tuple[str, ...]
    """URLs of pages that answer what they asked."""
    re_engage_on: datetime
    customer: bool = False
    """Whether they are already a customer."""


def lead_of(
    document: Mapping[str, Any], company: Company, pages: Mapping[str, str], at: datetime
) -> Lead | None:
    """The lead of a conversation whose verdict is nurture; None for any other verdict.

    `pages`: the public pages of articles, by id.
    """
    asked = any(flag["kind"] == "data_request" for flag in document["flags"])
    if document["verdict"]["result"] != "nurture" or asked:
        return None
    said = {s["criterion"]: s["value"] for s in document["signals"] if s["superseded_by"] is None}
    return Lead(
        document["id"], said.get("name", ""), said.get("company", ""), said.get("email", ""),
        said.get("phone") or document["from"] or "", document["route"]["rep"] or
        company.default_owner, _reason(document, company), _resources(document, company, pages),
        _when(_named(said, company), company, at), document["customer"],
    )  # fmt: skip


def never(lead: Lead, company: Company) -> str:
    """Why the company excludes this buyer from nurture; empty if it does not."""
    named = {lead.company.lower(), company_domain(lead.email) or ""} - {""}
    if lead.customer or named & {name.lower() for name in company.systems.nurture.customers}:
        return "customer"
    if named & {name.lower() for name in company.vocabulary.competitors}:
        return "competitor"
    if not (lead.email or lead.phone):
        return "nobody knows how to reach them"
    return ""


def _reason(document: Mapping[str, Any], company: Company) -> str:
    """What was missing, in the verdict's words."""
    unmet = [c for c in document["verdict"]["criteria"] if c["state"] == "not_met"]
    told = [f"{label(c['name'], company)}: {c['reason']}" for c in unmet]
    return "; ".join(told or document["verdict"]["reasons"])[:500]


def _resources(
    document: Mapping[str, Any], company: Company, pages: Mapping[str, str]
) -> tuple[str, ...]:
    """Pages of what was answered, latest first, then the company's own."""
    cited = [c.partition("@")[0] for line in document["transcript"] for c in line["citations"]]
    found = [pages[article] for article in reversed(cited) if pages.get(article)]
    return tuple(dict.fromkeys([*found[:10], *company.systems.nurture.resources]))


def _named(said: Mapping[str, str], company: Company) -> str:
    """The first day they named for a criterion of the company; empty if none."""
    every = (c.name for c in company.criteria if c.kind == "date")
    return next((said[name] for name in every if is_day(said.get(name, ""))), "")


def _when(timeline: str, company: Company, at: datetime) -> datetime:
    """A morning a while before the date they named, or after the company's usual interval."""
    zone = ZoneInfo(company.timezone)
    day = (at + timedelta(days=company.systems.nurture.after_days)).astimezone(zone).date()
    if is_day(timeline):
        try:
            day = date.fromisoformat(timeline) - BEFORE
        except ValueError:
            pass
    day = max(day, (at + SOONEST).astimezone(zone).date())
    return datetime.combine(day, MORNING, tzinfo=zone)


def words(lead: Lead) -> Sequence[str]:
    """What the rep is told when it is time."""
    who = ", ".join(part for part in (lead.name, lead.company) if part) or "A buyer"
    reach = " or ".join(part for part in (lead.phone, lead.email) if part)
    told = [f"{who} was not ready when we spoke: {lead.reason or 'too early'}."]
    told.append(f"Reach them at {reach}.")
    told += [f"They may like: {readable(page)}" for page in lead.resources[:3]]
    return told
