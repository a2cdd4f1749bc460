"""Enters a yes, a no or neither to what we asked, read back or proposed."""

import re
from typing import Literal

from core.asking import ANYTHING, Confirm, Offered
from core.conversation.entering import Turn
from core.conversation.ledger import ReadBack
from core.conversation.remembering import answered
from core.conversation.state import replace
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
    awaited, asks = turn.state.awaited, turn.state.asks
    if not awaited.fresh(turn.said.turn):
        return
    given = awaited.read_back
    if given and awaited.ask == Confirm(given.field):
        if yes or _NO_MORE.match(turn.said.text.lower()):
            _confirmed(turn, given, span)
            turn.awaits(read_back=None, ask=None)
        else:
            turn.awaits(read_back=replace(given, refused=given.refused + 1), ask=given.field)
    elif awaited.offer:
        _proposed(turn, awaited.offer, span, yes)
    elif awaited.wanted in (*DICTATED, "name") and not yes:
        turn.asks(declined=(*asks.declined, awaited.wanted))
    elif awaited.wanted and not yes:
        turn.asks(unknown=(*asks.unknown, awaited.wanted))


def _proposed(turn: Turn, offer: Offered, span: Span, yes: bool) -> None:
    """A yes or no to what we proposed, or to the identity we assumed."""
    asks = turn.state.asks
    match offer:
        case "identity":
            _identified(turn, span, yes)
        case "meant":
            meant(turn, yes)
        case "ai_call":
            _called_by_us(turn, span, yes)
        case "more":
            turn.awaits(offer="more" if yes and _wants_more(turn.said.text.lower()) else None)
        case "permission":
            turn.set(asks=asks.let(yes and span.quote.lower() not in _LUKEWARM))
            turn.awaits(offer=None)
        case "moment":
            turn.awaits(offer=None)
            turn.wants(meeting=turn.state.wants.meeting or not yes)
        case "callback" | "slots" if yes:
            turn.wants(meeting=True)
            turn.asks(invited=asks.invited or offer == "callback")
        case _ if not yes:
            turn.awaits(offer=None)
    if not yes and offer not in ("identity", "meant", "ai_call", "more"):
        turn.refuse(offer)


def _called_by_us(turn: Turn, span: Span, yes: bool) -> None:
    """A yes or no to a call placed by our AI."""
    answer: Literal["given", "declined"] = "given" if yes else "declined"
    turn.set(ai_call=(answer, turn.said.turn))
    turn.awaits(offer=None)
    question = " ".join(turn.state.history.reply)
    turn.facts.append(AiCallAnswered(answer, question, span.quote, turn.said.turn, span.start_ms))


def _identified(turn: Turn, span: Span, yes: bool) -> None:
    """A yes or no to "am I speaking with …?"."""
    guesses = turn.state.identity.guesses
    turn.entered(answered(turn.state, yes, span.quote))
    turn.awaits(offer=None)
    if yes and guesses and not guesses[0].person:
        turn.signal(span, "name", guesses[0].name, 0.9)


def _wants_more(said: str) -> bool:
    """Whether a yes to "anything else?" is the beginning of a question."""
    content = set(re.findall(r"[a-z]+", said)) <= _CONTENT
    return not (content or _WAITS.search(said) or _CONFIRMS.search(said))


def meant(turn: Turn, yes: bool) -> None:
    """A buyer who meant our guess has asked exactly that; it is answered in this turn."""
    check = turn.state.meanings.check
    if yes and check is not None:
        same = (q.id == check.question_id and q.status == "open" for q in turn.state.questions)
        questions = tuple(
            replace(q, text=check.wording) if it else q
            for q, it in zip(turn.state.questions, same, strict=True)
        )
        turn.set(questions=questions)
    turn.awaits(offer=None)


def meant_along(turn: Turn) -> None:
    """What we answered along was what they meant, so nothing more is owed."""
    said = {h.question_id: h.citations for h in turn.state.meanings.hedged}
    questions = tuple(
        replace(q, status="answered") if q.id in said else q for q in turn.state.questions
    )
    turn.set(questions=questions, meanings=replace(turn.state.meanings, hedged=()))
    turn.facts += [QuestionAnswered(name, turn.said.turn, cited) for name, cited in said.items()]


def _confirmed(turn: Turn, given: ReadBack, span: Span) -> None:
    """A read-back was confirmed: the same value, now sure."""
    said = next((s for s in turn.state.signals.active if s.criterion == given.field), None)
    first = Span(said.quote, said.start_ms, said.end_ms) if said else span
    turn.signal(first, given.field, given.value, 0.99)


def declined(turn: Turn, span: Span, name: str | None) -> None:
    if name == ANYTHING:
        turn.asks(stopped=True)
        turn.awaits(ask=None)
    if not name or name in (ANYTHING, *turn.state.asks.declined):
        return
    turn.asks(declined=(*turn.state.asks.declined, name))
    turn.awaits(ask=None)
    if name == "phone" and turn.state.written:
        turn.refuse("callback")
    turn.facts.append(CriterionDeclined(name, turn.said.turn, span.quote))


def unknown(turn: Turn, name: str) -> None:
    """What they do not know is not asked for again, unless it was only read back."""
    asks = turn.state.asks
    if turn.state.awaited.ask != Confirm(name):
        turn.asks(unknown=(*asks.unknown, name))
    turn.awaits(ask=None)
