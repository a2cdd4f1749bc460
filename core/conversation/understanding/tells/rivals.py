"""Competitors that a buyer mentions: "we're also looking at …". Pure."""

import re
from collections.abc import Sequence

from core.commands import AskProduct, Command, CompetitorOrVendor, NamesRival, OptOut, ProvideSignal
from core.conversation.words.lexicon import Mention
from core.conversation.words.utterance import Utterance

_COMPARES = re.compile(r"\b(?:compar\w+|versus|vs|against|better than|difference|over)\b")
_BRIEF = 5
"""Most words of a turn that only asks how we compare: "compared to …"."""


def rivals(
    u: Utterance,
    mentions: Sequence[Mention],
    asked: Sequence[tuple[int, int]],
    commands: Sequence[Command],
) -> list[Command]:
    """Each competitor that is named but not asked about, if the turn asks nothing else."""
    if asked or any(isinstance(c, CompetitorOrVendor | OptOut) for c in commands):
        return []
    if len(u.tokens) <= _BRIEF and _COMPARES.search(u.text):
        found = [m for m in mentions if m.kind == "competitor" and m.exact][:1]
        return [AskProduct(u.whole(), f"how do you compare to {m.name}") for m in found]
    known = {m.name for m in mentions if m.kind == "tool"}
    known &= {c.value for c in commands if isinstance(c, ProvideSignal)}
    named = {m.name: m for m in mentions if m.kind == "competitor" and m.exact}
    return [
        NamesRival(u.span(m.start, m.end), name) for name, m in named.items() if name not in known
    ]
