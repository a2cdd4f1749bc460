"""Salesforce's default names for our records and fields, and its formats for their values."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.crm.records import instant
from voice_agent.adapters.crm_fields import TYPES, CannotSay, Owners, Sheet, number

KEY = "Voice_Agent_Key__c"
"""Our unique External ID, the key every record is written by."""
NOBODY = "[not provided]"
"""Placeholder where Salesforce requires a name and nobody gave one; read as empty."""
_JUDGED = {
    "verdict": "Voice_Agent_Verdict__c",
    "segment": "Voice_Agent_Segment__c",
    "score": "Voice_Agent_Score__c",
}
_PERSON = {
    "first_name": "FirstName", "last_name": "LastName", "email": "Email", "phone": "Phone",
    "role": "Title", "owner": "OwnerId",
}  # fmt: skip
_CALL = {
    "title": "Subject", "body": "Description", "owner": "OwnerId", "verdict":
    "Voice_Agent_Verdict__c", "outcome": "Voice_Agent_Outcome__c", "at": "Voice_Agent_At__c",
    "transcript_url": "Voice_Agent_Transcript__c", "recording_url": "Voice_Agent_Recording__c",
}  # fmt: skip
_TASK = {"title": "Subject", "body": "Description", "owner": "OwnerId",
         "due_at": "ReminderDateTime"}  # fmt: skip
_TO_DO = {"Status": "Not Started", "IsReminderSet": "true"}
DEFAULTS: Mapping[str, Sheet] = {
    "account": Sheet(
        "Account",
        {"name": "Name", "domain": "Website", "employees": "NumberOfEmployees",
         "industry": "Industry", "owner": "OwnerId"},
        {"Name": NOBODY},
    ),
    "contact": Sheet("Contact", {**_PERSON, **_JUDGED}, {"LastName": NOBODY}),
    "lead": Sheet(
        "Lead",
        {**_PERSON, **_JUDGED, "company": "Company", "summary": "Description",
         "action": "Voice_Agent_Action__c"},
        {"LastName": NOBODY, "Company": NOBODY},
    ),
    "activity": Sheet(
        "Task",
        {**_CALL, "direction": "CallType", "duration_ms": "CallDurationInSeconds",
         "call_id": "CallObject", "outcome": "CallDisposition"},
        {"TaskSubtype": "Call", "Status": "Completed"},
    ),
    "activity.chat": Sheet("Task", _CALL, {"Status": "Completed"}),
    "activity.email": Sheet("Task", _CALL, {"Status": "Completed"}),
    "meeting": Sheet(
        "Event",
        {"title": "Subject", "body": "Description", "starts_at": "StartDateTime",
         "ends_at": "EndDateTime", "owner": "OwnerId", "outcome": "Voice_Agent_Outcome__c"},
    ),
    "task": Sheet("Task", _TASK, {**_TO_DO, "Priority": "Normal"}),
    "task.callback": Sheet("Task", _TASK, {**_TO_DO, "Priority": "High"}),
    "note": Sheet(
        "Task", {"title": "Subject", "body": "Description", "at": "Voice_Agent_At__c"},
        {"Status": "Completed"},
    ),
}  # fmt: skip
BORN_ONLY = frozenset(("TaskSubtype",))
"""Can be set on creation only."""
ON_ITS_DAY = {"Voice_Agent_At__c": "ActivityDate", "ReminderDateTime": "ActivityDate"}
"""Instants that also set the day an activity is shown on: the owner's, else the company's."""
DIRECTIONS = {"INBOUND": "Inbound", "OUTBOUND": "Outbound"}


def signal(criterion: str) -> str:
    """The field name of a signal."""
    plain = "".join(c if c.isalnum() and c.isascii() else "_" for c in criterion)
    words = [w.capitalize() for w in plain.split("_") if w]
    return f"Voice_Agent_{'_'.join(words)}__c"[-80:]


def day_of(value: str | None, zone: ZoneInfo) -> str | None:
    """The day an instant falls on in a time zone; None for none."""
    return datetime.fromisoformat(value).astimezone(zone).date().isoformat() if value else None


def truth(value: str) -> Any:
    """A new record's value in its JSON type."""
    return value == "true" if value in ("true", "false") else value


class Codec:
    """Converts values to Salesforce's JSON and back."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners

    def encode(self, name: str, value: str) -> Any:
        """A value as Salesforce takes it. Raises: CannotSay."""
        if not value:
            return None  # deleted
        match TYPES.get(name, "text"):
            case "owner":
                return self._owners.id_of(value)
            case "number":
                return _number(name, value)
            case "duration":
                return round(int(value) / 1000)
            case "choice" if name == "direction":
                return DIRECTIONS[value]
            case _:
                return value

    def decode(self, name: str, value: Any) -> str:
        """Our form of a value. Never fails: an unreadable value is returned as it is."""
        match TYPES.get(name, "text"):
            case "owner":
                return self._owners.rep_of(str(value))
            case "number":
                return f"{value:g}" if isinstance(value, float) else str(value)
            case "duration":
                return str(value * 1000) if isinstance(value, int) else str(value)
            case "choice" if name == "direction":
                return str(value).upper()
            case "phone":
                return number(value)
            case "instant":
                return _instant(str(value))
            case _ if name == "domain":
                return re.sub(r"^https?://|^www\.|/.*$", "", str(value)).removeprefix("www.")
            case _:
                return "" if value == NOBODY else str(value)


def _number(name: str, value: str) -> int | float:
    plain = value.replace(",", "").strip()
    try:
        return float(plain) if name == "score" else int(plain)
    except ValueError:
        raise CannotSay("") from None  # stated in words: there is no figure to write


def _instant(value: str) -> str:
    try:
        return instant(datetime.fromisoformat(value))
    except ValueError:
        return value
