"""Buyers' questions, read from `asked/*.yaml` and split randomly into a tune and a hold-out
half."""

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

Half = Literal["tune", "hold-out"]
HALVES: tuple[Half, Half] = ("tune", "hold-out")
HERE = Path(__file__).parent / "asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """One wording; `articles` are those that may answer it, none when it is not covered."""

    ask: str
    articles: frozenset[str]
    after: tuple[str, ...] = ()


def half_of(ask: str) -> Half:
    """The half of a wording: by its own hash, so that new wordings move no old one."""
    return "tune" if hashlib.sha256(f"half:{ask}".encode()).digest()[0] % 2 else "hold-out"


def asked(company: str, half: Half | None = None) -> list[Asked]:
    """Single questions, answered and unanswered, with and without context."""
    data = _read(company)
    plain = [
        Asked(a, frozenset(k.split("|"))) for k, asks in data["answered"].items() for a in asks
    ]
    leaning = [Asked(f["ask"], _ids(f["article"]), tuple(f["after"])) for f in data["follow_ups"]]
    nothing = [Asked(a, frozenset()) for a in data["unanswered"]]
    everything = [*plain, *leaning, *nothing]
    return [a for a in everything if half is None or half_of(a.ask) == half]


def several(company: str, half: Half | None = None) -> list[tuple[str, list[frozenset[str]]]]:
    """Turns that ask several things, with what may answer each."""
    rows = [(s["ask"], [_ids(a) for a in s["articles"]]) for s in _read(company)["several"]]
    return [row for row in rows if half is None or half_of(row[0]) == half]


def _ids(value: Any) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) else value or ())


def _read(company: str) -> Any:
    return yaml.safe_load((HERE / f"{company}.yaml").read_text(encoding="utf-8"))


def noisy(ask: str, rate: float, seed: int = 7) -> str:
    """The wording as transcribed by a poor recogniser: words lost, distorted, or replaced by small
    ones."""
    rng = random.Random(f"{seed}:{ask}")
    return " ".join(w for word in ask.split() if (w := _misheard(word, rate, rng))) or ask


def _misheard(word: str, rate: float, rng: random.Random) -> str:
    if rng.random() >= rate:
        return word
    kind = rng.choice(("lost", "small", "bent"))
    if kind == "lost":
        return ""
    if kind == "small" or len(word) < 4:
        return rng.choice(("a", "the", "it", "and", "to", "of", "in", "um"))
    at = rng.randrange(1, len(word))
    return word[:at] + rng.choice("aeioulnrst") + word[at + rng.choice((0, 1)) :]
