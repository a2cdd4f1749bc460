"""The order in which an act's points are said, and which share a sentence. Pure."""

from collections.abc import Sequence

from core.conversation.wording.written_lines import UNMAILED
from core.plan import Act, Defer, Give, Point, Tell


def answers_first(points: Sequence[Point]) -> list[Point]:
    """Answers before deferrals; everything else keeps its place."""
    places = [n for n, p in enumerate(points) if isinstance(p, Give | Defer)]
    ordered = sorted((points[n] for n in places), key=lambda p: isinstance(p, Defer))
    made = list(points)
    for n, point in zip(places, ordered, strict=True):
        made[n] = point
    return made


def mailed(act: Act) -> list[Point]:
    """The points of an act that a mail includes, in the order they were asked."""
    idle = [p for p in act.points if isinstance(p, Tell) and p.topic in UNMAILED]
    kept = [p for p in act.points if p not in idle]
    return kept or [Tell("recap_open") for _ in act.points[:1]]


def together(points: Sequence[Point]) -> list[tuple[Point, ...]]:
    """Points grouped by sentence: what one person answers is deferred once."""
    made: list[tuple[Point, ...]] = []
    for point in points:
        same = (n for n, group in enumerate(made) if _same_promise(group[0], point))
        if (place := next(same, None)) is not None:
            made[place] = (*made[place], point)
        else:
            made.append((point,))
    return made


def _same_promise(one: Point, other: Point) -> bool:
    if not (isinstance(one, Defer) and isinstance(other, Defer)):
        return False
    own = any(p.passage is not None or p.meant is not None for p in (one, other))
    return not own and one.owner == other.owner
