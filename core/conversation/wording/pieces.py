"""Sentences before they are numbered, with what each stands for. Pure."""

from dataclasses import dataclass

from core.asking import Again, Asked
from core.plan import AskFor, Defer, Give, Point, Tell
from core.talk import Sentence


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence before it is numbered."""

    text: str
    point: Point
    citations: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    asks: Asked | None = None


def upper_first(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def sentence(piece: Piece, turn: int, n: int) -> Sentence:
    """A piece as the sentence the channel speaks."""
    point = piece.point
    must_hear, promise, sets = False, None, None
    if isinstance(point, Tell):
        asks = piece.asks is not None and not isinstance(piece.asks, Again)
        kind = "ask" if asks and point.kind == "acknowledge" else point.kind
        must_hear, promise, sets = point.must_hear, point.promise, point.sets
    elif isinstance(point, Give):
        kind = "answer"
    elif isinstance(point, Defer):
        along = bool(piece.citations) and not piece.answers
        kind, promise = ("confirm", None) if along else ("deferral", point.owner)
    else:
        kind = "ask" if isinstance(point, AskFor) else "acknowledge"
    return Sentence(
        turn,
        n,
        piece.text,
        kind,
        piece.citations,
        must_hear,
        piece.asks,
        piece.answers,
        promise,
        sets,
    )
