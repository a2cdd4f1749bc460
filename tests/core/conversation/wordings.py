"""Scores the reading of the wordings in `wordings/*.txt`, half of which were never tuned on.

A line: `[what was asked] words => criterion=value; criterion!=value`. `=` is a positive signal,
`!=` a negative one, `?=` one that may also be missed; `a|b` allows either, `*` any value. Every
second line is held out.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from core.talk import ConversationOpened, UserSaid
from core.thinking.thinker import Thinker
from tests.core.states import asked, under_way
from tests.core.talk import MONDAY_NOON, knowledge, sample

FOLDER = Path(__file__).parent / "wordings"
OPENED = ConversationOpened("c1", "voice", "inbound", "+14155550100", "+16175550142", MONDAY_NOON)


@dataclass(frozen=True, slots=True)
class Wording:
    """A caller's words and what they tell."""

    about: str
    asked: str | None
    said: str
    tells: tuple[tuple[str, str, str], ...]
    held_out: bool


@dataclass
class Score:
    """Counts of what was found, missed and invented."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + len(self.missed) + len(self.wrong), 1)


def wordings(about: str) -> list[Wording]:
    """The wordings of one file."""
    made = []
    for n, line in enumerate((FOLDER / f"{about}.txt").read_text().splitlines()):
        match = re.fullmatch(r"(?:\[(\w+)\] )?(.*?) =>(.*)", line)
        assert match, line
        tells = [re.fullmatch(r"(\w+)(!=|\?=|=)(.*)", t.strip()) for t in match[3].split(";")]
        found = tuple((t[1], t[2], t[3].strip()) for t in tells if t)
        made.append(Wording(about, match[1], match[2], found, n % 2 == 1))
    return made


def read(wording: Wording, thinker: Thinker) -> list[tuple[str, str, str]]:
    """The signals read from a fresh caller's words."""
    state = under_way(OPENED)
    if wording.asked:
        state = asked(state, wording.asked)
    said = UserSaid(2, wording.said, 1000, 4000, MONDAY_NOON)
    after = thinker.think(state, said).state
    return [
        (s.criterion, "!=" if s.polarity == "negative" else "=", s.value)
        for s in after.signals.active
        if s.basis == "stated"
    ]


def score(wording: Wording, thinker: Thinker, into: Score) -> None:
    """Add the reading of one wording."""
    found = read(wording, thinker)
    for name, sign, value in wording.tells:
        wanted = [v.lower() for v in value.split("|")]
        hit = next(
            (
                f
                for f in found
                if f[0] == name and f[1][0] == sign[0].replace("?", "=")
                and ("*" in wanted or f[2].lower() in wanted)
            ),
            None,
        )  # fmt: skip
        if hit:
            found.remove(hit)
        into.right += bool(hit)
        if not hit and sign != "?=":
            into.missed.append(f"{wording.said!r}: {name}{sign}{value}")
    into.wrong += [f"{wording.said!r}: {n}{s}{v}" for n, s, v in found]


def scored(about: str, held_out: bool) -> Score:
    """The score of one half of a file."""
    thinker = Thinker(sample().company, knowledge(), "v")
    total = Score()
    for wording in wordings(about):
        if wording.held_out == held_out:
            score(wording, thinker, total)
    return total


CRITERIA = tuple(sorted(p.stem for p in FOLDER.glob("*.txt")))

if __name__ == "__main__":
    import sys

    for about in sys.argv[1:] or CRITERIA:
        dev, out = scored(about, False), scored(about, True)
        print(f"{about:14} dev {dev.f1:.3f}  held out {out.f1:.3f}")  # noqa: T201
        for text in [*("missed " + m for m in dev.missed), *("wrong  " + w for w in dev.wrong)]:
            print("    ", text)  # noqa: T201
