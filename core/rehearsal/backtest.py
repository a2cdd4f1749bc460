"""Judges stored conversations again under edited criteria or rules: what would change.

Pure. Both sides are judged by the same code from the same signals, so that every difference comes
from the edit.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.conversation.ledger import Given
from core.conversation.parts import Identity, Signals, Wants
from core.conversation.state import ConversationState
from core.crm.known import CrmContactFound
from core.events import (
    ConversationStarted,
    Fact,
    HumanRequested,
    QuestionAnswered,
    RouteChosen,
    SignalCaptured,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.standing import every, latest, superseded
from core.presence import local_day
from core.talk import ConversationOpened
from core.thinking.thinker import Thinker

Topics = Mapping[str, Sequence[str]]
"""Topics of each article by its id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A conversation's result."""

    verdict: VerdictReached
    route: RouteChosen

    @property
    def gist(self) -> tuple[str | None, ...]:
        """What people would notice: result, segment, owner, and next step."""
        return self.verdict.result, self.verdict.segment, self.route.rep, self.route.action


@dataclass(frozen=True, slots=True)
class Change:
    """One conversation before and after an edit."""

    conversation_id: str
    at: datetime
    before: Outcome
    after: Outcome

    @property
    def differs(self) -> bool:
        return self.before.gist != self.after.gist

    def why(self) -> tuple[str, ...]:
        """Each criterion whose state changed, then the new reasons."""
        old = {c.name: c for c in self.before.verdict.criteria}
        new = {c.name: c for c in self.after.verdict.criteria}
        moved = [
            f"{name}: {_stands(old.get(name))} → {_stands(new.get(name))}"
            + (f" ({new[name].reason})" if name in new else "")
            for name in dict.fromkeys((*new, *old))
            if _stands(old.get(name)) != _stands(new.get(name))
        ]
        reasons = self.after.verdict.reasons
        route, routed = self.after.route, self.before.gist[2:] != self.after.gist[2:]
        by = (f"rule {route.rule}",) if route.rule else ()
        return (*moved, *reasons, *((*by, *route.reasons) if routed else ()))


def _stands(line: Any) -> str:
    if line is None:
        return "not asked for"
    return "partly met" if line.partly else str(line.state).replace("_", " ")


def outcome(
    conversation_id: str, at: datetime, facts: Sequence[Fact], thinker: Thinker, topics: Topics
) -> Outcome | None:
    """The result of these facts under one company's rules; None when the buyer said nothing."""
    started = latest(facts, ConversationStarted)
    if started is None or not any(u.speaker == "caller" for u in every(facts, UtteranceRecorded)):
        return None
    opened = ConversationOpened(
        conversation_id, started.channel, started.direction, started.caller, started.called, at
    )  # fmt: skip
    signals = every(facts, SignalCaptured)
    cited = [c.split("@")[0] for a in every(facts, QuestionAnswered) for c in a.citations]
    about = [t for article in dict.fromkeys(cited) for t in topics.get(article, ())]
    state = ConversationState(
        opened, turn=max((s.turn for s in signals), default=0),
        signals=Signals(tuple(signals), frozenset(superseded(signals))),
        identity=Identity(crm=latest(facts, CrmContactFound)),
        wants=Wants(human=bool(every(facts, HumanRequested))),
        given=Given(topics=tuple(dict.fromkeys(about))),
    )  # fmt: skip
    after, _ = thinker.judge(state, local_day(thinker.company, at))
    judged = after.judged
    assert judged.verdict is not None and judged.route is not None
    return Outcome(judged.verdict, judged.route)


def document(changes: Iterable[Change]) -> dict[str, Any]:
    """The comparison as JSON: counts, and every conversation whose result changes."""
    every_one = list(changes)
    differing = [c for c in every_one if c.differs]
    return {
        "conversations": len(every_one),
        "changed": len(differing),
        "results": {
            "before": _counts(c.before for c in every_one),
            "after": _counts(c.after for c in every_one),
        },
        "changes": [
            {
                "id": c.conversation_id,
                "at": c.at.isoformat(),
                "before": _shown(c.before),
                "after": _shown(c.after),
                "why": list(c.why()),
            }
            for c in differing
        ],
    }


def _counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    return dict(sorted(Counter(one.verdict.result for one in outcomes).items()))


def _shown(one: Outcome) -> dict[str, Any]:
    names = ("result", "segment", "rep", "action")
    return {**dict(zip(names, one.gist, strict=True)), "score": one.verdict.score}
