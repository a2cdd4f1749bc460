"""Recognises what a buyer wants to do by the company's own example sentences. Pure.

An example and what was said are compared by features: the stems of their words, and data flows
("into the crm" is `>crm`, as is "into Salesforce" if the tool matrix calls it one; "in the crm" is
`@crm`). Rare features count more; an example matches when most of its weight was said.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.commands import (
    AskProduct,
    Command,
    CompetitorOrVendor,
    ProvideSignal,
    RequestHuman,
    SupportNeed,
)
from core.conversation.understanding.asks.pricing import roughly
from core.conversation.understanding.tells.goods import Goods
from core.conversation.words.acronyms import told_apart
from core.conversation.words.flows import Place, flows
from core.conversation.words.lexicon import Mention
from core.conversation.words.stems import WORD, stem
from core.conversation.words.utterance import Utterance
from core.conversation.words.works import Works
from knowledge.profile import Company
from knowledge.retrieval.english import IRREGULAR, LIGHT, STOP

ENOUGH = 0.78
"""Share of an example's weight that must have been said,"""
WHEN_NEEDED = 0.66
"""when it is put as a need,"""
WHEN_ASKED = 0.55
"""and when it answers our question."""
_LITTLE = 2
"""Words that may stand beside a mere direction."""
HALF, _SEVERAL = 0.5, 2
"""Share of an example that must have been said, and how many of its words no other purpose has."""
_ALIKE = (
    "see show view visible display look access know", "rep salesperson salespeople seller sales",
    "agent representative", "csm success", "customer client account", "active activity activate",
    "push send sync move get pipe write load transfer export feed upload pull bring suck"
    " ingest pass flow stream surface import copy replicate", "duplicate twice same double dupe",
    "different several multiple many various", "audience segment", "history past previous",
    "target targeting retarget retargeting", "close closing book reconcile",
    "profile record view picture", "one single unified unify complete full whole 360",
    "score prioritize rank grade", "route assign distribute", "tool app application system platform"
    " software saas", "report reporting dashboard number", "partner supplier vendor", "ticket case"
    " conversation", "personalize personalization personalise tailor customize recommend"
    " recommendation", "website site page web", "live real-time realtime", "ads ad advertise"
    " advertising campaign", "usage feature login behavior behaviour", "combine consolidate"
    " centralize central together merge unite", "hand manual manually"
    " spreadsheet csv", "script cron homegrown", "finance financial", "warehouse lakehouse",
    "separate spin centrifuge", "store storage keep", "lead prospect enquiry inquiry",
    "order purchase buy bought", "browse visitor visit", "next beside alongside",
)  # fmt: skip
"""Interchangeable words of everyday business; the first names the group."""
_OWN_STEMS = {
    "person": "people", "persons": "people", "personal": "private", "customer": "customer",
    "customers": "customer",
}  # fmt: skip
"""Words the stemmer would wrongly merge: a person is no personalization."""


def _root(word: str) -> str:
    return _OWN_STEMS.get(word) or stem(IRREGULAR.get(word, word))


_HEADS = {_root(w): _root(group.split()[0]) for group in reversed(_ALIKE) for w in group.split()}
_NO_MATTER = re.compile(
    r"\b(?:one|another|some|only) (?:things?|questions?|more)\b|\bone of (?:our|my|their|the)\b"
    r"|\b(?:first|second|third|last|latter|other|that|this|which|\w+day) one\b"
    r"|\bsee (?:above|below)\b|\b(?:that|it|this|which) (?:sounds?|seems?|looks?) \w+"
    r"|\byour (?:products?|tools?|platform|software|app|system|service|solution)\b"
)
"""Introduces a question, counts one of several, judges, or is about us: no part of a purpose."""
_DROPPED = frozenset(
    "a an the and or but so that this these those it its is are was were be been being do does did"
    " have has had can could will would should may might must to of in on at by for from with as if"
    " when while than then there here we our us i my me you your they their them he she his her who"
    " which what how why where not no just only also really very too more most some any about like"
    " want wants wanted need needs needed try trying would'd we're we'd we've i'm i'd it's that's"
    " let us get got getting put make makes able way thing things something basically mostly"
    " mainly right someone somebody anyone anybody own"
    " now currently today lot bunch of up out over off want take takes took long want".split()
)


def _head(word: str) -> str:
    """A word's feature: its group's name, or its stem."""
    plain = word.lower().split("'")[0]
    kept = _root(plain)
    return kept if plain in _OWN_STEMS else _HEADS.get(kept, kept)


_COMMON = frozenset(map(_head, STOP | LIGHT))
_MOVES = re.compile(r"\b(?:get|getting|across|over to)\b")
_MOVING = frozenset(map(_head, ("push", "see")))
_MERE_MOVING = frozenset(map(_head, ("push", "data", "into", "app", "business")))


def _against(said: frozenset[str], example: frozenset[str]) -> bool:
    """Whether data enters a system for which an example says otherwise, or goes from one named
    system into another where an example only says that it moves."""
    into = {f[1:] for f in said if f[0] == ">"}
    if any(_head(kind) in example and f">{kind}" not in example for kind in into):
        return True
    left = {f[1:] for f in said if f[0] == "<"}
    if any(f">{kind}" in example and kind not in into for kind in left):
        return True
    return bool(into and left) and example <= _MERE_MOVING  # "ingest data": which way?


@dataclass(frozen=True, slots=True)
class Example:
    """One wording of a value, as features."""

    value: str
    features: frozenset[str]
    brief: str
    """The stem of an example that is one word, or names one product: that word alone suffices."""
    directed: frozenset[str]
    """The features with those of named tools, to tell an example for the other direction."""


class Purposes:
    """Knows the purposes of one company."""

    def __init__(self, company: Company) -> None:
        self._kinds = {t.lower(): line.kind for line in company.compatibility for t in line.tools}
        named = "|".join(map(re.escape, sorted(self._kinds, key=len, reverse=True))) or r"(?!)"
        self._tools = re.compile(rf"(?<!\w)(?:{named})(?!\w)")
        self._kind_words = {stem(word): word for word in set(self._kinds.values())}
        self._works = Works(company.vocabulary.use_cases)
        self._goods = Goods(company)
        goods = {stem(product.lower()) for product in company.vocabulary.products}
        made = [
            Example(value, self._of_text(said), _brief(said, goods), self._with_tools(said))
            for value, said in _wordings(company)
            if said
        ]
        told = [e for e in made if e.features]
        counts = Counter(f for e in told for f in e.features)
        self._weight = {f: math.log(1 + len(told) / n) for f, n in counts.items()}
        self._examples = tuple((e, self._worth(e.features)) for e in told)
        of: dict[str, set[str]] = {}
        for example in told:
            for feature in example.features:
                of.setdefault(feature, set()).add(example.value)
        counted = {
            _head(word) for c in company.criteria for word in c.counts
        }  # a thing is no purpose
        self._alone = frozenset(f for f, values in of.items() if len(values) == 1)
        """Features of a single purpose, if only next to other words."""
        self._only = {
            feature: next(iter(values))
            for feature, values in of.items()
            if len(values) == 1 and feature.isalpha() and len(feature) > 1
            and feature not in _COMMON | counted
        }  # fmt: skip
        """Words that alone identify a purpose."""
        self._having: dict[str, list[int]] = {}
        """Positions of a feature among the examples."""
        for n, example in enumerate(told):
            for feature in example.features:
                self._having.setdefault(feature, []).append(n)

    def _worth(self, features: Iterable[str]) -> float:
        """The weight of features together, the same in whatever order a set yields them."""
        return math.fsum(self._weight[f] for f in features)

    def find(
        self,
        u: Utterance,
        mentions: Sequence[Mention],
        start: int,
        end: int,
        enough: float = ENOUGH,
    ) -> str | None:
        """The purpose stated in a range of a turn, if any."""
        raw = {form for w in WORD.findall(u.text[start:end]) for form in _forms(w.lower())}
        tools = [m for m in mentions if m.kind == "tool" and start <= m.start and m.end <= end]
        text = told_apart(u.said.text[start:end]).lower()
        named = [(self._kinds.get(m.name.lower()), m.start - start, m.end - start) for m in tools]
        said = self._features(text, [Place(kind, a, b) for kind, a, b in named if kind])
        best: tuple[tuple[float, bool, float], str] | None = None
        for n in sorted({n for f in said for n in self._having.get(f, ())}):
            example, whole = self._examples[n]
            shared = example.features & said
            if len(shared) < min(2, len(example.features)):
                continue
            if len(example.features) == 1 and example.brief not in raw:
                continue
            if _against(said, example.directed):
                continue
            met = self._worth(shared)
            about = self._worth(f for f in shared if f[0] not in "<>@")
            apart = shared == example.features or not self._alone.isdisjoint(shared)
            rank = (about, apart, met)
            if met / whole >= enough and (best is None or rank > best[0]):
                best = rank, example.value
        return (
            best[1]
            if best
            else self._only_of_one(said, enough) or self._by_direction(said, u.text[start:end])
        )

    def _by_direction(self, said: frozenset[str], text: str) -> str | None:
        """The only purpose whose examples say just which way data goes, and say it this way; for
        a text that says hardly more."""
        flowing = {f for f in said if f[0] in "<>"}
        plain = _MERE_MOVING | {_head(kind) for kind in self._kinds.values()}
        more = {_head(w) for w in WORD.findall(self._tools.sub(" ", text)) if w not in _DROPPED}
        if len({f[0] for f in flowing}) < 2 or len(more - plain) > _LITTLE:
            return None
        found = {
            e.value
            for e, _ in self._examples
            if e.features & flowing and not _against(said, e.directed)
            if {f for f in e.features if f[0] not in "<>@"} <= plain
        }
        return found.pop() if len(found) == 1 else None

    def _only_of_one(self, said: frozenset[str], enough: float) -> str | None:
        """The only purpose whose own words were said: at least half of an example, and several of
        them if we did not ask."""
        found: dict[str, list[str]] = {}
        for feature in said:
            if value := self._only.get(feature):
                found.setdefault(value, []).append(feature)
        ranked = sorted(found, key=lambda value: -len(found[value]))
        if not ranked or any(2 * len(found[v]) > len(found[ranked[0]]) for v in ranked[1:]):
            return None
        value, own = ranked[0], found[ranked[0]]
        least = 1 if enough <= WHEN_ASKED else _SEVERAL
        half = any(
            self._worth(e.features & said) >= HALF * whole
            for e, whole in self._examples
            if e.value == value and not e.features.isdisjoint(own)
        )
        return value if half and len(own) >= least else None

    def of_thing(
        self, u: Utterance, mentions: Sequence[Mention], start: int, end: int, *, asked: bool
    ) -> str | None:
        """The purpose told by a thing they want, if any; `asked`: in a question."""
        return self._goods.wanted(u.text, mentions, start, end, asked=asked)

    def of_work(self, u: Utterance, start: int, end: int) -> str | None:
        """The purpose implied by the kind of work alone, if any."""
        return self._works.find(u.text[start:end])

    def touches(self, text: str) -> int:
        """How many features of a text occur in the company's examples at all."""
        return sum(f in self._weight for f in self._of_text(text))

    def _of_text(self, text: str) -> frozenset[str]:
        return self._features(told_apart(text).lower(), [])

    def _with_tools(self, text: str) -> frozenset[str]:
        """The features of an example with those of the tools it names, which say which way."""
        text = told_apart(text).lower()
        tools = [Place(self._kinds[m[0]], *m.span()) for m in self._tools.finditer(text)]
        return self._features(text, tools)

    def _features(self, text: str, tools: Iterable[Place]) -> frozenset[str]:
        text = _NO_MATTER.sub(lambda match: " " * len(match.group()), text)
        places = list(tools)
        for match in re.finditer(r"[a-z]+", text):
            if kind := self._kind_words.get(stem(match.group())):
                places.append(Place(kind, *match.span()))
        found = {_head(word) for word in WORD.findall(text) if word not in _DROPPED}
        moves = bool(found & _MOVING or _MOVES.search(text))
        for place in flows(text, places, moves):
            found |= {_head(place.kind), *((f"{place.flow}{place.kind}",) if place.flow else ())}
            found |= {f"@{place.kind}"} if place.flow == ">" else set()
        return frozenset(found)


def _brief(said: str, goods: Collection[str]) -> str:
    """The one word that states a purpose: "resale", or the product in "we need an excavator"."""
    words = [word for word in WORD.findall(said.lower()) if word not in _DROPPED]
    alone = len(said.split()) == 1 or (len(words) == 1 and stem(words[0]) in goods)
    return _forms(words[0])[words[0].endswith("ing")] if words and alone else ""


def _forms(word: str) -> tuple[str, ...]:
    """What a word has in common with its other forms. A trade, "lettering", has more in common with
    "lettered" than with the plural of a thing, "letters"."""
    root = stem(word)
    return (root,) if word in (f"{root}s", f"{root}es") else (root, f"{root}ing")


def _wordings(company: Company) -> list[tuple[str, str]]:
    """Every value with its wordings: its name, its examples, its synonyms of several words."""
    scenarios = [s for s in company.scenarios if s.value not in _of_other_criteria(company)]
    values = [s.value for s in scenarios] or list(company.vocabulary.use_cases)
    made = [(value, value) for value in dict.fromkeys([*values, *company.vocabulary.use_cases])]
    made += [(s.value, said) for s in scenarios for said in s.said]
    synonyms: Mapping[str, str] = company.vocabulary.synonyms
    wanted = {value for value, _ in made}
    return made + [(name, said) for said, name in synonyms.items() if name in wanted]


def _of_other_criteria(company: Company) -> set[str]:
    """Values that say something other than what they want to do: a temperature, a term."""
    uses = {v for c in company.criteria if c.name == "use_case" for v in c.any_of}
    return {v for c in company.criteria if c.name != "use_case" for v in c.any_of} - uses


_NO_PURPOSE = (CompetitorOrVendor, SupportNeed, RequestHuman)


def of_others_purpose(command: Command, commands: Sequence[Command]) -> bool:
    """A purpose of somebody who is no buyer, or read into a request for a person or a price."""
    if not (isinstance(command, ProvideSignal) and command.criterion == "use_case"):
        return False
    said = command.span.quote.lower()
    asked = [c.question.lower() for c in commands if isinstance(c, AskProduct)]
    if any(said in question and roughly(question) for question in asked):
        return True
    return any(
        not isinstance(c, RequestHuman) or c.span.quote.lower() in said
        for c in commands
        if isinstance(c, _NO_PURPOSE)
    )
