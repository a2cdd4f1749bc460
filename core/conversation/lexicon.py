"""The company's own names, found in what a recogniser made of them ("snow flake", "big query")."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from core.conversation.utterance import TOKEN, Token, Utterance
from core.places import PLACES
from knowledge.profile import Company

FUZZY_FROM = 6
"""Shortest form, in letters, that may be matched with an error in it."""
FUZZY_CUTOFF = 86.0

ROLES = (
    "vp of engineering", "vp of data", "vp of operations", "vp of marketing", "vp of sales", "vp",
    "vice president", "cto", "ceo", "cfo", "coo", "cio", "cmo", "founder", "co-founder", "owner",
    "director", "head of data", "head of operations", "head of marketing", "head of engineering",
    "data engineer", "analytics engineer", "data analyst", "analyst", "engineer", "developer",
    "manager", "data lead", "team lead", "it manager", "consultant", "architect", "president",
)  # fmt: skip
INDUSTRIES = (
    "healthcare", "finance", "insurance", "retail", "ecommerce", "manufacturing", "education",
    "logistics", "software", "media", "hospitality", "real estate", "nonprofit", "government",
)  # fmt: skip
ALIKE = {"finance": "financial services", "ecommerce": "e-commerce"}
"""Plain words for trades a company may list under another name."""
SAME_INDUSTRY = {
    "health care": "healthcare", "hospital": "healthcare", "hospitals": "healthcare",
    "clinic": "healthcare", "clinics": "healthcare", "medical": "healthcare",
    "bank": "finance", "banking": "finance", "fintech": "finance", "financial services": "finance",
    "e commerce": "ecommerce", "online store": "ecommerce", "online shop": "ecommerce",
    "saas": "software", "factory": "manufacturing", "insurer": "insurance",
    "university": "education", "school": "education", "shipping": "logistics",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name in the text. `kind`: tool, competitor, industry, role, use_case, plan, place…"""

    name: str
    kind: str
    start: int
    end: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    kind: str


def compact(form: str) -> str:
    """A form without what a recogniser cannot hear: case, spaces, punctuation."""
    return re.sub(r"[\W_]+", "", form.lower())


class Lexicon:
    """Built once per company; `mentions` is pure."""

    def __init__(self, company: Company) -> None:
        vocabulary = company.vocabulary
        self.forms: dict[str, tuple[Entry, ...]] = {}
        groups: tuple[tuple[str, Iterable[str]], ...] = (
            ("tool", vocabulary.integrations), ("tool", vocabulary.tools),
            ("competitor", vocabulary.competitors), ("industry", vocabulary.industries),
            ("use_case", vocabulary.use_cases), ("role", vocabulary.roles),
            ("plan", vocabulary.plans), ("product", (*vocabulary.products, company.name)),
            ("role", ROLES), ("industry", INDUSTRIES), ("place", PLACES),
        )  # fmt: skip
        for kind, names in groups:
            for name in names:
                listed = ALIKE.get(name) if kind == "industry" else None
                listed = listed if listed in vocabulary.industries else None
                self._add(name, Entry(listed or name, kind))
        for rep in company.team:
            self._add(rep.name, Entry(rep.name, "rep"))
        for segment in company.segments:
            for trade in segment.industries:
                self._add(trade, Entry(trade, "industry"))
        self._choices(company)
        for said, name in {**SAME_INDUSTRY, **vocabulary.synonyms}.items():
            for entry in self.forms.get(compact(name), ()):
                self._add(said, entry)
        self.longest = max((len(f) for f in self.forms), default=0)
        self._fuzzy = [f for f in self.forms if len(f) >= FUZZY_FROM]

    def _choices(self, company: Company) -> None:
        """Values a criterion names are words of the caller too."""
        for segment in company.segments:
            for criterion in segment.criteria:
                if criterion.kind != "choice":
                    continue
                for value in (*criterion.any_of, *criterion.none_of):
                    self._add(value.replace("_", " "), Entry(value, criterion.name))

    def _add(self, form: str, entry: Entry) -> None:
        key = compact(form)
        known = self.forms.get(key, ())
        if key and entry.kind not in {e.kind for e in known}:
            self.forms[key] = (*known, entry)

    def names(self, text: str) -> bool:
        """Whether a text in lower case names anything the company knows by name."""
        tokens = tuple(Token(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text))
        return any(self._at(tokens, i)[0] for i in range(len(tokens)))

    def mentions(self, u: Utterance) -> list[Mention]:
        """Known names in the text, the longest first at each place, none overlapping."""
        found: list[Mention] = []
        i = 0
        while i < len(u.tokens):
            used, entries, exact = self._at(u.tokens, i)
            if used:
                start, end = u.tokens[i].start, u.tokens[i + used - 1].end
                found += [Mention(e.name, e.kind, start, end, exact) for e in entries]
            i += max(used, 1)
        return found

    def _at(self, tokens: tuple[Token, ...], i: int) -> tuple[int, tuple[Entry, ...], bool]:
        for used in range(min(5, len(tokens) - i), 0, -1):
            form = "".join(compact(t.text) for t in tokens[i : i + used])
            if len(form) > self.longest + 2:
                continue
            for key in (form, form.removesuffix("s")):
                if key in self.forms and len(key) > 1:
                    return used, self.forms[key], True
        for used in (2, 1, 3):
            words = tuple(t.text for t in tokens[i : i + used])
            if len(words) == used and (close := self._close("".join(map(compact, words)))):
                if not all(w in COMMON for w in words) and words[0] not in GLUE:
                    return used, self.forms[close], False
        return 0, (), False

    @lru_cache(maxsize=4096)  # noqa: B019 - one lexicon lives as long as the process
    def _close(self, form: str) -> str | None:
        if len(form) < FUZZY_FROM:
            return None
        best = process.extractOne(form, self._fuzzy, scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF)
        return best[0] if best and best[0][0] == form[0] else None


GLUE = frozenset(
    "a an and are at be but by can do does for from have how i in is it me my no not of on or our"
    " so that the their them there they this to us was we were what with you your we're i'm"
    " it's".split()
)
COMMON = GLUE | frozenset(
    "about after all also any as back because been before being better both call come"
    " could data day did"
    " each even every find first get give go going good got great had has help here"
    " him his into just"
    " know last like little long look looking made make many may maybe mean more most"
    " much must need new"
    " next now number off old one only other over own part people place possible price"
    " pricing product"
    " question really right said same say see set she should since some something"
    " soon start still such"
    " support sure system take talk team tell than thank thanks then these thing things think those"
    " through time today too two under up use used users using very want wanted way"
    " week well went when"
    " where which while who why will work works would year years yes yet connect"
    " sync integrate company"
    " business customer customers market marketing sale sales service services security"
    " secure report"
    " reports account accounts platform software solution manage manager".split()
)
