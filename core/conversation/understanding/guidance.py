"""What a listening colleague wants the agent to do: read from their words, which are never spoken.
Pure.

Guidance changes what is asked or proposed next. It cannot override the ledger, ask what was
answered or declined, or have anything said that is not approved.
"""

import re

from core.conversation.ledger import Guidance, Proposal
from knowledge.profile import Company, Criterion
from knowledge.retrieval.tokens import stem

_PROPOSALS: tuple[tuple[Proposal, re.Pattern[str]], ...] = (
    (
        "person",
        re.compile(r"\b(?:transfer|put \w+ through|hand (?:over|off)|human)\b"),
    ),
    ("callback", re.compile(r"\bcall(?:ing|ed)? (?:them |him |her )?back|\bcall ?back\b")),
    ("meeting", re.compile(r"\b(?:demo|meeting|book|appointment|calendar)\b")),
)
_SMALL = frozenset(
    "ask about the a an their them they he she his her what which who need how is are do does of "
    "to for and or if find out have has whether please try get more know with in on want".split()
)
_MEANS = {
    "timeline": "when soon start deadline live urgent date",
    "budget": "money spend price afford cost",
    "employees": "size people headcount staff big large",
    "role": "title job decision position",
    "tech_stack": "tools stack software system",
    "use_case": "problem goal purpose use",
    "industry": "sector business market",
}
"""Everyday words for the signals every company has."""


def guidance(words: str, company: Company) -> Guidance:
    """What a colleague's words ask the agent to do; empty if they name nothing it can do."""
    text = words.lower()
    proposal = next((kind for kind, pattern in _PROPOSALS if pattern.search(text)), None)
    given = {stem(w) for w in re.findall(r"[a-z]+", text) if w not in _SMALL}
    named = {c.name: given & _words(c) for c in company.criteria}
    best = sorted((n for n in named if named[n]), key=lambda n: -len(named[n]))
    return Guidance(tuple(best[:2]), proposal)


def _words(criterion: Criterion) -> set[str]:
    named = f"{criterion.name.replace('_', ' ')} {criterion.label} {' '.join(criterion.topics)} "
    named += f"{' '.join(criterion.tool_kinds)} {_MEANS.get(criterion.name, '')}"
    return {stem(w) for w in re.findall(r"[a-z]+", named.lower()) if w not in _SMALL}
