"""HubSpot's default names for our records and fields, and its formats for their values."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from core.crm.records import Kind, instant
from voice_agent.adapters.crm_fields import TYPES, CannotSay, Owners, Sheet, number

KEY = "voice_agent_key"
"""Our unique property, the key every record is written by."""
OWNER = "hubspot_owner_id"
_JUDGED = {
    "verdict": "voice_agent_verdict",
    "segment": "voice_agent_segment",
    "score": "voice_agent_score",
}
_NOTE = Sheet("notes", {"body": "hs_note_body", "at": "hs_timestamp", "owner": OWNER})
DEFAULTS: Mapping[str, Sheet] = {
    "account": Sheet(
        "companies",
        {"name": "name", "domain": "domain", "employees": "numberofemployees",
         "industry": "voice_agent_industry", "owner": OWNER},
    ),
    "contact": Sheet(
        "contacts",
        {"first_name": "firstname", "last_name": "lastname", "email": "email", "phone": "phone",
         "role": "jobtitle", "owner": OWNER, **_JUDGED},
    ),
    "lead": Sheet(
        "leads",
        {"title": "hs_lead_name", "owner": OWNER, "action": "voice_agent_action",
         "summary": "voice_agent_summary", **_JUDGED},
    ),
    "activity": Sheet(
        "calls",
        {"title": "hs_call_title", "body": "hs_call_body", "direction": "hs_call_direction",
         "disposition": "hs_call_disposition", "duration_ms": "hs_call_duration",
         "from_number": "hs_call_from_number", "to_number": "hs_call_to_number",
         "recording_url": "hs_call_recording_url", "at": "hs_timestamp", "owner": OWNER,
         "outcome": "voice_agent_outcome", "verdict": "voice_agent_verdict",
         "transcript_url": "voice_agent_transcript_url", "call_id": "voice_agent_call_id"},
        {"hs_call_status": "COMPLETED"},
    ),
    "activity.chat": _NOTE,
    "activity.email": _NOTE,
    "meeting": Sheet(
        "meetings",
        {"title": "hs_meeting_title", "body": "hs_meeting_body", "outcome": "hs_meeting_outcome",
         "starts_at": "hs_meeting_start_time", "ends_at": "hs_meeting_end_time", "owner": OWNER},
    ),
    "task": Sheet(
        "tasks",
        {"title": "hs_task_subject", "body": "hs_task_body", "due_at": "hs_timestamp",
         "owner": OWNER},
        {"hs_task_status": "NOT_STARTED", "hs_task_type": "TODO"},
    ),
    "task.callback": Sheet(
        "tasks",
        {"title": "hs_task_subject", "body": "hs_task_body", "due_at": "hs_timestamp",
         "owner": OWNER},
        {"hs_task_status": "NOT_STARTED", "hs_task_type": "CALL", "hs_task_priority": "HIGH"},
    ),
    "note": _NOTE,
}  # fmt: skip
DISPOSITIONS = {
    "connected": "Connected", "voicemail": "Left voicemail", "no_answer": "No answer",
    "busy": "Busy",
}  # fmt: skip
"""Our call outcomes to the labels whose GUIDs HubSpot wants."""
LINKED: Mapping[Kind, str] = {"account": "companies", "contact": "contacts"}
"""The objects other records are associated with."""


def signal(criterion: str) -> str:
    """The property name of a signal."""
    return "voice_agent_" + re.sub(r"[^a-z0-9_]", "_", criterion.lower())


class Codec:
    """Converts values to HubSpot's formats and back. `dispositions`: label to GUID."""

    def __init__(self, owners: Owners, dispositions: Mapping[str, str]) -> None:
        self._owners = owners
        self._dispositions = dispositions

    def encode(self, name: str, value: str) -> str:
        """A value as HubSpot takes it. Raises: CannotSay."""
        if not value:
            return ""  # deleted
        match TYPES.get(name, "text"):
            case "owner":
                return self._owners.id_of(value)
            case "number":
                return _number(name, value)
            case "choice" if name == "disposition":
                return self._disposition(value)
            case "long" if name == "body":
                return html.escape(value, quote=False).replace("\n", "<br>")
            case _:
                return value

    def decode(self, name: str, value: str) -> str:
        """Our form of a value. Never fails: an unreadable value is returned as it is."""
        match TYPES.get(name, "text"):
            case "owner":
                return self._owners.rep_of(value)
            case "phone":
                return number(value)
            case "instant":
                return _instant(value)
            case "choice" if name == "disposition":
                label = next((n for n, g in self._dispositions.items() if g == value), value)
                return next((o for o, n in DISPOSITIONS.items() if n == label), label)
            case "long" if name == "body":
                text = re.sub(r"<br\s*/?>|</p>\s*<p[^>]*>", "\n", value)
                return html.unescape(re.sub(r"<[^>]+>", "", text))
            case _:
                return value

    def _disposition(self, value: str) -> str:
        label = DISPOSITIONS[value]
        if label not in self._dispositions:
            raise CannotSay(f"HubSpot has no call outcome {label}: add it to its call settings.")
        return self._dispositions[label]


def _number(name: str, value: str) -> str:
    plain = value.replace(",", "").strip()
    try:
        return f"{float(plain):g}" if "." in plain else str(int(plain))
    except ValueError:
        raise CannotSay("") from None  # stated in words: there is no figure to write


def _instant(value: str) -> str:
    try:
        if value.isdigit():
            return instant(datetime.fromtimestamp(int(value) / 1000, UTC))
        return instant(datetime.fromisoformat(value))
    except ValueError:
        return value
