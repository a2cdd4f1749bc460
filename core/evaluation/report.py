"""`report(scored)`: the figures of a whole run against their targets, ready for JSON. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.evaluation.consistency import CHANNELS, Asked
from core.evaluation.format import Targets
from core.evaluation.scored import Scored
from core.evaluation.tally import Detection, Tally

OUTCOMES = ("verdict", "segment", "route")
ANSWERS = (
    "answered", "asked back", "told along", "false deferral", "wrong article", "passed over",
    "put off", "asked back in vain", "told along in vain", "false answer", "needless deferral",
)  # fmt: skip
AT_MOST = ("false_answers", "false_deferrals", "invariant_violations")


@dataclass(frozen=True, slots=True)
class Goal:
    """One target and the value reached."""

    name: str
    target: float
    reached: float | None

    @property
    def met(self) -> bool:
        """Whether it is met; a figure without data misses no target."""
        if self.reached is None:
            return True
        if self.name in AT_MOST:
            return self.reached <= self.target
        return self.reached >= self.target


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a run."""

    conversations: int
    passed: int
    overall: Detection
    signals: dict[str, Detection]
    guesses: Tally
    tallies: dict[str, Tally]
    """By name: `verdict`, `segment`, `route`, the answers', and other expectations."""
    invariants: dict[str, int]
    gives: int
    asks: int
    asks_before_value: tuple[int, ...]
    """One entry for each conversation in which anything was answered."""
    tags: dict[str, Tally]
    """Conversations exactly as expected, by tag."""
    everywhere: Sequence[Asked] = ()
    """Golden questions asked on every channel, if that was done."""

    @property
    def checks(self) -> Tally:
        """All other expectations together."""
        rest = Tally()
        for name, tally in self.tallies.items():
            if name not in (*OUTCOMES, *ANSWERS):
                rest.plus(tally)
        return rest

    def figures(self) -> dict[str, float | None]:
        """The figures that can have targets."""
        shares = {n: self.tallies[n].share if n in self.tallies else None
                  for n in (*OUTCOMES, *ANSWERS)}  # fmt: skip
        return {
            "signal_f1": self.overall.f1,
            "verdict": shares["verdict"],
            "segment": shares["segment"],
            "route": shares["route"],
            "answered": shares["answered"],
            "false_answers": shares["false answer"],
            "false_deferrals": shares["false deferral"],
            "invariant_violations": float(sum(self.invariants.values())),
            "checks": self.checks.share,
            "same_everywhere": self.same_everywhere.share,
        }

    @property
    def same_everywhere(self) -> Tally:
        """Golden questions that every channel answers from the same passage."""
        return Tally(sum(asked.same for asked in self.everywhere), len(self.everywhere))

    def goals(self, targets: Targets) -> list[Goal]:
        """The targets that were set, each with the value reached."""
        reached = self.figures()
        wanted = targets.model_dump(exclude_none=True)
        return [Goal(name, float(target), reached[name]) for name, target in wanted.items()]


def report(scored: Sequence[Scored], everywhere: Sequence[Asked] = ()) -> Report:
    """The figures over all conversations."""
    overall, guesses = Detection(), Tally()
    signals: dict[str, Detection] = defaultdict(Detection)
    tallies: dict[str, Tally] = defaultdict(Tally)
    invariants: dict[str, int] = defaultdict(int)
    tags: dict[str, Tally] = defaultdict(Tally)
    for one in scored:
        for tag in one.held.conversation.tags:
            tags[tag].add(not one.misses)
        guesses.plus(one.guesses)
        for name, detection in one.signals.items():
            signals[name].plus(detection)
            overall.plus(detection)
        for name, tally in one.tallies.items():
            tallies[name].plus(tally)
        for name, count in one.invariants.items():
            invariants[name] += count
    return Report(
        len(scored), sum(not s.misses for s in scored), overall, dict(sorted(signals.items())),
        guesses, dict(tallies), dict(invariants),
        sum(s.gives for s in scored), sum(s.asks for s in scored),
        tuple(s.asks_before_value for s in scored if s.asks_before_value is not None),
        dict(sorted(tags.items())), everywhere,
    )  # fmt: skip


def as_json(run: Report, scored: Sequence[Scored], targets: Targets) -> dict[str, Any]:
    """The run as plain data: figures, targets, and each conversation with its misses."""
    return {
        "conversations": run.conversations,
        "passed": run.passed,
        "figures": run.figures(),
        "targets": [
            {"name": g.name, "target": g.target, "reached": g.reached, "met": g.met}
            for g in run.goals(targets)
        ],
        "signals": {"overall": _detection(run.overall),
                    "by_criterion": {n: _detection(d) for n, d in run.signals.items()},
                    "guesses": {"right": run.guesses.right, "of": run.guesses.of}},
        "tallies": {n: {"right": t.right, "of": t.of, "share": t.share}
                    for n, t in run.tallies.items()},
        "invariants": run.invariants,
        "tags": {n: {"as_expected": t.right, "of": t.of} for n, t in run.tags.items()},
        "asking": {"gives": run.gives, "asks": run.asks,
                   "asks_before_value": list(run.asks_before_value)},
        "everywhere": [{"question": a.question, "cited": dict(zip(CHANNELS, a.cited, strict=True)),
                        "same": a.same} for a in run.everywhere],
        "results": [_result(s) for s in scored],
    }  # fmt: skip


def _detection(found: Detection) -> dict[str, Any]:
    return {
        "precision": found.precision, "recall": found.recall, "f1": found.f1,
        "hits": found.hits, "extra": found.extra, "missed": found.missed,
    }  # fmt: skip


def _result(scored: Scored) -> dict[str, Any]:
    return {
        "id": scored.held.conversation.id,
        "tags": list(scored.held.conversation.tags),
        "passed": not scored.misses,
        "misses": [
            {"kind": m.kind, "turn": m.turn, "expected": m.expected, "found": m.found}
            for m in scored.misses
        ],
        "transcript": [
            {"turn": n, "caller": turn.said, "agent": turn.reply,
             "signals": {s.criterion: s.value for s in turn.signals}}
            for n, turn in sorted(scored.log.turns.items())
        ],
    }  # fmt: skip
