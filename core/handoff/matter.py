"""The notification about a finished conversation, if somebody has to act. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.caller_id import as_written, buyers_number
from core.handoff.note import note
from core.handoff.wording import moment, person, segment_label
from core.links import Links
from core.ports import Matter
from knowledge.profile import Company


def matter_of(
    document: Mapping[str, Any], company: Company, public_url: str = ""
) -> tuple[str, Matter] | None:
    """The lead's owner, by id, and what they are told; None if nobody has to act.

    A conversation that goes on and improves is notified again under another key.
    """
    verdict, route = document["verdict"], document["route"]
    what: tuple[str, str] | None = None
    if verdict["result"] == "needs_human":
        what = "human-wanted", "Wants a person"
    elif route["fast_track"]:
        what = "lead", "Fast-track lead"
    elif verdict["result"] == "qualified":
        what = "lead", "Qualified lead"
    if what is None:
        return None
    kind, said = what
    return route["rep"] or company.default_owner, Matter(
        key=f"{document['id']}:{said}",
        kind=kind,
        title=f"{said}: {_who(document)}{_segment(verdict['segment'], company)}",
        text="\n".join(_lines(document, company, public_url)),
        about=document["id"],
        conversation_id=document["id"],
        urgent=kind == "human-wanted" or route["fast_track"],
        acts=("claim", "rate"),
    )


def meeting_matter(
    document: Mapping[str, Any], company: Company, public_url: str = ""
) -> tuple[str, Matter] | None:
    """The rep of a meeting that the buyer moved or called off, and what they are told; None if
    there is none, or nobody is yet to hear of it."""
    booking = document["booking"]
    if not booking or not booking["sequence"] or not booking["untold"]:
        return None
    off = booking["status"] == "cancelled"
    kind, said = ("meeting-off", "called off") if off else ("meeting-moved", "moved")
    when = moment(datetime.fromisoformat(booking["start"]), booking["rep_zone"] or company.timezone)
    return booking["rep"], Matter(
        key=f"meeting:{booking['uid']}:{booking['sequence']}",
        kind=kind,
        title=f"Meeting {said}: {_who(document)}, {when if off else f'now {when}'}",
        text="\n".join(_lines(document, company, public_url)),
        about=document["id"],
        conversation_id=document["id"],
    )


def _who(document: Mapping[str, Any]) -> str:
    said = {s["criterion"]: s["value"] for s in document["signals"] if s["superseded_by"] is None}
    parts = [said[name] for name in ("name", "company") if said.get(name)]
    reach = said.get("phone") or buyers_number(document) or said.get("email")
    return ", ".join(parts) or as_written(reach or "a buyer")


def _segment(segment: str | None, company: Company) -> str:
    return f" ({segment_label(segment, company)})" if segment else ""


def _lines(document: Mapping[str, Any], company: Company, public_url: str) -> list[str]:
    made = [line for line in note(document["handoff"], document["channel"]).splitlines() if line]
    booking, callback, route = document["booking"], document["callback"], document["route"]
    if route["rep"]:
        made.append(f"Goes to {person(route['rep'], company)}.")
    if booking and booking["status"] != "cancelled":
        at = datetime.fromisoformat(booking["start"])
        made.append(f"{booking['title']} on {moment(at, booking['rep_zone'] or company.timezone)}.")
    if callback:
        made.append(f"Promised a call: {callback['when']}.")
    if public_url:
        made.append(Links(public_url).transcript(document["id"]))
    return made
