"""What the team is told about a promised call. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.caller_id import as_written
from core.geography.zones import zone_name
from core.links import Links
from core.ports import Matter
from core.scheduling.spoken import clock
from knowledge.profile import Company, Rep, Steward

_TOLD = {
    "reminded": ("callback-due", "Call {who} {when}"),
    "escalated": ("callback-unclaimed", "Nobody has claimed the call to {who} {when}"),
    "handed_on": ("callback-yours", "Please call {who} yourself {when}"),
    "broken": ("callback-broken", "The call promised to {who} was not made"),
}
"""The kind and the title of the notice, by history entry."""
_WHYS = {
    "no-consent": "the buyer did not agree to a call by our AI",
    "consent-names-nobody": "the question the buyer answered did not name us",
    "do-not-call": "the number is on the do-not-call list",
    "attempts-used": "our AI called in vain as often as it may",
    "after-window": "the window is over",
    "zone-unknown": "nobody knows what time it is where the buyer is",
    "hours": "in the whole window it is no hour for a call where the buyer is",
    "holiday": "it is a public holiday where the buyer is",
    "no-number": "there is no number that can be dialled",
    "off": "calls by our AI are switched off",
    "telephony": "the telephone company did not place the call",
}


def matter(
    row: Mapping[str, Any], kind: str, seq: int, note: str, person: Rep | Steward,
    company: Company, now: datetime, public_url: str = "",
) -> Matter:  # fmt: skip
    """One history entry of a promise as a message to the person concerned."""
    who = row["name"] or as_written(row["number"] or "") or "the buyer"
    zone = getattr(person, "timezone", "") or company.timezone
    named, title = _TOLD[kind]
    return Matter(
        kind=named,
        key=f"callback:{row['id']}:{seq}",
        title=title.format(who=who, when=_window(row, zone, now)),
        text="\n".join(_lines(row, kind, note, zone, now, company, public_url)),
        about=row["id"],
        conversation_id=row["conversation_id"],
        urgent=kind in ("escalated", "broken") or row["priority"] != "normal",
        acts=("kept",) if kind == "broken" else ("claim", "kept"),
    )


def _lines(
    row: Mapping[str, Any], kind: str, note: str, zone: str, now: datetime, company: Company,
    public_url: str,
) -> list[str]:  # fmt: skip
    owner = company.person(row["owner"])
    made = [f"Promised: {owner.name if owner else 'somebody'} calls {row['said']}."]
    made.append(f"Window: {_window(row, zone, now)}.")
    if row["zone"] and row["zone"] != zone:
        made.append(f"For the buyer: {_window(row, row['zone'], now)}.")
    if kind == "handed_on":
        made.append(f"Our AI does not call: {_WHYS.get(note, note)}.")
    reach = ", ".join(part for part in (row["name"], as_written(row["number"] or "")) if part)
    made.append(f"Reach: {reach or 'no number is known'}.")
    if row["reason"]:
        made.append(f"It is about: {row['reason']}")
    if row["priority"] != "normal":
        made.append(f"Priority: {row['priority'].replace('_', ' ')}.")
    if row["claimed_by"]:
        claimer = company.person(row["claimed_by"])
        made.append(f"Claimed by {claimer.name if claimer else row['claimed_by']}.")
    if public_url:
        made.append(Links(public_url).transcript(row["conversation_id"]))
    return made


def _window(row: Mapping[str, Any], zone: str, now: datetime) -> str:
    return window(row["start_at"], row["end_at"], zone, now)


def window(start: datetime, end: datetime, zone: str, now: datetime | None = None) -> str:
    """As in `on Tuesday, December 1, 9 AM to 11 AM Central`, or with `now` `today, 9 AM to …`."""
    own = ZoneInfo(zone)
    begins, ends = start.astimezone(own), end.astimezone(own)
    today = now is not None and begins.date() == now.astimezone(own).date()
    named = "today" if today else f"on {_day(begins)}"
    until = "" if ends.date() == begins.date() else f"{_day(ends)}, "
    return f"{named}, {clock(begins)} to {until}{clock(ends)} {zone_name(zone)}"


def _day(local: datetime) -> str:
    return f"{local:%A, %B} {local.day}"
