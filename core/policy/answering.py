"""An answer or an owner for every open question of a turn. Pure."""

from core.commands import AskProduct
from core.conversation.ledger import Question
from core.conversation.state import replace
from core.conversation.understanding.asks.sending import wanted
from core.plan import Defer, Give, Point, Tell
from core.policy.checking import hedged
from core.policy.kept import keeper
from core.policy.view import View
from knowledge.entry import FACTS, Answer, leans
from knowledge.retrieval.words import topics

MOST_ANSWERS = 3
"""Most questions answered in one spoken turn; the rest wait for the next. In writing, all are."""


def answers_of(view: View) -> tuple[Point, ...]:
    """An answer or an owner for every open question; a caller who is leaving hears no old ones."""
    if view.state.ending.closing and not view.has(AskProduct):
        return ()
    turn = view.state.turn
    waiting = sorted(view.state.open_questions(), key=lambda q: (q.turn != turn, q.turn))
    aloud = view.state.opened.channel == "voice"
    taken = waiting[: MOST_ANSWERS if aloud else None]
    points = _merged([_answer(view, q) for q in taken])
    owed = any(q.status == "deferred" for q in view.state.questions)
    named = " ".join(view.state.given.promises) if owed else ""
    for n, point in enumerate(points):
        if isinstance(point, Defer) and point.passage is None:
            points[n] = replace(point, again=point.owner_name.split()[0] in named)
            named += point.owner_name
    return tuple(hedged(view, _fitted(view, points)))


def _fitted(view: View, points: list[Point]) -> list[Point]:
    """The short answer, then what it means in their industry, if that adds something."""
    own, given = view.fitting, next((p for p in points if isinstance(p, Give)), None)
    if own is None or given is None:
        return points
    field = Tell("in_their_field", (("value", view.state.signals.value("industry") or ""),))
    more = Give((), "", own.passages, own.policy == "verbatim")
    short = replace(given, passages=given.passages[: 1 + leans(given.passages[0])])
    return [q for p in points for q in ((short, field, more) if p is given else (p,))]


def _merged(points: list[Point]) -> list[Point]:
    """Answers in order; one that answers several questions is said once."""
    made: list[Point] = []
    for point in points:
        same = next((n for n, m in enumerate(made) if _same_answer(m, point)), None)
        if same is None:
            made.append(point)
            continue
        first = made[same]
        assert isinstance(first, Give) and isinstance(point, Give)
        passages = tuple(dict.fromkeys((*first.passages, *point.passages)))
        asked = (*first.questions, *point.questions)
        made[same] = replace(first, questions=asked, passages=passages)
    return made


def _same_answer(one: Point, other: Point) -> bool:
    if not (isinstance(one, Give) and isinstance(other, Give)):
        return False
    if one.verbatim != other.verbatim:
        return False
    if one.passages[:1] != other.passages[:1] and topics(other.question) - topics(one.question):
        return False  # another subject has its own passage first, and that one answers it
    ours, theirs = set(one.passages), set(other.passages)
    return ours <= theirs or theirs <= ours


def _answer(view: View, question: Question) -> Point:
    result = view.found.get(question.id)
    if isinstance(result, Answer) and result.policy in (*FACTS, "refuse"):
        verbatim, refused = result.policy != "paraphrase", result.policy == "refuse"
        told = result.passages
        return Give((question.id,), question.text, told, verbatim, refused, result.affirms)
    default = view.company.default_owner  # owner of last resort: their own rep is better
    knows = question.owner != default and view.company.rep(question.owner) is not None
    owner = question.owner if knows else view.rep or default
    if not isinstance(result, Answer):  # one person owes all answers of a call
        owner = view.state.expects or view.state.answers_last or owner
    if isinstance(result, Answer) and result.policy == "escalate":
        owner = keeper(view, result.article)
    passage = result.passages[0] if isinstance(result, Answer) else None
    late = question.turn < view.state.turn
    name, wants = view.name_of(owner), wanted(question.text)
    return Defer(question.id, question.text, owner, name, passage, late=late, wants=wants)
