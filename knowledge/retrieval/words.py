"""Turns text into terms, the same way for passages and questions, so that both match in the index.

A term is the set of tokens that may stand for one thing said: its stem, its synonyms in everyday
English, and the tags of the company's names and synonyms. Names of tools, plans and competitors
become one token each (`=google ads`), however the recogniser split or spelled them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.profile import Company
from knowledge.retrieval.english import EXACTLY_LIGHT, EXACTLY_STOP, LIGHT, QUESTION, STOP
from knowledge.retrieval.kin import kin, phrases
from knowledge.retrieval.tokens import sound, stem, tokens

Weight = Literal["stop", "question", "light", "content"]
Repair = Literal["none", "heard", "typed"]
"""How words that nobody knows are corrected: not, as misheard, or as mistyped."""

_LONGEST_PHRASE = max(len(phrase) for phrase in phrases())
_BEGINNINGS = frozenset(phrase[0] for phrase in phrases())
_NEAR_NAME = 84
LONGEST_SPELLED = 20
_NEAR_WORD = 88
_STOP_STEMS = frozenset(stem(word) for word in STOP)
_LIGHT_STEMS = frozenset(stem(word) for word in LIGHT)
_KIN = kin()


@dataclass(frozen=True, slots=True)
class Term:
    """One thing said: any of `forms` may match it. `name` is set for a declared name."""

    said: str
    forms: tuple[str, ...]
    weight: Weight
    name: str | None = None
    kind: str = ""


Terms = Callable[[str], Sequence[Term]]
"""Splits a text into terms."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A declared name or one of its spoken forms."""

    name: str
    kind: str
    hard: bool
    """Whether a passage must mention it to answer a question that does."""


class Words:
    """The company's vocabulary: its names, their spoken forms, and how they become terms."""

    def __init__(self, company: Company, prose: Iterable[str]) -> None:
        """`prose`: text with capitals; a name also found there in lower case is a common word."""
        self._own = {company.name.lower()}
        plain = {stem(w) for text in prose for w in re.findall(r"\b[a-z]{3,}\b", text)}
        self._entries: dict[tuple[str, ...], _Entry] = {}
        vocabulary = company.vocabulary
        kinds = {kind: getattr(vocabulary, kind) for kind in (
            "products", "plans", "integrations", "competitors", "tools", "terms", "industries",
            "use_cases", "roles")}  # fmt: skip
        named: dict[str, _Entry] = {}
        for kind, names in kinds.items():
            for name in names:
                entry = _Entry(name, kind, _is_hard(name, kind, plain))
                named.setdefault(name, entry)
                self._entries.setdefault(tuple(tokens(name)), named[name])
        for said, name in vocabulary.synonyms.items():
            entry = named.setdefault(name, _Entry(name, "terms", False))
            self._entries.setdefault(tuple(tokens(said)), entry)
        self._longest: dict[str, int] = {}
        """Length in words of the longest name that begins with a word."""
        for key in filter(None, self._entries):
            self._longest[key[0]] = max(len(key), self._longest.get(key[0], 1))
        self._joined = {"".join(key): key for key in self._entries if len("".join(key)) >= 5}
        self._known: set[str] = set()
        self._nearest_name = lru_cache(maxsize=4096)(self._find_name)
        self._nearest_word = lru_cache(maxsize=4096)(self._find_word)

    @cached_property
    def goods(self) -> frozenset[str]:
        """The forms of what is sold: products and plans, under any of their names."""
        sold = [e for e in self._entries.values() if e.kind in ("products", "plans")]
        return frozenset(f"{'=' if e.hard else '~'}{e.name.lower()}" for e in sold)

    def learn(self, stems: Iterable[str]) -> None:
        """Register the passages' stems, towards which misheard words are corrected."""
        self._known.update(s for s in stems if s.isalpha())

    @cached_property
    def _spellings(self) -> list[str]:
        return sorted(self._joined)

    @cached_property
    def _stems(self) -> list[str]:
        return sorted(s for s in self._known | _LIGHT_STEMS if len(s) >= 6)

    def terms(self, text: str, repair: Repair = "none") -> list[Term]:
        """Terms of `text` in order."""
        words = tokens(text) if repair == "none" else self._spelled(tokens(text))
        found: list[Term] = []
        n = 0
        while n < len(words):
            entry, length = self._name_at(words, n, repair)
            if entry is None and (phrase := _phrase_at(words, n)):
                found.append(self._meant(words[n : n + len(phrase)], phrases()[phrase]))
                n += len(phrase)
            elif entry is None:
                term = self._word(words[n], repair)
                soon = _asks_how_soon(words, n)
                weight = "question" if soon else "content" if _is_help(words, n) else term.weight
                found.append(replace(term, weight=weight))
                n += 1
            else:
                found.extend(self._named(words[n : n + length], entry))
                n += length
        return found

    def _spelled(self, words: list[str]) -> list[str]:
        """Joins split words that make a known one: `a p i`, `road map`."""
        out: list[str] = []
        n = 0
        while n < len(words):
            run = n
            most = min(len(words), n + LONGEST_SPELLED)
            while run < most and len(words[run]) == 1 and words[run].isalpha():
                run += 1
            if run - n < 2 and self._halves(words[n : n + 2]):
                run = n + 2
            joined = "".join(words[n:run])
            if run - n >= 2 and (stem(joined) in self._known or (joined,) in self._entries):
                out.append(joined)
                n = run
            else:
                out.append(words[n])
                n += 1
        return out

    def _halves(self, pair: Sequence[str]) -> bool:
        """Whether two words, one of them unknown, form a known one."""
        return (
            len(pair) == 2
            and min(map(len, pair)) >= 3
            and any(not self._is_known(stem(word)) for word in pair)
            and stem("".join(pair)) in self._known
        )

    def _is_known(self, root: str) -> bool:
        return root in self._known or root in _STOP_STEMS

    def _name_at(self, words: Sequence[str], n: int, repair: Repair) -> tuple[_Entry | None, int]:
        longest = self._longest.get(words[n], 1)
        for length in range(min(longest, len(words) - n), 0, -1):
            key = tuple(words[n : n + length])
            if entry := self._entries.get(key) or self._entries.get(_singular(key)):
                return entry, length
        if repair == "none":
            return None, 0
        for length in (3, 2):
            piece = words[n : n + length]
            if len(piece) == length and not all(stem(w) in _STOP_STEMS for w in piece):
                joined = "".join(piece)
                known = self._joined.get(joined) or self._joined.get(joined.removesuffix("s"))
                if known:
                    return self._entries[known], length
        return self._misheard(words, n)

    def _misheard(self, words: Sequence[str], n: int) -> tuple[_Entry | None, int]:
        word = words[n]
        if len(word) < 5 or self._is_known(stem(word)) or stem(word) in _LIGHT_STEMS:
            return None, 0
        key = self._nearest_name(word)
        if key is None:
            return None, 0
        return self._entries[key], 1

    def _find_name(self, word: str) -> tuple[str, ...] | None:
        """The declared name that an unknown word clearly resembles in sound and spelling."""
        found = process.extractOne(
            word, self._spellings, scorer=fuzz.ratio, score_cutoff=_NEAR_NAME
        )
        if found is None or sound(found[0])[:1] != sound(word)[:1]:
            return None
        return self._joined[found[0]]

    def _named(self, said: Sequence[str], entry: _Entry) -> list[Term]:
        phrase = " ".join(said)
        if entry.name.lower() in self._own:
            return [Term(phrase, (phrase,), "stop")]
        if entry.hard:
            forms = (f"={entry.name.lower()}",)
            return [Term(phrase, forms, "content", entry.name, entry.kind)]
        tag = f"~{entry.name.lower()}"
        plain = (self._word(word, "none") for word in said)
        return [Term(t.said, (*t.forms, tag), t.weight) if t.weight != "stop" else t for t in plain]

    def _meant(self, said: Sequence[str], word: str) -> Term:
        """A phrase as the single word it stands for."""
        root = stem(word)
        return Term(" ".join(said), (root, *_KIN.get(root, ())), "content")

    def _word(self, word: str, repair: Repair) -> Term:
        plain = _plain(word)
        root = plain.forms[0]
        if repair == "none" or plain.weight in ("question", "stop") or root in self._known:
            return plain
        if len(word) >= 4 and (swapped := self._swapped(word)):
            return _plain(swapped)
        if len(word) >= 6:
            near = self._nearest_word(root)
            return _plain(near) if near in _LIGHT_STEMS else _telling(word, near)
        return _telling(word, self._same_sound(root, repair)) if len(word) >= 4 else plain

    def _swapped(self, word: str) -> str:
        """The one known word with two letters swapped: "csot"."""
        pairs = range(len(word) - 1)
        ways = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in pairs} - {word}
        known = [way for way in sorted(ways) if self._is_known(stem(way))]
        return known[0] if len(known) == 1 else ""

    def _find_word(self, root: str) -> str:
        found = process.extractOne(root, self._stems, scorer=fuzz.ratio, score_cutoff=_NEAR_WORD)
        if found and sound(found[0])[:2] == sound(root)[:2]:
            return found[0]
        return root

    def _same_sound(self, root: str, repair: Repair) -> str:
        """The one known word that sounds like a short unknown one: "sink" for "sync"."""
        alike = self._sounds.get((root[0], _voiced(root)), ()) if len(sound(root)) > 2 else ()
        if len(alike) != 1 or not (repair == "heard" or OSA.distance(alike[0], root) == 1):
            return root  # nobody types "brick" for "break"
        return alike[0]

    @cached_property
    def _sounds(self) -> dict[tuple[str, str], tuple[str, ...]]:
        out: dict[tuple[str, str], tuple[str, ...]] = {}
        for known in sorted(s for s in self._known - _STOP_STEMS if 4 <= len(s) <= 6):
            key = (known[0], _voiced(known))
            out[key] = (*out.get(key, ()), known)
        return out

    def index_tokens(self, terms: Iterable[Term]) -> list[str]:
        """Every token by which a text of these terms is found: their forms, and parts of names."""
        out: list[str] = []
        for term in terms:
            out.extend(term.forms)
            if term.name:
                out.extend(stem(word) for word in tokens(term.name))
        return out


def _asks_how_soon(words: Sequence[str], n: int) -> bool:
    """Whether a word only asks for a time: "how fast can you start"; "how fast is it" does not."""
    around = words[n - 1 : n] == ["how"] and n + 1 < len(words) and words[n + 1] in _MODALS
    return words[n] in _PACE and around


def _is_help(words: Sequence[str], n: int) -> bool:
    """Whether "support" is what they want to have, rather than a verb: "does it have support"."""
    return words[n:] == ["support"] and n > 0 and words[n - 1] in _HAVING


_HAVING = frozenset("have has get gets offer include includes provide any your of".split())
_PACE = frozenset(("fast", "quick", "quickly"))
_MODALS = frozenset(("can", "could", "would", "will"))


def carries_topic(text: str) -> bool:
    """Whether a text has a word that may name a topic, unlike those of every conversation."""
    return bool(topics(text))


def topics(text: str) -> frozenset[str]:
    """Stems of a text's words that may name a topic."""
    return frozenset(
        stem(word)
        for word in tokens(text)
        if word not in QUESTION and not word.isdigit()
        if stem(word) not in _STOP_STEMS and stem(word) not in _LIGHT_STEMS
    )


@lru_cache(maxsize=20_000)
def _plain(word: str) -> Term:
    """A word unchanged."""
    root = stem(word)
    if word in QUESTION:
        return Term(word, (root,), "question")
    if word in STOP or word in EXACTLY_STOP or root in _STOP_STEMS:
        return Term(word, (root,), "stop")
    return _telling(word, root)


def _telling(word: str, root: str) -> Term:
    """A significant word, by its stem or that of its correction."""
    light = root in _LIGHT_STEMS or word in EXACTLY_LIGHT or _is_count(word)
    return Term(word, (root, *_KIN.get(root, ())), "light" if light else "content")


def _is_count(word: str) -> bool:
    """A number a buyer may mention in passing: how many of something they have, or a percentage."""
    if word.endswith("%"):
        return True
    return word.isdigit() and (len(word) <= 2 or word.endswith("00"))


def _phrase_at(words: Sequence[str], n: int) -> tuple[str, ...] | None:
    if words[n] not in _BEGINNINGS:
        return None
    known = phrases()
    for length in range(min(_LONGEST_PHRASE, len(words) - n), 1, -1):
        if (key := tuple(words[n : n + length])) in known:
            return key
    return None


def _voiced(root: str) -> str:
    """The sound of a root in which "g" stays distinct: "sing" is not "sync"."""
    return sound(root.replace("g", "_"))


def _singular(key: tuple[str, ...]) -> tuple[str, ...]:
    return (*key[:-1], key[-1].removesuffix("s")) if len(key[-1]) > 3 else key


def _is_hard(name: str, kind: str, plain: set[str]) -> bool:
    words = name.split()
    if kind in ("industries", "use_cases", "roles"):
        return False
    if kind == "terms" and not all(re.search(r"[A-Z0-9]", word) for word in words):
        return False
    return len(words) > 1 or stem(name.lower()) not in plain
