"""Blanks the leading digits stored before a card number was complete. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from core.conversation.state import ConversationState
from core.privacy.cards import CARD, Hidden, redacted
from core.privacy.digits import runs
from core.replay.facts import without_inputs

LEAST = 3
"""Digits of a run that may be part of a card number; "a team of 40" stays."""
_TEXTS = ("text", "quote", "value", "note", "when", "words")


def without_digits(text: str) -> str:
    """A text without its longer runs of digits."""
    long = [run for run in runs(text) if len(run.digits) >= LEAST]
    return redacted(text, [Hidden(run.start, run.end, CARD) for run in long])


def blanked_state(state: ConversationState) -> ConversationState:
    """The state after a card was given: it holds no part of the number."""
    return replace(
        state,
        history=replace(
            state.history,
            lines=tuple(
                (who, without_digits(t) if who == "caller" else t) for who, t in state.history.lines
            ),
            context=tuple(map(without_digits, state.history.context)),
        ),
        questions=tuple(replace(q, text=without_digits(q.text)) for q in state.questions),
    )


def blanked_fact(kind: str, payload: Mapping[str, Any], turns: Collection[int]) -> dict[str, Any]:
    """A stored fact of these turns without digits; any other unchanged."""
    if kind == "InputsKept":
        return without_inputs(payload, turns)
    ours = kind == "UtteranceRecorded" and payload.get("speaker") != "caller"
    if payload.get("turn") not in turns or ours or payload.get("origin"):
        return dict(payload)
    after = {
        name: without_digits(value) if name in _TEXTS and isinstance(value, str) else value
        for name, value in payload.items()
    }
    if kind == "UtteranceRecorded" and after["text"] != payload["text"]:
        after["word_ms"] = []
    return after


def scrubbed(value: Any) -> Any:
    """JSON without card numbers in any of its texts."""
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {name: scrubbed(item) for name, item in value.items()}
    return [scrubbed(item) for item in value] if isinstance(value, list) else value
