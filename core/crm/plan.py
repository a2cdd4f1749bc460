"""`plan(document, keys, …)`: the records one conversation creates in a CRM. Pure.

Our keys are derived from what a record is about (a person, an account, a conversation, a booking, a
question), so that retries never duplicate it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.caller_id import buyers_number, e164
from core.crm.records import Kind, Record, instant
from core.facts.standing import CONTACT_FIELDS
from core.handoff.note import note
from core.identity.domains import company_domain
from core.identity.identifiers import address
from core.identity.names import same_name
from core.links import Links
from knowledge.sections.crm import Crm

TEXT, LONG, FIRST, LAST, ROLE = 250, 30_000, 40, 80, 120
"""Longest field values that every system accepts."""
DIRECTIONS = {"inbound": "INBOUND", "outbound": "OUTBOUND"}
CHANNELS = {"voice": "call", "chat": "chat", "email": "email"}
DISPOSITIONS = {"voicemail": "voicemail", "no_answer": "no_answer", "busy": "busy"}
"""Outcomes of calls without a conversation; all others had one."""
OUTCOMES = {"booked": "SCHEDULED", "moved": "RESCHEDULED", "cancelled": "CANCELED"}
NAMING = frozenset(("phone", "email", "first_name", "last_name"))
ANSWER_WITHIN = timedelta(days=1)
"""When a task without its own time is due."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The person and company of a conversation, by our own ids."""

    person: str
    account: str | None


def plan(
    document: Mapping[str, Any], keys: Keys, links: Links, crm: Crm, *, nobodies: bool = False,
    led: bool = False,
) -> list[Record]:  # fmt: skip
    """The records, those that others belong to first.

    `nobodies`: whether an unidentified person gets a contact. `led`: whether the conversation
    already made a lead, which is then updated even by a verdict that would create none.
    """
    said = stated(document)
    account = _account(document, keys, said)
    contact: Record | None = _contact(document, keys, said, account)
    if contact is not None and not (nobodies or NAMING & contact.fields.keys()):
        contact = None
    made = [r for r in (account, contact) if r is not None]
    whom: dict[Kind, str] = {r.kind: r.key for r in made}
    if contact is not None and (led or document["verdict"]["result"] in crm.leads):
        made.append(_lead(document, keys, said, whom))
    made.append(_activity(document, links, whom))
    made += _meeting(document, whom)
    made += _tasks(document, links, whom)
    return made


def alike_of(record: Record, document: Mapping[str, Any], system: str) -> Mapping[str, str]:
    """What identifies the same record in a CRM: an id it was found by, an email, a domain."""
    if record.kind == "account":
        return {"domain": domain} if (domain := organisation(document)[1]) else {}
    if record.kind != "contact":
        return {}
    email, name = record.fields.get("email"), record.fields.get("name")
    found: Mapping[str, Any] = document.get("crm_contact") or {}
    theirs = {"id": found["id"]} if found.get("system") == system else {}
    if theirs and found["sure"]:
        return theirs
    if email:
        return {"email": email}
    other = bool(name and found.get("name") and not same_name(name, found["name"]))
    return theirs if theirs and not other and not found["shared"] else {}


def stated(document: Mapping[str, Any]) -> dict[str, str]:
    """The latest value of each criterion and contact field."""
    return {
        s["criterion"]: s["value"]
        for s in document["signals"]
        if s["superseded_by"] is None and s["polarity"] != "negative" and s["basis"] != "crm"
    }


def organisation(document: Mapping[str, Any]) -> tuple[str, str | None]:
    """The buyer's company: its name, and the domain of a company address; both may be empty."""
    said = stated(document)
    domain = company_domain(said.get("email", ""))
    name = said.get("company") or (domain.split(".")[0].capitalize() if domain else "")
    return name, domain


def _account(document: Mapping[str, Any], keys: Keys, said: Mapping[str, str]) -> Record | None:
    if keys.account is None:
        return None
    name, domain = organisation(document)
    values = {
        "name": name, "domain": domain, "employees": said.get("employees"),
        "industry": said.get("industry"), "owner": document["route"]["rep"],
    }  # fmt: skip
    own = {"company": "name", "email": "domain"}
    corrected = frozenset(own[name] for name in _put_right(document) & own.keys())
    return Record("account", keys.account, _texts(values), corrected=corrected)


def _contact(
    document: Mapping[str, Any], keys: Keys, said: Mapping[str, str], account: Record | None
) -> Record:
    values = {
        **_person(document, said),
        "role": _cut(said.get("role"), ROLE),
        "owner": document["route"]["rep"],
        **_judged(document, said),
    }
    links: dict[Kind, str] = {"account": account.key} if account else {}
    fields = _texts(values)
    fields |= {name: "" for name in _taken_out(document) - fields.keys()}
    return Record("contact", keys.person, fields, links, corrected=_corrected(document))


def _person(document: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, str | None]:
    """The buyer. Caller ID is surer than a dictated number, but not than one a team member
    corrected."""
    line, told = e164(buyers_number(document)), e164(said.get("phone"))
    name = " ".join(said.get("name", "").split())
    first, _, last = name.rpartition(" ")
    return {
        "name": name or None,
        "first_name": _cut(first, FIRST),
        "last_name": _cut(last, LAST),
        "email": address(said.get("email", "")),
        "phone": told if told and "phone" in _put_right(document) else line or told,
    }


def _judged(document: Mapping[str, Any], said: Mapping[str, str]) -> dict[str, str | None]:
    """Verdict and signals, as properties."""
    verdict = document["verdict"]
    return {
        "verdict": verdict["result"],
        "segment": verdict["segment"],
        "score": f"{verdict['score']:g}",
        **{f"signal_{n}": v for n, v in said.items() if n not in CONTACT_FIELDS},
    }


def _lead(
    document: Mapping[str, Any], keys: Keys, said: Mapping[str, str], whom: Mapping[Kind, str]
) -> Record:
    person, company = _person(document, said), organisation(document)[0]
    title = person["name"] or person["email"] or person["phone"]
    values = {
        **person,
        "title": f"{title}, {company}" if company else title,
        "company": company,
        "role": _cut(said.get("role"), ROLE),
        "owner": document["route"]["rep"],
        "action": document["route"]["action"],
        "summary": _cut(note(document["handoff"], document["channel"]), LONG),
        **_judged(document, said),
    }
    fields = _texts(values)
    fields |= {name: "" for name in _taken_out(document) - fields.keys()}
    return Record("lead", keys.person, fields, whom, corrected=_corrected(document))


def _put_right(document: Mapping[str, Any]) -> set[str]:
    """What a team member corrected or restored."""
    return {c["criterion"] for c in document["corrections"]}


def _taken_out(document: Mapping[str, Any]) -> set[str]:
    """A person's fields whose value, a team member says, was never said. A name stays: no system
    keeps a person without one."""
    gone = {c["criterion"] for c in document["corrections"] if not (c["value"] or c["withdrawn"])}
    known = gone & {"email", "phone", "role"}
    return known | {f"signal_{name}" for name in gone if name not in CONTACT_FIELDS}


def _corrected(document: Mapping[str, Any]) -> frozenset[str]:
    """The corrected ones, as fields of a person's records."""
    names = _put_right(document)
    return frozenset(names | ({"first_name", "last_name"} if "name" in names else set()))


def _activity(document: Mapping[str, Any], links: Links, whom: Mapping[Kind, str]) -> Record:
    started, ended = document["started_at"], document["ended_at"]
    at = datetime.fromisoformat(started)
    lasted = datetime.fromisoformat(ended) - at if ended else timedelta(0)
    channel = CHANNELS[document["channel"] or "voice"]
    recording, verdict = document["recording"], document["verdict"]
    transcript = links.transcript(document["id"])
    recorded = links.recording(document["id"], recording["url"]) if recording else None
    outcome = document["outcome"] or document["status"]
    values = {
        "title": f"{channel.capitalize()} with the agent: {verdict['result'].replace('_', ' ')}",
        "body": _cut(note(document["handoff"], document["channel"]), LONG),
        "direction": DIRECTIONS.get(document["direction"] or "inbound", "INBOUND"),
        "outcome": outcome,
        "disposition": DISPOSITIONS.get(outcome, "connected"),
        "duration_ms": str(round(lasted.total_seconds()) * 1000),
        "from_number": document["from"],
        "to_number": document["to"],
        "call_id": document["call_sid"] or document["id"],
        "owner": document["route"]["rep"],
        "verdict": verdict["result"],
        "segment": verdict["segment"],
        "transcript_url": transcript,
        "recording_url": recorded,
        "at": instant(at),
    }
    return Record("activity", document["id"], _texts(values), whom, channel)


def _meeting(document: Mapping[str, Any], whom: Mapping[Kind, str]) -> Iterator[Record]:
    booking = document["booking"]
    if not booking:
        return
    cancelled = booking["status"] == "cancelled"
    values = {
        "title": f"Canceled: {booking['title']}" if cancelled else booking["title"],
        "body": _cut(document["handoff"]["summary"], LONG),
        "outcome": OUTCOMES[booking["status"]],
        "starts_at": instant(datetime.fromisoformat(booking["start"])),
        "ends_at": instant(datetime.fromisoformat(booking["end"])),
        "owner": booking["rep"],
        "sequence": str(booking["sequence"]),
    }
    yield Record("meeting", booking["id"], _texts(values), whom)


def _tasks(document: Mapping[str, Any], links: Links, whom: Mapping[Kind, str]) -> Iterator[Record]:
    """What we owe the buyer: unanswered questions, and the callback."""
    end = datetime.fromisoformat(document["ended_at"] or document["started_at"])
    due, where = instant(end + ANSWER_WITHIN), links.transcript(document["id"])
    for question in document["handoff"]["outstanding_questions"]:
        if question["origin"] is not None:
            continue  # a task of the conversation that raised it
        values = {
            "title": f"Answer: {question['text']}",
            "body": f"“{question['text']}”\n{question['reason']}\n{where}",
            "due_at": due,
            "owner": question["owner"],
        }
        key = f"{document['id']}:{question['id']}"
        yield Record("task", key, _texts(values), whom, "question")
    wanted = document["callback"]
    if wanted is not None:
        values = {
            "title": f"Call back {wanted['when']}",
            "body": f"“{wanted['quote']}”\n{where}",
            "due_at": instant(datetime.fromisoformat(wanted["start"])) if wanted["start"] else due,
            "owner": wanted["owner"] or document["route"]["rep"],
        }
        key = f"{document['id']}:callback"
        yield Record("task", key, _texts(values), whom, "callback")


def kept_note(document: Mapping[str, Any], lines: list[str], whom: Mapping[Kind, str]) -> Record:
    """The note on what was not written over a person's edits."""
    at = document["ended_at"] or document["started_at"]
    values = {
        "title": "From the conversation, not written over the record",
        "body": _cut("\n".join(lines), LONG),
        "at": instant(datetime.fromisoformat(at)),
    }
    return Record("note", f"{document['id']}:kept", _texts(values), whom)


def _texts(values: Mapping[str, str | None]) -> dict[str, str]:
    """Non-empty values, cut to what every system accepts."""
    long = ("body", "summary")
    return {
        name: value if name in long else value[:TEXT]
        for name, value in values.items()
        if value is not None and value.strip()
    }


def _cut(value: str | None, most: int) -> str | None:
    if value is None or len(value) <= most:
        return value or None
    return value[: most - 1] + "…"
