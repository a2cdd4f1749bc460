"""Reads states stored by earlier versions."""

from collections.abc import Mapping
from typing import Any

from core.asking import read
from core.store.shape import plain

WAS = {
    "history": {"lines": "history", "reply": "agent_lines", "context": "context"},
    "signals": {"all": "signals", "superseded": "superseded"},
    "identity": {"person": "person", "guesses": "guesses", "crm": "crm"},
    "judged": {"verdict": "verdict", "route": "route", "disqualified": "disqualified"},
    "wants": {
        "human": "wants_human", "meeting": "wants_meeting", "visit": "wants_visit",
        "keeper": "keeper", "when": "wish", "zone": "told_zone", "escalated": "escalated",
        "unreached": "unreached",
    },
    "meanings": {"check": "check", "hedged": "hedged"},
    "given": {"citations": "told", "count": "gives", "topics": "topics", "promises": "promises"},
    "asks": {
        "made": "asked", "declined": "declined", "unknown": "unknown", "before": "asked_before",
        "invited": "invited",
    },
    "proposals": {"made": "offers", "turn": "proposed_turn", "refused": "refused"},
    "awaited": {
        "ask": "expecting", "offer": "offered", "turn": "expecting_turn", "read_back": "pending",
    },
    "times": {
        "slots": "slots", "choices": "choices", "turn": "slots_turn", "asked": "slots_asked",
        "rounds": "rounds", "passed": "passed",
    },
    "meeting": {
        "held": "held", "booking": "booking", "heard": "booking_heard", "moving": "moving",
    },
    "recording": {"consent": "recording"},
    "once": {"disclosed": "disclosed", "reframed": "reframed", "exited": "exited"},
    "ending": {
        "closing": "closing", "opted_out": "opted_out", "recapped": "recapped",
        "farewell": "farewell",
    },
}  # fmt: skip
"""Each part's fields, and what they were called."""


def renewed(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stored state as this version stores it."""
    return _typed(_grouped(state))


def _typed(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """With what we wait for typed; it was spelled out: `confirm:email`, `meant:sso`."""
    awaited, proposals = dict(state.get("awaited", {})), dict(state.get("proposals", {}))
    if isinstance(ask := awaited.get("ask"), str):
        awaited["ask"] = plain(read(ask))
    if offer := awaited.get("offer"):
        awaited["offer"] = _offered(offer)
    for name in {"made", "refused"} & proposals.keys():
        proposals[name] = [_offered(offer) for offer in proposals[name]]
    return {**state, "awaited": awaited, "proposals": proposals}


def _offered(spelled: str) -> str:
    return spelled.partition(":")[0]


def _grouped(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """With its values in their parts, which version 0.1 had not; a newer one unchanged."""
    if not isinstance(state.get("signals"), list):
        return state
    parts = {
        part: {name: state[was] for name, was in names.items() if was in state}
        for part, names in WAS.items()
    }
    parts["recording"] |= state.get("consent", {})
    return {**state, **parts}
