"""The consequences of a person's correction to what the agent heard: a new verdict and brief. Pure.

The verdict is derived from the corrected signals, by the criteria the conversation was judged by
and as of that day; once nothing is corrected any more, the agent's own verdict applies again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.conversation.parts import Signals
from core.conversation.state import ConversationState
from core.conversation.words.named import MULTIPLE
from core.events import (
    ConversationStarted,
    Fact,
    HumanRequested,
    Logged,
    Noted,
    PersonRecalled,
    SignalCaptured,
    VerdictReached,
)
from core.facts.corrected import as_heard, corrected, standing_corrections
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.facts.standing import every, latest, live_signals, unmerged
from core.geography.places import place_of
from core.handoff.brief import brief
from core.handoff.wording import label
from core.presence import local_day
from core.privacy.erasure import ERASED
from core.qualification.verdict import Case, verdict
from knowledge.profile import Company

UNJUDGED = ("name", "phone", "email")
"""Contact fields, which no criterion judges; a company may be a target account."""
Change = SignalCorrected | CorrectionWithdrawn
PARTED = "Without what was known of whom they were taken for."
NOT_KEPT = "The criteria of that time are not kept: judged by today's."


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules to judge by. `then`: whether they are the ones the conversation was judged by."""

    company: Company
    version: str
    then: bool = True


def overtaken(facts: Sequence[Fact], change: Change) -> bool:
    """Whether the signal to correct no longer stands, or somebody else corrected it."""
    live = [s for s in live_signals(unmerged(facts)) if s.value != ERASED]
    ids = {s.signal_id for s in live}
    if isinstance(change, CorrectionWithdrawn):
        made = standing_corrections(facts).get(change.correction_id)
        if made is None or made.value:
            return made is None or made.correction_id not in ids
        return _taken(live, made.criterion, made.heard)
    if change.signal_id:
        return change.signal_id not in ids
    return _taken(live, change.criterion, change.value)


def _taken(live: Sequence[SignalCaptured], criterion: str, value: str) -> bool:
    """Whether the criterion has room for no further value, or already has this one."""
    same = [s for s in live if s.criterion == criterion]
    return any(criterion not in MULTIPLE or s.value == value for s in same)


def following(
    logged: Sequence[Logged], change: Change, rules: Rules, company: Company
) -> list[Fact]:
    """The correction, the verdict it leads to, and the brief if there is one. `company`: today's,
    for the names in the brief."""
    log = [entry.fact for entry in logged]
    made: list[Fact] = [change, *_somebody_else(log, change)]
    facts: list[Fact] = [*log, *made]
    if (reached := _reached(logged, facts, rules)) is not None:
        made.append(reached)
    if any(n.kind == "handoff" for n in every(facts, Noted)):
        made.append(Noted("handoff", brief(unmerged([*log, *made]), company)))
    return made


def _somebody_else(log: Sequence[Fact], change: Change) -> list[Fact]:
    """Forgets the recalled person, if only the corrected address or number identified them."""
    known = latest(log, PersonRecalled)
    if known is None or not known.person_id:
        return []
    same = (f for f in every(log, PersonRecalled) if f.person_id == known.person_id)
    since = _place(log, next(same))
    which = change.signal_id if isinstance(change, SignalCorrected) else change.correction_id
    if any(_reaches(fact, which) for fact in log[:since]):
        return [PersonRecalled("", False, turn=known.turn, by=change.by)]
    return []


def _reaches(fact: Fact, which: str) -> bool:
    """Whether it is the address or number with this id."""
    match fact:
        case SignalCaptured(signal_id=one, criterion="email" | "phone"):
            return one == which
        case SignalCorrected(correction_id=one, criterion="email" | "phone"):
            return one == which
    return False


def in_state(state: ConversationState, facts: Sequence[Fact]) -> ConversationState:
    """A written conversation's state with the corrections, for its next turn. `facts`: all."""
    changes = [f for f in facts if isinstance(f, SignalCorrected | CorrectionWithdrawn)]
    heard = [replace(s, unsaid="") for s in state.signals.all if not s.by]
    signals = every(corrected([*heard, *changes]), SignalCaptured)
    once = {c.signal_id for c in every(changes, SignalCorrected)}
    now = {c.signal_id for c in standing_corrections(changes).values() if c.signal_id}
    known = latest(facts, PersonRecalled)
    if known is not None and known.by:
        signals = [s for s in signals if not s.origin]
        state = replace(state, identity=replace(state.identity, person=None, guesses=()))
    reached = latest(facts, VerdictReached) or state.judged.verdict
    return replace(
        state,
        signals=Signals(tuple(signals), (state.signals.superseded - once) | now),
        judged=replace(state.judged, verdict=reached),
    )


def _reached(
    logged: Sequence[Logged], facts: Sequence[Fact], rules: Rules
) -> VerdictReached | None:
    """The verdict on what stands; None if it is unchanged."""
    said, standing = unmerged(facts), standing_corrections(facts)
    agents = latest(as_heard(said), VerdictReached)
    known = latest(facts, PersonRecalled)
    parted = known is not None and bool(known.by)
    judged = [c for c in every(facts, SignalCorrected) if c.criterion not in UNJUDGED]
    if not judged and not parted:
        return None
    names = dict.fromkeys(
        label(c.criterion, rules.company) for c in judged if c.correction_id in standing
    )
    since = agents and judged and _place(facts, agents) < _place(facts, judged[0])
    if agents and since and not (names or parted):
        made = agents
    else:
        made = _judged(logged, said, agents, rules)
        why = (f"As corrected by a person: {', '.join(names)}.",) if names else ()
        why = (*why, PARTED) if parted else why
        made = replace(made, reasons=(*made.reasons, *why, *(() if rules.then else (NOT_KEPT,))))
    made = replace(made, anew=True)
    return None if made == latest(said, VerdictReached) else made


def _judged(
    logged: Sequence[Logged], said: Sequence[Fact], agents: VerdictReached | None, rules: Rules
) -> VerdictReached:
    """The verdict by these rules, on the day the agent last judged, else when it began."""
    at = next((entry.at for entry in logged if entry.fact is agents), logged[0].at)
    started = latest(said, ConversationStarted)
    case = Case(
        rules.company, live_signals(said), local_day(rules.company, at),
        agents.turn if agents else 0, bool(every(said, HumanRequested)),
        place_of(started.caller) if started else None,
    )  # fmt: skip
    return verdict(case, rules.version)


def _place(facts: Sequence[Fact], one: Fact) -> int:
    return next(n for n, fact in enumerate(facts) if fact is one)
