"""Transfer attempts and their outcomes, for the call document. Pure."""

from collections.abc import Sequence
from typing import Any

from core.events import Fact, UtteranceRecorded
from core.facts.messages import MessageTaken
from core.facts.standing import every, latest
from core.facts.transfers import MessageLeft, TransferAccepted, TransferFailed, TransferStarted


def transfers(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Each attempt with its outcome: `ringing`, `accepted`, or `failed` and why."""
    took = {f.transfer_id: f for f in every(facts, TransferAccepted)}
    failed = {f.transfer_id: f for f in every(facts, TransferFailed)}
    return [_attempt(f, took.get(f.transfer_id), failed.get(f.transfer_id))
            for f in every(facts, TransferStarted)]  # fmt: skip


def _attempt(
    begun: TransferStarted, took: TransferAccepted | None, failed: TransferFailed | None
) -> dict[str, Any]:
    end = took or failed
    return {
        "rep": begun.rep,
        "mode": begun.mode,
        "reason": begun.reason,
        "turn": begun.turn,
        "state": "accepted" if took else "failed" if failed else "ringing",
        "why": failed.reason if failed and not took else None,
        "start_ms": begun.at_ms,
        "end_ms": end.at_ms if end else None,
    }


def unrecorded(facts: Sequence[Fact]) -> list[dict[str, Any]]:
    """Parts of the call we neither heard nor recorded: our stream stops at a transfer.

    `end_ms` is None if they did not come back.
    """
    gaps = []
    for begun in every(facts, TransferStarted):
        later = [u.start_ms for u in every(facts, UtteranceRecorded) if u.start_ms > begun.at_ms]
        gaps.append({"start_ms": begun.at_ms, "end_ms": min(later, default=None),
                     "why": f"put through to {begun.rep}"})  # fmt: skip
    return gaps


def message(facts: Sequence[Fact]) -> dict[str, Any] | None:
    """The message left after the beep, or taken in the conversation."""
    left = latest(facts, MessageLeft)
    if left is None and (taken := every(facts, MessageTaken)):
        return {"text": " ".join(f.text for f in taken), "duration_ms": 0}
    return {"text": left.text, "duration_ms": left.duration_ms} if left else None
