"""`note(…)`: the brief as the plain text of a CRM note, laid out for a quick look."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.handoff.line import clock
from core.handoff.wording import short, short_question

MOST_WORDS = 130
"""Half a minute of reading, at 260 words a minute."""
OWED, WATCH, DO = 3, 3, 3
QUESTION_WORDS = 14


def note(handoff: Mapping[str, Any], channel: str | None = "voice") -> str:
    """The summary, a sentence per line; then what is owed, promised, to watch and to do.

    Of a call each item names its moment in the recording, of other conversations none.
    Whole lines are left out once it would take more than half a minute to read; the brief in the
    call document has them all.
    """
    head = [line["text"] for line in handoff["summary_lines"]]
    spoken = channel == "voice"
    blocks = [
        (
            "Owed",
            [_question(q) + _place(q, spoken) for q in handoff["outstanding_questions"][:OWED]],
        ),
        ("Promised", [short(p["text"], 18) + _place(p, spoken) for p in _apart(handoff)]),
        ("Watch", [_concern(c) + _place(c, spoken) for c in handoff["concerns"][:WATCH]]),
        ("Do", [a["text"] for a in handoff["recommended_approach"][:DO]]),
    ]
    made = list(head)
    left = MOST_WORDS - _words(made)
    for title, items in _shared(blocks, left):
        made += [f"{title}:", *(f"- {item}" for item in items)]
    return "\n".join(made)


def _shared(blocks: Sequence[tuple[str, list[str]]], left: int) -> list[tuple[str, list[str]]]:
    """The blocks with as many items as fit: the first of each before the second of any."""
    kept: dict[str, list[str]] = {title: [] for title, _ in blocks}
    for n in range(max((len(items) for _, items in blocks), default=0)):
        for title, items in blocks:
            cost = _words(items[n : n + 1]) + 1 + (not kept[title])
            if n < len(items) and cost <= left:
                kept[title].append(items[n])
                left -= cost
    return [(title, items) for title, items in kept.items() if items]


def _apart(handoff: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Promises that neither the summary's next step nor the list of owed items covers."""
    told = {q["turn"] for q in handoff["outstanding_questions"]}
    owing = {q["owner"] for q in handoff["outstanding_questions"]}
    told |= {n["turn"] for n in handoff["summary_lines"] if n["text"].startswith("Next:")}
    return [
        p
        for p in handoff["promises"]
        if p["stands"] and p["turn"] not in told and (p["by"] or p["owner"] not in owing)
    ][-2:]


def _place(item: Mapping[str, Any], spoken: bool) -> str:
    """Where it was said: in which earlier conversation, or at which moment of this call."""
    if earlier := item.get("origin"):
        return f" ({earlier['words']})"
    return f" ({clock(item['start_ms'])})" if spoken else ""


def _question(question: Mapping[str, Any]) -> str:
    who = question["owner_name"] or question["owner"] or "nobody yet"
    return f"“{short_question(question['text'], QUESTION_WORDS)}?” {who}"


def _concern(concern: Mapping[str, Any]) -> str:
    quote = f" “{short(concern['quote'], 8)}”" if concern["quote"] else ""
    return f"{concern['text']}{quote}"


def _words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)
