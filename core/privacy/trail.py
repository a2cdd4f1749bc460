"""A card number given over several turns: "four one one one", "go on", "one one one one", … Pure.

A `Trail` is what the last turns leave to join with the next. `read` checks a turn against it and
changes nothing; the new trail takes effect when the turn does.
"""

from dataclasses import dataclass, replace

from core.privacy.cards import (
    CARD,
    DETAIL,
    LENGTHS,
    Hidden,
    find,
    is_card,
    marked,
    misheard,
    redacted,
    telephone,
)
from core.privacy.cards import names_a_card as named
from core.privacy.digits import Piece, Run, runs

MOST_WORDS = 3
"""Most words besides the digits in a turn that continues an earlier one."""
MOST_TURNS = 8
PATIENCE = 2
"""Most turns without digits in between."""
PRIMED = 3
"""Turns after a card in which a bare code belongs to it."""
LEAST = 2
_FAR = 13
"""Total digits from which a named card counts as one, whatever the check digit."""


@dataclass(frozen=True, slots=True)
class Part:
    """The digits a turn ended with, grouped as said."""

    turn: int
    digits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """What remains of the last turns."""

    parts: tuple[Part, ...] = ()
    silent: int = 0
    """Turns without digits since."""
    primed: int = 0
    """For how many turns a code or a date still belongs to a card."""
    named: int = 0
    """For how many turns dictated digits are a card, because the buyer said so."""

    def without(self, turn: int) -> "Trail":
        """As if this turn had not been said, because a later one repeats its words."""
        return replace(self, parts=tuple(p for p in self.parts if p.turn != turn))


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked turn: its text as it may be stored, what was removed, earlier turns to blank."""

    text: str
    hidden: tuple[Hidden, ...]
    earlier: tuple[int, ...]
    trail: Trail

    @property
    def card(self) -> bool:
        """Whether part of a card was said."""
        return bool(self.hidden) or marked(self.text)


def read(trail: Trail, turn: int, text: str, *, spoken: bool = False) -> Checked:
    """A turn checked against those before it; `spoken`: as a recogniser heard it."""
    trail = trail.without(turn)
    hidden = find(text, primed=trail.primed > 0, spoken=spoken)
    there = runs(text)
    earlier: tuple[int, ...] = ()
    if trail.parts and there and not any(h.mark == CARD for h in hidden):
        joined, earlier = _joined(trail, there[0], spoken)
        if joined is not None:
            rest = [h for h in find(text, primed=True, spoken=spoken) if h.start >= joined.end]
            hidden = (joined, *rest)
    kept = redacted(text, hidden)
    return Checked(kept, hidden, earlier, _after(trail, turn, text, there, hidden))


def _joined(trail: Trail, run: Run, spoken: bool) -> tuple[Hidden | None, tuple[int, ...]]:
    """A card that ends in this run and began in an earlier turn, with the turns it began in."""
    if run.before > MOST_WORDS or run.plus:
        return None, ()
    for first in range(len(trail.parts)):
        parts = trail.parts[first:]
        groups = [g for part in parts for g in part.digits]
        for skip in range(len(parts[0].digits)):
            piece = _ending(groups[skip:], run, named=trail.named > 0, spoken=spoken and not skip)
            if piece is not None:
                return Hidden(run.start, piece.end, CARD), tuple(p.turn for p in parts)
    return None, ()


def _ending(groups: list[str], run: Run, *, named: bool, spoken: bool) -> Piece | None:
    """The piece of the run with which these groups complete a card number."""
    digits, fitting = "".join(groups), None
    for piece in run.pieces:
        digits += piece.digits
        if is_card(digits):
            fitting = piece
    whole = "".join(groups) + run.digits
    if fitting is None and named and _FAR <= len(whole) <= 19 and whole[0] in "23456":
        return run.pieces[-1]
    if fitting is None and spoken and misheard(whole) and not telephone(run):
        return run.pieces[-1]
    return fitting


def _unfinished(run: Run, cards: list[Hidden]) -> bool:
    """Whether a named card has too few digits yet: the rest will follow."""
    return len(run.digits) < LENGTHS[0] and any(c.start <= run.start < c.end for c in cards)


def _after(
    trail: Trail, turn: int, text: str, there: list[Run], hidden: tuple[Hidden, ...]
) -> Trail:
    primed = PRIMED if any(h.mark in (CARD, DETAIL) for h in hidden) else max(0, trail.primed - 1)
    says = PRIMED if named(text) else max(0, trail.named - 1)
    cards = [h for h in hidden if h.mark == CARD]
    if cards and not (there and _unfinished(there[-1], cards)):
        return Trail((), 0, primed, says)
    if not there:
        patient = trail.silent < PATIENCE and trail.parts
        return Trail(trail.parts if patient else (), trail.silent + 1, primed, says)
    last = there[-1]
    if telephone(last) and not says:  # repeated as a correction: no card with the rest
        return Trail((), 0, primed, says)
    if last.after > MOST_WORDS or last.plus or len(last.digits) < LEAST or marked(text):
        return Trail((), 0, primed, says)
    goes_on = len(there) == 1 and last.before <= MOST_WORDS
    parts = (*(trail.parts if goes_on else ()), Part(turn, tuple(p.digits for p in last.pieces)))
    return Trail(parts[-MOST_TURNS:], 0, primed, says)
