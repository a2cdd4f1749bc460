"""Asking back, once, whether this was meant: better than to put off what could be answered. Pure.

It is no question about the buyer: it settles theirs. A yes is answered from the article that was
named, a no puts the question off, and so does everything else that is no new question.
"""

from dataclasses import replace

from core.conversation.mirror import mirrored
from core.conversation.state import Check, ConversationState, Question
from core.plan import Act, Defer, Point, Tell
from core.policy.view import View
from knowledge.entry import NoAnswer, Perhaps


def checked(view: View, points: tuple[Point, ...]) -> Act | None:
    """Ask back instead of putting off the one question of which no one could be sure."""
    owed = [p for p in points if isinstance(p, Defer) and p.passage is None]
    if len(owed) != 1 or view.state.closing:
        return None
    question = next(q for q in view.state.open_questions() if q.id == owed[0].question_id)
    perhaps = _perhaps(view, question)
    if perhaps is None:
        return None
    slots = (("question", mirrored(perhaps.wording)),)
    line = Tell("meant", slots, kind="confirm", asks=f"offer:meant:{perhaps.article_id}")
    rest = tuple(p for p in points if p is not owed[0])
    return Act("check", (*rest, line), check=Check(question.id, perhaps.wording))


def _perhaps(view: View, question: Question) -> Perhaps | None:
    """What to ask back about a question, unless that was done."""
    found = view.found.get(question.id)
    asked = view.state.check is not None and view.state.check.question_id == question.id
    return found.perhaps if isinstance(found, NoAnswer) and not asked else None


def with_check(state: ConversationState, act: Act) -> ConversationState:
    """The state in which our question waits for a yes or a no."""
    return replace(state, check=act.check) if act.check else state
