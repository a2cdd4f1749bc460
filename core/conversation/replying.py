"""Enters a yes, a no or neither to what we asked, read back or proposed."""

import re
from typing import Literal

from core.conversation.entering import Turn
from core.conversation.remembering import ASKED, answered
from core.conversation.state import Pending, replace
from core.conversation.understanding.replies import ai_call
from core.conversation.wording.opening import MOMENT
from core.events import CriterionDeclined, QuestionAnswered
from core.facts.callbacks import AiCallAnswered
from core.talk import Span

DICTATED = ("phone", "email")
_LUKEWARM = frozenset("alright good great fine perfect cool nice lovely awesome right i".split())
"""Said in reply to anything; does not invite questions."""
_CONTENT = _LUKEWARM - {"i"} | {
    *"ok okay hm hmm mm mhm um uh ah got it all well right then oh so that s is see i".split()
}
"""Words of a buyer who is content with an answer and asks no more."""
_WAITS = re.compile(r"\bi(?:'ll| will| can) (?:pass|wait|hold|hang on|tell|report|let|look)\b")
"""What a buyer does next who needs no more from us: "right, I'll pass that on"."""


_CONFIRMS = re.compile(r"\bthat(?:'s| is| was) (?:the|my|our|right|correct)\b")
"""Confirms something said before: "yes, that's the number"."""


_NO_MORE = re.compile(r"no[, ]+that(?:'s| is| was) (?:it|all|everything)\b")
"""Says that there is nothing more; a wrong read-back would be corrected in other words."""


def reply(turn: Turn, span: Span, yes: bool) -> None:
    """A yes or no answers what we last asked or offered; otherwise it means nothing."""
    state = turn.state
    fresh = state.just_asked(turn.said.turn)
    if state.pending and state.expecting == f"confirm:{state.pending.field}" and fresh:
        if yes or _NO_MORE.match(turn.said.text.lower()):
            _confirmed(turn, state.pending, span)
            turn.set(pending=None, expecting=None)
        else:
            again = replace(state.pending, refused=state.pending.refused + 1)
            turn.set(pending=again, expecting=state.pending.field)
    elif state.offered and fresh:
        _proposed(turn, span, yes)
    elif state.expecting and fresh and not yes:
        known = "declined" if state.expecting in (*DICTATED, "name") else "unknown"
        turn.set(**{known: (*getattr(state, known), state.expecting)})


def _proposed(turn: Turn, span: Span, yes: bool) -> None:
    """A yes or no to what we proposed, or to the identity we assumed."""
    state = turn.state
    if state.offered == ASKED:
        turn.entered(answered(state, yes, span.quote))
        turn.set(offered=None)
        if yes and state.guesses and not state.guesses[0].person:
            turn.signal(span, "name", state.guesses[0].name, 0.9)
        return
    if (state.offered or "").startswith("meant:"):
        meant(turn, yes)
        return
    if state.offered == "permission":
        willing = yes and span.quote.lower() not in _LUKEWARM
        turn.set(invited=willing, asked_before=len(state.asked), offered=None)
    if state.offered == ai_call.ASKED:
        answer: Literal["given", "declined"] = "given" if yes else "declined"
        turn.set(ai_call=(answer, turn.said.turn), offered=None)
        question = " ".join(state.agent_lines)
        turn.facts.append(
            AiCallAnswered(answer, question, span.quote, turn.said.turn, span.start_ms)
        )
        return
    if state.offered == MOMENT:
        refused = state.refused if yes else (*state.refused, MOMENT)
        turn.set(offered=None, refused=refused, wants_meeting=state.wants_meeting or not yes)
        return
    if state.offered == "more":
        content = set(re.findall(r"[a-z]+", turn.said.text.lower())) <= _CONTENT
        said = turn.said.text.lower()
        asks = yes and not content and not _WAITS.search(said) and not _CONFIRMS.search(said)
        turn.set(offered="more" if asks else None)
    elif not yes:
        turn.set(refused=(*state.refused, state.offered or ""), offered=None)
    elif state.offered in ("callback", "slots"):
        turn.set(wants_meeting=True, invited=state.invited or state.offered == "callback")


def meant(turn: Turn, yes: bool) -> None:
    """A buyer who meant our guess has asked exactly that; it is answered in this turn."""
    check = turn.state.check
    if yes and check is not None:
        same = (q.id == check.question_id and q.status == "open" for q in turn.state.questions)
        questions = tuple(
            replace(q, text=check.wording) if it else q
            for q, it in zip(turn.state.questions, same, strict=True)
        )
        turn.set(questions=questions)
    turn.set(offered=None)


def meant_along(turn: Turn) -> None:
    """What we answered along was what they meant, so nothing more is owed."""
    said = {h.question_id: h.citations for h in turn.state.hedged}
    questions = tuple(
        replace(q, status="answered") if q.id in said else q for q in turn.state.questions
    )
    turn.set(questions=questions, hedged=())
    turn.facts += [QuestionAnswered(name, turn.said.turn, cited) for name, cited in said.items()]


def _confirmed(turn: Turn, pending: Pending, span: Span) -> None:
    """A read-back was confirmed: the same value, now sure."""
    said = next((s for s in turn.state.active if s.criterion == pending.field), None)
    first = Span(said.quote, said.start_ms, said.end_ms) if said else span
    turn.signal(first, pending.field, pending.value, 0.99)


def declined(turn: Turn, span: Span, criterion: str | None) -> None:
    name = (criterion or "").removeprefix("confirm:")
    if not name or name in turn.state.declined:
        return
    turn.set(declined=(*turn.state.declined, name), expecting=None)
    if name == "phone" and turn.state.written:
        turn.set(refused=(*turn.state.refused, "callback"))
    turn.facts.append(CriterionDeclined(name, turn.said.turn, span.quote))
