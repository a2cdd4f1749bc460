"""Values of a company's choices in words other than their names: "room temp is fine". Pure.

Matching uses the company's examples of how buyers put them (`scenarios`), in any form of their
words, and other forms of the names ("a freezer" for `frozen`). A denied value is different: "no
cooling needed" is the opposite of "it needs cooling".
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from core.commands import ProvideSignal
from core.conversation.understanding.asks.questions import clauses
from core.conversation.understanding.tells.pointed_at import pointed_at
from core.conversation.words.acronyms import told_apart
from core.conversation.words.figures import certainty
from core.conversation.words.others import of_others
from core.conversation.words.utterance import Utterance
from knowledge.profile import Company
from knowledge.retrieval.english import LIGHT, STOP
from knowledge.retrieval.tokens import stem, tokens

ENOUGH, WHEN_ASKED = 0.74, 0.5
"""Share of an example's weight that must be said, and the same in answer to our question."""
_NEAR = 6
"""Most other words between those of an example."""
_ELSEWHERE = frozenset({"use_case", "tech_stack", "role", "industry", "location"})
"""Choices that are read with more than the company's examples."""
_NOT = frozenset("not no never without neither nor none nothing".split())
_KEPT = frozenset("only just one once no not".split())
"""Words without content elsewhere that tell values apart here: "just the one"."""
_SOMEBODY = frozenset("guy guys fella fellow gal lady person folks department staff".split())
"""Words for people that tell values apart: "our IT guy" is no IT company."""
_DROPPED = frozenset(map(stem, {"own", "another", "other", *(STOP - LIGHT - _KEPT - _SOMEBODY)}))
_WEAK = frozenset(map(stem, LIGHT | _SOMEBODY))
_LITTLE = 0.35
"""Weight of an everyday word relative to others."""
_BEFORE = frozenset("last previous former old ex".split())
_OTHER = frozenset("more another other next last".split())
"""Between the words of an example they change its meaning: "one more time"."""
_SAME = {"just": "only", "temp": "temperature", "temps": "temperature", "fridge": "refrigerator"}
_THING = 6
"""Length in letters from which a word in -er may be a thing, or a person, named for an action: a
freezer freezes, but a manager is not what is managed."""


@dataclass(frozen=True, slots=True)
class _Example:
    """One wording of a value, by its features."""

    value: str
    features: frozenset[str]


class Choices:
    """Reads the choices of one company. Holds no conversation state."""

    def __init__(self, company: Company) -> None:
        criteria: dict[str, dict[str, None]] = {}
        for criterion in company.criteria:
            if criterion.kind == "choice" and criterion.name not in _ELSEWHERE:
                values = criteria.setdefault(criterion.name, {})
                values |= dict.fromkeys((*criterion.any_of, *criterion.none_of))
        self._of = {name: _Choice(company, tuple(values)) for name, values in criteria.items()}

    def read(
        self,
        u: Utterance,
        known: Collection[str],
        asked: Sequence[tuple[int, int]],
        expecting: str | None,
        question: str = "",
    ) -> list[ProvideSignal]:
        """At most one value for each choice that is not `known` from its name; `question`: ours,
        whose options the answer may point at."""
        found: list[ProvideSignal] = []
        for name, choice in self._of.items():
            option = pointed_at(u.text, question) if expecting == name else None
            if option and (meant := choice.met(option, WHEN_ASKED)):
                span = u.span(0, len(u.text))
                found.append(ProvideSignal(span, name, meant.value, "positive", 0.85))
            elif name not in known and (told := choice.told(u, asked, expecting == name)):
                value, start, end, implied = told
                sure = certainty(u, start, end, 0.6 if implied else 0.85)
                span = u.span(start, end)
                found.append(ProvideSignal(span, name, value, "positive", sure, implied))
        return found


class _Choice:
    """The values of one criterion and their wordings."""

    def __init__(self, company: Company, values: Sequence[str]) -> None:
        made = [
            _Example(value, frozenset(f for f, _ in _features(said)))
            for value, said in _wordings(company, values)
        ]
        self._examples = tuple(e for e in made if e.features)
        of: dict[str, set[str]] = {}
        for example in self._examples:
            for feature in example.features:
                of.setdefault(feature, set()).add(example.value)
        counts = Counter(f for e in self._examples for f in e.features)
        self._weight = {
            f: math.log(1 + len(self._examples) / n) * (_LITTLE if f.strip("!") in _WEAK else 1)
            for f, n in counts.items()
        }
        self._only = {feature for feature, values in of.items() if len(values) == 1}
        """Words that identify a single value."""

    def told(
        self, u: Utterance, asked: Sequence[tuple[int, int]], expected: bool
    ) -> tuple[str, int, int, bool] | None:
        """The value a turn tells, where, and whether it is only implied by a question."""
        for start, end, implied in _stretches(u, asked):
            enough = WHEN_ASKED if expected and not implied else ENOUGH
            text = u.said.text[start:end]
            if (example := self.met(text, enough)) is None:
                continue
            if not of_others(u.text, start + _begins(text, example.features)):
                return example.value, start, end, implied
        return None

    def met(self, text: str, enough: float) -> _Example | None:
        """The wording of which enough was said, the most significant if there are several."""
        said = list(_features(text))
        words = _words(text)
        others = [at for at, word in enumerate(words) if word in _OTHER]
        best: tuple[float, _Example] | None = None
        for example in self._examples:
            places = {f: at for f, at in said if f in example.features}
            strong = [f for f in places if f.strip("!") not in _WEAK]
            if not strong or not (len(places) > 1 or self._only.issuperset(places)):
                continue
            first, last = min(places.values()), max(places.values())
            if first and words[first - 1] in _BEFORE:
                continue
            if last - first > len(places) + _NEAR or any(first < at < last for at in others):
                continue
            met = sum(self._weight[f] for f in places)
            share = met / sum(self._weight[f] for f in example.features)
            if share >= enough and (best is None or met > best[0]):
                best = met, example
        return best[1] if best else None


def _begins(text: str, features: frozenset[str]) -> int:
    """Where the first word of an example stands in a text."""
    for word in re.finditer(r"[\w']+", text):
        if features.intersection(f for f, _ in _features(text[: word.end()])):
            return word.start()
    return 0


def _stretches(u: Utterance, asked: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, bool]]:
    """The statements, clause by clause, the last first; then everything up to the first question;
    then the questions."""
    told = [(a, b) for a, b in clauses(u) if not any(x < b and a < y for x, y in asked)]
    yield from ((a, b, False) for a, b in reversed(told))
    if len(told) > 1 and (end := min([len(u.text), *(a for a, _ in asked)])):
        yield 0, end, False
    yield from ((a, b, True) for a, b in asked)


def _wordings(company: Company, values: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((value, value.replace("_", " ")) for value in values)
    for scenario in company.scenarios:
        if scenario.value in values:
            yield from ((scenario.value, said) for said in scenario.said)
    for said, value in company.vocabulary.synonyms.items():
        if value in values:
            yield value, said


_COMPOUND = re.compile(r"\b(in|on|off|out|up|over)[ -](house|site|shore|board|time|call)\b")
"""Two words that are one: "in-house" is no house."""


def _words(text: str) -> list[str]:
    return tokens(_COMPOUND.sub(r"\1\2", told_apart(text)))


def _features(text: str) -> Iterator[tuple[str, int]]:
    """The features of a text, each with the position of its word."""
    denied = False
    for at, word in enumerate(_words(text)):
        denied = denied or word in _NOT
        if word in _NOT or (word not in _KEPT and stem(word) in _DROPPED):
            continue
        feature = _head(_SAME.get(word, word))
        yield f"{'!' * denied}{feature}", at
        denied = denied and feature in _WEAK  # "never has to stay frozen"


def _head(word: str) -> str:
    """What a word's forms have in common."""
    found = stem(word)
    who = word.removesuffix("s").endswith(("er", "or")) and len(word) >= _THING
    if who and found == word:
        return stem(word.removesuffix("r"))
    return f"{found}er" if who and not found.endswith(("er", "or")) else found
