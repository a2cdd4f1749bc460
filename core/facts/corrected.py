"""`corrected(facts)`: signals as the team corrected them. Pure.

A correction becomes the signal that stands instead, with the buyer's words and their place, so that
readers of signals need not know about it. `as_heard` is the log as the agent left it, for replays.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.events import Fact, PersonRecalled, SignalCaptured, VerdictReached
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected

SURE = 1.0
"""Confidence of a value from a person."""


def corrected(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with every current correction applied; idempotent."""
    standing = standing_corrections(facts)
    unsaid = {c.signal_id: c.correction_id for c in standing.values() if not c.value}
    signals: dict[str, SignalCaptured] = {}
    found: list[Fact] = []
    for fact in facts:
        if isinstance(fact, CorrectionWithdrawn):
            continue
        if isinstance(fact, SignalCorrected):
            if fact.correction_id not in standing or not fact.value:
                continue
            fact = _instead(fact, signals.get(fact.signal_id))
        if isinstance(fact, SignalCaptured):
            if fact.signal_id in unsaid:
                fact = replace(fact, unsaid=unsaid[fact.signal_id])
            signals[fact.signal_id] = fact
        found.append(fact)
    return found


def standing_corrections(facts: Sequence[Fact]) -> dict[str, SignalCorrected]:
    """The corrections that were not withdrawn, by id, in order."""
    back = {f.correction_id for f in facts if isinstance(f, CorrectionWithdrawn)}
    made = [f for f in facts if isinstance(f, SignalCorrected)]
    return {c.correction_id: c for c in made if c.correction_id not in back}


def as_heard(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without corrections and without their consequences."""
    return [
        fact for fact in facts
        if not isinstance(fact, SignalCorrected | CorrectionWithdrawn)
        and not (isinstance(fact, VerdictReached) and fact.anew)
        and not (isinstance(fact, PersonRecalled) and fact.by)
    ]  # fmt: skip


def _instead(made: SignalCorrected, old: SignalCaptured | None) -> SignalCaptured:
    """The signal that a correction creates. Words of an earlier conversation have no place in this
    one."""
    signal = SignalCaptured(
        made.correction_id, made.criterion, made.value, "negative" if made.negative else "positive",
        "stated", SURE, "", 0, 0, 0, made.signal_id or None, by=made.by,
    )  # fmt: skip
    if old is None or old.origin:
        return signal
    return replace(signal, quote=old.quote, turn=old.turn, start_ms=old.start_ms, end_ms=old.end_ms)
