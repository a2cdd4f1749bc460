"""How callers speak, as rules that expand into the sentences of the language model.

A rule set is text. `: name weight` begins a kind of caller sentence, `- name` a part used by
others; each line under it is one wording, which indented lines continue. In a wording `(a|b|)` is a
choice, possibly of nothing, and `<name>` stands for one expansion of a part. Nothing here is
specific to a company: parts filled by the company folder (such as `<integration>`) are lists passed
to `Grammar`.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"[()|]|<[a-z_]+>|[^()|<>\s]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A reference to another rule."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences."""

    of: tuple["Sequence_", ...]


Sequence_ = tuple["str | Part | Choice", ...]


def parse(text: str) -> tuple[dict[str, list[Sequence_]], dict[str, float]]:
    """Rules by name, and the weights of those that are whole sentences."""
    rules: dict[str, list[Sequence_]] = {}
    weights: dict[str, float] = {}
    lines: list[Sequence_] = []
    for row in text.replace("\n ", " ").splitlines():
        if not row.strip():
            continue
        if row[0] in ":-" and row[1] == " ":
            name, *weight = row[2:].split()
            lines = rules.setdefault(name, [])
            if row[0] == ":":
                weights[name] = float(weight[0]) if weight else 1.0
        else:
            tokens = _TOKEN.findall(row)
            sequence, rest = _sequence(tokens, 0)
            if rest != len(tokens):
                raise ValueError(f"unbalanced: {row}")
            lines.append(sequence)
    return rules, weights


def _sequence(tokens: list[str], at: int) -> tuple[Sequence_, int]:
    items: list[str | Part | Choice] = []
    while at < len(tokens) and tokens[at] not in ("|", ")"):
        token = tokens[at]
        at += 1
        if token == "(":
            options: list[Sequence_] = []
            while True:
                option, at = _sequence(tokens, at)
                if at == len(tokens):
                    raise ValueError(f"unbalanced: {' '.join(tokens)}")
                options.append(option)
                at += 1
                if tokens[at - 1] == ")":
                    break
            items.append(Choice(tuple(options)))
        elif token[0] == "<":
            items.append(Part(token[1:-1]))
        else:
            items.append(token)
    return tuple(items), at


class Grammar:
    """Rules and lists that expand into sentences; the same seed gives the same sentences."""

    def __init__(self, text: str, lists: Mapping[str, Sequence[str]]) -> None:
        self._rules, self._weights = parse(text)
        self._lists = {name: list(values) for name, values in lists.items()}
        missing = self._references() - set(self._rules) - set(self._lists)
        if missing:
            raise ValueError(f"no rule and no list for: {', '.join(sorted(missing))}")

    def sentences(self, count: int, seed: int = 1) -> list[str]:
        """About `count` sentences: every wording of every kind gets its share, the rest are
        random."""
        rng = random.Random(seed)
        total = sum(self._weights.values())
        out: list[str] = []
        for name in sorted(self._weights):
            share = int(count * self._weights[name] / total)
            wordings = self._rules[name]
            for turn in range(max(share, len(wordings))):
                words: list[str] = []
                if not self._expand(wordings[turn % len(wordings)], rng, words):
                    continue
                out.append(" ".join(words))
        return out

    def _expand(self, sequence: Sequence_, rng: random.Random, words: list[str]) -> bool:
        """Append one expansion; False when a company list it needs is empty."""
        for item in sequence:
            if isinstance(item, str):
                words.append(item)
            elif isinstance(item, Choice):
                if not self._expand(rng.choice(item.of), rng, words):
                    return False
            elif (values := self._lists.get(item.name)) is not None:
                if not values:
                    return False
                words.extend(rng.choice(values).split())
            elif not self._expand(rng.choice(self._rules[item.name]), rng, words):
                return False
        return True

    def _references(self) -> set[str]:
        found: set[str] = set()
        todo: list[str | Part | Choice] = [
            item for lines in self._rules.values() for line in lines for item in line
        ]
        while todo:
            item = todo.pop()
            if isinstance(item, Part):
                found.add(item.name)
            elif isinstance(item, Choice):
                todo.extend(part for option in item.of for part in option)
        return found
