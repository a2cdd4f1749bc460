"""The likely meaning of an unclear question: answered along, or checked with the buyer. Pure.

A likely meaning is answered along with the deferral, and the question stays with its owner unless
the buyer confirms that meaning. A less certain one becomes a clarifying question, which is better
than deferring something we could answer. By mail a clarifying question costs a day, so a less
certain meaning is answered along as well: "if you mean …".

A clarifying question is not a question about the buyer: it settles theirs. After a yes, the named
article answers. After a no, the next likely meaning is tried, if there is one, and then the
question is deferred, as it is after anything else that is no new question; "no, thanks" drops it.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.asking import Offer
from core.commands import AskProduct, Deny, Objection, ProvideSignal, RequestHuman, Smalltalk
from core.conversation.ledger import Check, Hedged, Meanings, Question
from core.conversation.state import ConversationState
from core.conversation.understanding.asks.mirror import mirrored
from core.plan import ANYTHING_ELSE, Act, Defer, Give, Point, Tell
from core.policy.stands import answer_stands
from core.policy.view import View
from knowledge.entry import NoAnswer, Perhaps

MOST_HEDGED = 2
"""Most deferred questions of one mail or chat message answered along; aloud it is one."""
_ASKING = (AskProduct, Objection, ProvideSignal, Smalltalk)


def hedged(view: View, points: Sequence[Point]) -> list[Point]:
    """Deferrals with their likely meaning answered along, unless that was said before."""
    made: list[Point] = []
    said = {c for p in points if isinstance(p, Give) for c in _cited(p)}
    left = MOST_HEDGED if view.state.written else 1
    if view.state.judged.disqualified or (view.has(RequestHuman) and not view.state.written):
        left = 0
    for point in points:
        if left and isinstance(point, Defer) and point.passage is None and point.wants == "answer":
            wording, answer = view.meant.get(point.question_id, ("", None))
            if answer is not None and answer.passages[0].citation not in said and not point.late:
                verbatim = answer.policy == "verbatim"
                asked = (point.question_id,)
                give = Give(asked, wording, answer.passages, verbatim, affirms=answer.affirms)
                point = replace(point, meant=give)
                said |= {*_cited(give)}
                left -= 1
        made.append(point)
    return made


def _cited(point: Give) -> tuple[str, ...]:
    return tuple(p.citation for p in point.passages)


def settled(view: View, points: tuple[Point, ...]) -> Act | None:
    """Settle a question that was answered along, once they said whether that was it."""
    more = () if view.state.by_mail else (ANYTHING_ELSE,)
    if view.confirmed and not points:
        return Act("meant", (Tell("meant_it"), *more))
    owed = view.state.meanings.hedged[0] if view.state.meanings.hedged else None
    if owed is None or points or not view.mere:
        return None
    if not view.corrected and not (view.state.by_mail and view.has(Deny)):
        return None
    owner = next(q.owner for q in view.state.questions if q.id == owed.question_id)
    return Act("meant", (answer_stands(view, owner), *more))


def checked(view: View, points: tuple[Point, ...]) -> Act | None:
    """Ask a clarifying question instead of deferring the one question we are unsure of."""
    owed = [p for p in points if isinstance(p, Defer) and not (p.passage or p.meant)]
    if any(p.wants != "answer" for p in owed):
        return None
    if len(owed) != 1 or view.state.ending.closing or view.state.by_mail:
        return None
    question = next(q for q in view.state.open_questions() if q.id == owed[0].question_id)
    perhaps = _perhaps(view, question)
    if perhaps is None:
        return None
    slots = (("question", mirrored(perhaps.wording)),)
    line = Tell("meant", slots, kind="confirm", asks=Offer("meant", perhaps.article_id))
    check = Check(question.id, perhaps.wording, perhaps.other, perhaps.article_id)
    rest = tuple(p for p in points if p is not owed[0])
    return Act("check", (*rest, line), check=check)


def asks_alone(view: View) -> bool:
    """Whether the turn only asks, or rejects our guess, and settles nothing else; pending
    agreements wait."""
    if _denied(view):
        return True
    return view.has(AskProduct) and all(isinstance(c, _ASKING) for c in view.commands)


def _denied(view: View) -> bool:
    """Whether the turn only says that we misunderstood their open question."""
    check = view.state.meanings.check
    if check is None or not view.has(Deny):
        return False
    still = any(q.id == check.question_id for q in view.state.open_questions())
    return still and all(isinstance(c, Deny | Smalltalk) for c in view.commands)


def _perhaps(view: View, question: Question) -> Perhaps | None:
    """The meaning to check for a question; after a no, the next one."""
    found, check = view.found.get(question.id), view.state.meanings.check
    if not isinstance(found, NoAnswer):
        return None
    if check is not None and check.question_id == question.id:
        return check.other if _denied(view) and not view.has(Smalltalk) else None
    return found.perhaps


def with_check(state: ConversationState, act: Act) -> ConversationState:
    """The state in which our clarifying question, or what we answered along, awaits a reply."""
    along = tuple(
        Hedged(p.question_id, _cited(p.meant))
        for p in act.points
        if isinstance(p, Defer) and p.meant
    )
    return replace(state, meanings=Meanings(act.check or state.meanings.check, along))
