"""Finds the company's own names in what a recogniser made of them ("snow flake", "big query")."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from core.conversation.words.numbers import SCALES, VAGUE
from core.conversation.words.trades import said_forms
from core.conversation.words.utterance import TOKEN, Utterance
from core.geography.places import SAID_PLACES
from knowledge.number_words import TEENS, TENS, UNITS
from knowledge.profile import Company
from knowledge.retrieval.english import LIGHT, STOP

FUZZY_FROM = 6
"""Shortest form, in letters, that may match with an error."""
FUZZY_CUTOFF = 86.0


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
    """A form reduced to what a recogniser can hear: no case, spaces or punctuation."""
    low = form.lower()
    return low if low.isalnum() else _UNHEARD.sub("", low)


def _in_singulars(title: str) -> str:
    """A title in singular, so that "facilities manager" equals "facility manager"."""
    return compact(_PLURAL.sub(lambda m: "y" if m[0] == "ies" else "", title.lower()))


_PLURAL = re.compile(r"(?<=\w\w)(?:ies|(?<!s)s)\b")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+")
"""What is written in an address names nothing: "hana@fold.dev" runs no SAP HANA."""
_UNHEARD = re.compile(r"[\W_]+")


class Lexicon:
    """Built once per company; `mentions` is pure."""

    def __init__(self, company: Company) -> None:
        vocabulary = company.vocabulary
        self.forms: dict[str, tuple[Entry, ...]] = {}
        criteria = [c for c in company.criteria if c.name == "tech_stack"]
        self.tool_kinds = tuple(dict.fromkeys(k for c in criteria for k in c.tool_kinds))
        """The kinds of tools of which they need one."""
        self._roles: dict[str, str] = {}
        groups: tuple[tuple[str, Iterable[str]], ...] = (
            ("tool", vocabulary.integrations), ("tool", vocabulary.tools),
            ("competitor", vocabulary.competitors), ("industry", vocabulary.industries),
            ("use_case", vocabulary.use_cases), ("role", vocabulary.roles),
            ("plan", vocabulary.plans), ("product", (*vocabulary.products, company.name)),
        )  # fmt: skip
        for kind, names in groups:
            for name in names:
                self._add(name, Entry(name, kind))
        for rep in company.team:
            self._add(rep.name, Entry(rep.name, "rep"))
        self._choices(company)
        for said, name in vocabulary.synonyms.items():
            for entry in self.forms.get(compact(name), ()):
                self._add(said, entry)
        self._tools = {form for form, of in self.forms.items() if any(e.kind == "tool" for e in of)}
        self._fuzzy = [f for f in self.forms if len(f) >= FUZZY_FROM]
        sold = _sold(company)
        for said, name in said_forms(trades_of(company), vocabulary.synonyms).items():
            if said not in sold:
                self._add(said, Entry(name, "industry"))
        for said, place in SAID_PLACES.items():
            self._add(said, Entry(place, "place"))
        self.longest = max((len(f) for f in self.forms), default=0)

    def _choices(self, company: Company) -> None:
        """A criterion's values are also words callers use."""
        for segment in company.segments:
            for criterion in segment.criteria:
                if criterion.kind != "choice":
                    continue
                for value in (*criterion.any_of, *criterion.none_of):
                    self._add(value.replace("_", " "), Entry(value, criterion.name))

    def _add(self, form: str, entry: Entry) -> None:
        key = compact(form)
        if entry.kind == "role":
            self._roles.setdefault(_in_singulars(form), entry.name)
        known = self.forms.get(key, ())
        if key and entry.kind not in {e.kind for e in known}:
            self.forms[key] = (*known, entry)

    def listed_role(self, title: str) -> str | None:
        """The company's form of a job title, in singular or plural, if it lists it."""
        entries = self.forms.get(compact(title), ())
        exact = (e.name for e in entries if e.kind == "role")
        return next(exact, None) or self._roles.get(_in_singulars(title))

    def names(self, text: str) -> bool:
        """Whether a lower-case text contains a name the company knows."""
        words = TOKEN.findall(text)
        heard = [compact(word) for word in words]
        return any(self._at(words, heard, i)[0] for i in range(len(words)))

    def mentions(self, u: Utterance) -> list[Mention]:
        """Known names in the text, the longest first at each position, without overlaps."""
        found: list[Mention] = []
        words = [t.text for t in u.tokens]
        heard = [compact(word) for word in words]
        addresses = [m.span() for m in _ADDRESS.finditer(u.text)]
        i = 0
        while i < len(u.tokens):
            at = u.tokens[i].start
            if any(start <= at < end for start, end in addresses):
                i += 1
                continue
            used, entries, exact = self._at(words, heard, i)
            if used:
                start, end = u.tokens[i].start, u.tokens[i + used - 1].end
                found += [Mention(e.name, e.kind, start, end, exact) for e in entries]
            i += max(used, 1)
        return found

    def _at(
        self, words: Sequence[str], heard: Sequence[str], i: int
    ) -> tuple[int, tuple[Entry, ...], bool]:
        """How many words from a position form a name, and its entries; `heard`: compact forms."""
        for used in range(min(5, len(words) - i), 0, -1):
            form = "".join(heard[i : i + used])
            apart = used > 1 and _SHORT.intersection(words[i : i + used])
            if apart or len(form) > self.longest + 2:
                continue
            for key in (form, form.removesuffix("s")):
                if key in self.forms and len(key) > 1:
                    return used, self.forms[key], True
        for used in (2, 1, 3):
            said = words[i : i + used]
            if len(said) < used or said[0] in GLUE or said[-1] in GLUE or COMMON.issuperset(said):
                continue
            if any(word in self._tools for word in heard[i + 1 : i + used]):  # "sync salesforce"
                continue
            if close := self._close("".join(heard[i : i + used])):
                return used, self.forms[close], False
        return 0, (), False

    @lru_cache(maxsize=4096)  # noqa: B019 - one lexicon lives as long as the process
    def _close(self, form: str) -> str | None:
        if len(form) < FUZZY_FROM:
            return None
        best = process.extractOne(form, self._fuzzy, scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF)
        return best[0] if best and best[0][0] == form[0] else None


def _sold(company: Company) -> frozenset[str]:
    """Single words for what the company sells, which alone are nobody's industry."""
    vocabulary = company.vocabulary
    names = (company.name, *vocabulary.products)
    words = {word for name in names for word in name.lower().split()}
    return frozenset(words - {trade.lower() for trade in trades_of(company)})


def trades_of(company: Company) -> list[str]:
    """Every industry the company names."""
    of_segments = [trade for segment in company.segments for trade in segment.industries]
    return [*company.vocabulary.industries, *of_segments]


GLUE = frozenset(
    "a an and are at be but by can do does for from have how i in is it me my no not of on or our"
    " so that the their them there they this to us was we were what with you your we're i'm"
    " it's".split()
)
_SHORT = frozenset(
    "let's it's that's what's there's here's who's he's she's i'm we're you're they're i'll we'll"
    " i'd we'd i've we've don't can't won't".split()
)
"""Contractions, never part of a longer name: "I'm out, let's" names no outlets."""
_FIGURES = frozenset("hundred quarter half dozen hundreds thousands".split())
COMMON = (
    GLUE | STOP | LIGHT | _FIGURES | set(UNITS) | set(TEENS) | set(TENS) | set(SCALES) | set(VAGUE)
    | frozenset(
        "both data day days did each find has long must our own place price pricing say through"
        " time times two years sync market marketing sale sales service services security secure"
        " report reports account accounts month months week weeks budget team teams meeting"
        " contract process processes problem problems stored history version project projects"
        " design mobile email number numbers decision decisions building moving current"
        " shopping".split()
    )
)  # fmt: skip
"""Plain words that are never treated as a misheard name."""
