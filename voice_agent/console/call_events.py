"""Events in a conversation besides speech, one line each. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.events import Fact, FloorTaken, Logged, Noted
from core.facts.callbacks import MachineHeard
from core.facts.consents import ConsentRecorded, ConsentRule, DisclosureHeard
from core.facts.messages import MessageTaken
from core.facts.transfers import MessageLeft, TransferAccepted, TransferFailed, TransferStarted
from core.privacy.facts import Deleted
from voice_agent.console.call_names import Names

HOW = {
    "notice": "by going on after the notice", "word": "in words", "key": "by a key",
    "unanswered": "without a clear answer", "place": "taken back for the place they named",
}  # fmt: skip

BY_COLLEAGUES = {
    "relayed": "{who} had the agent say: “{said}”",
    "guided": "{who} guided the agent: “{said}”",
    "transfer_wanted": "{who} had the caller put through to {to}",
    "ended_by": "{who} ended the call",
}


def events(facts: Sequence[Fact], names: Names) -> list[tuple[int, str]]:
    """Events between the lines of a transcript, with their places."""
    found: list[tuple[int, str]] = []
    for fact in facts:
        match fact:
            case TransferStarted():
                whom = names.person(fact.rep)
                found.append((fact.at_ms, f"Put through to {whom} ({fact.mode}): {fact.reason}"))
            case TransferAccepted():
                found.append((fact.at_ms, f"{names.person(fact.rep)} took the call"))
            case TransferFailed():
                why = fact.reason.replace("-", " ")
                found.append((fact.at_ms, f"{names.person(fact.rep)} was not reached: {why}"))
            case MessageLeft(text, _, _, at_ms):
                said = f"“{text}”" if text else "it could not be understood"
                found.append((at_ms, f"Left a message after the beep: {said}"))
            case MessageTaken(text, _, at_ms, owner):
                found.append((at_ms, f"Message for {names.person(owner)}: “{text}”"))
            case MachineHeard(answered_by, at_ms, left):
                what = ", and a message was left" if left else ""
                found.append((at_ms, f"Answered by {answered_by.replace('_', ' ')}{what}"))
            case Noted(kind, data) if kind in BY_COLLEAGUES and isinstance(data.get("at_ms"), int):
                given = {name: str(value) for name, value in data.items()}
                who, to = names.person(given.get("by", "")), names.person(given.get("to", ""))
                said = given.get("text") or given.get("words", "")
                told = BY_COLLEAGUES[kind].format(who=who, to=to, said=said)
                found.append((int(given["at_ms"]), told))
            case _:
                pass
    return found


def floor(logged: Sequence[Logged], begun: datetime, names: Names) -> list[tuple[int, str]]:
    """When a colleague spoke or wrote in the agent's place, and when they gave the floor back."""
    found: list[tuple[int, str]] = []
    holder = ""
    for entry in logged:
        fact = entry.fact
        if not isinstance(fact, FloorTaken):
            continue
        back = _over(fact.until, entry.at)
        if back and holder or not back and fact.rep != holder:
            what = "gave the conversation back to the agent" if back else "took over"
            at_ms = max(0, round((entry.at - begun).total_seconds() * 1000))
            found.append((at_ms, f"{names.person(fact.rep)} {what}"))
        holder = "" if back else fact.rep
    return found


def _over(until: str, at: datetime) -> bool:
    try:
        return datetime.fromisoformat(until) <= at + timedelta(seconds=1)
    except (ValueError, TypeError):
        return False


def marks(facts: Sequence[Fact]) -> list[tuple[int | None, str]]:
    """Consent and disclosure, with their places."""
    found: list[tuple[int | None, str]] = []
    for fact in facts:
        match fact:
            case DisclosureHeard(at_ms):
                found.append((at_ms, "The buyer heard that this is an AI"))
            case ConsentRecorded():
                about = "Recording" if fact.kind == "recording" else "Contact"
                by = f", {HOW[fact.how]}" if fact.how else ""
                words = f" (“{fact.words}”)" if fact.words else ""
                found.append((fact.at_ms, f"{about}: {fact.state}{by}{words}"))
            case ConsentRule(mode, places, _):
                where = f" for {', '.join(places)}" if places else ""
                found.append((None, f"Rule of recording{where}: {mode.replace('_', ' ')}"))
            case Deleted(what):
                found.append((None, f"Deleted, as its time was over: {what}"))
            case _:
                pass
    return found
