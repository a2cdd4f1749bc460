"""Commands to a new state and the facts to log. Pure; the only place where signals are made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.callback_facts import AiCallAnswered
from core.commands import (
    Abuse,
    Affirm,
    AskIfAI,
    AskIfRecorded,
    AskProduct,
    AskRepeat,
    AskTold,
    AskWhy,
    BadContact,
    Command,
    CompetitorOrVendor,
    CorrectSignal,
    DeclineRecording,
    DeclineToSay,
    Deny,
    DoesNotKnow,
    EndCall,
    Escalate,
    Invite,
    NamesRival,
    Objection,
    OptOut,
    ProvideContact,
    ProvideSignal,
    ReadyToBuy,
    RequestCallback,
    RequestHuman,
    RequestMeeting,
    ReturnsCall,
    Smalltalk,
    Span,
    SupportNeed,
    Unclear,
)
from core.conversation import consenting
from core.conversation.moving_on import done, left
from core.conversation.remembering import ASKED, answered, named
from core.conversation.state import ConversationState, Pending, Question, replace
from core.conversation.understanding import ai_call
from core.conversation.understanding.replies import says_it_was, says_it_was_not
from core.conversation.understanding.wishes import at_the_same_hour
from core.conversation.wording.opening import MOMENT
from core.conversation.words.named import MULTIPLE
from core.events import (
    Basis,
    ConsentRecorded,
    CriterionDeclined,
    Fact,
    Flagged,
    HumanRequested,
    Polarity,
    QuestionAnswered,
    QuestionRaised,
    SignalCaptured,
)
from core.talk import UserSaid
from core.zones import zone_told
from knowledge.entry import Answer, NoAnswer

DICTATED = ("phone", "email")
_LUKEWARM = frozenset("alright good great fine perfect cool nice lovely awesome right i".split())
"""What is said to anything does not invite questions."""
_CONTENT = _LUKEWARM - {"i"} | {
    *"ok okay hm hmm mm mhm um uh ah got it all well right then oh so that s is see i".split()
}
"""Words of who is content with an answer, and asks no more by them."""
_WAITS = re.compile(r"\bi(?:'ll| will| can) (?:pass|wait|hold|hang on|tell|report|let|look)\b")
"""What they do next, who need no more from us: "right, I'll pass that on"."""
_ASIDES = (AskWhy, AskTold, AskRepeat, AskIfAI, AskIfRecorded, Unclear)
"""What leaves our last question standing for one more turn."""

_SENDS = re.compile(r"\b(?:e-?mail|mail|send|writing|written)\b")

Found = Mapping[str, Answer | NoAnswer]
"""What knowledge has for each question asked in this turn, by its words."""


@dataclass
class Turn:
    """The state being built for one turn, and the facts found on the way."""

    state: ConversationState
    said: UserSaid
    found: Found
    facts: list[Fact] = field(default_factory=list)
    _signals: int = 0

    def set(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def flag(self, kind: str, span: Span, note: str) -> None:
        self.facts.append(Flagged(kind, self.said.turn, span.start_ms, note))

    def entered(self, made: tuple[ConversationState, tuple[Fact, ...]]) -> None:
        """Take over a state that something was entered into, and the facts of it."""
        self.state = made[0]
        self.facts += made[1]

    def signal(
        self, span: Span, criterion: str, value: str, confidence: float,
        polarity: Polarity = "positive", basis: Basis = "stated", replaces: bool = False,
    ) -> None:  # fmt: skip
        """Add a signal; one that says again what stands is dropped, unless it is surer."""
        state = self.state
        standing = [
            s for s in state.active
            if s.criterion == criterion and (basis == "stated" or s.basis != "enriched")
        ]  # fmt: skip
        same = [s for s in standing if s.value == value and s.polarity == polarity]
        if any(s.basis == basis or s.basis == "stated" for s in same) and confidence < 0.99:
            return
        old = same or [s for s in standing if replaces or not self._coexists(s, value)]
        if old and basis == "implied" and not same and criterion not in MULTIPLE:
            return
        self._signals += 1
        made = SignalCaptured(
            f"s{self.said.turn}.{self._signals}", criterion, value, polarity, basis, confidence,
            span.quote, self.said.turn, span.start_ms, span.end_ms,
            supersedes=old[-1].signal_id if old else None,
        )  # fmt: skip
        gone = frozenset(s.signal_id for s in old)
        self.set(signals=(*state.signals, made), superseded=state.superseded | gone)
        self.facts.append(made)
        if self.state.expecting == criterion:
            self.set(expecting=None)

    def _coexists(self, standing: SignalCaptured, value: str) -> bool:
        return standing.criterion in MULTIPLE and standing.value != value


def reduce(
    state: ConversationState, said: UserSaid, commands: tuple[Command, ...], found: Found
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state after this turn's words, before anything of ours is heard."""
    heard = (*state.history, ("caller", said.text))[-24:]
    zone = zone_told(said.text) or state.told_zone
    begun = replace(state, turn=said.turn, history=heard, told_zone=zone)
    corrected = bool(state.hedged) and says_it_was_not(said.text)
    if corrected or state.expecting_turn < said.turn - 1:
        begun = replace(begun, offered=None)
    elif all(isinstance(c, _ASIDES) for c in commands):
        begun = replace(begun, expecting_turn=said.turn)
    turn = Turn(left(begun, commands, said.text), said, found)
    turn.entered(consenting.answered(turn.state, said, commands))
    for command in commands:
        _apply(turn, command)
    mere = all(isinstance(c, Affirm | Smalltalk) for c in commands)
    yes = state.by_mail and any(isinstance(c, Affirm) for c in commands)
    if state.hedged and mere and (yes or says_it_was(said.text)):
        _meant_along(turn)
    unclear = state.unclear + 1 if isinstance(commands[0], Unclear) else 0
    closing = done(turn.state, None if corrected else state.offered, commands)
    turn.set(unclear=unclear, context=_context(turn.state, commands), closing=closing)
    return turn.state, tuple(turn.facts)


def enter(
    state: ConversationState, said: UserSaid, commands: tuple[Command, ...]
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state with more told in a turn that was reduced before, and the facts of it."""
    turn = Turn(state, said, {})
    turn._signals = sum(s.turn == said.turn for s in state.signals)
    if any(isinstance(c, DeclineRecording) for c in commands):
        turn.entered(consenting.answered(state, said, commands))
    for command in commands:
        _apply(turn, command)
    return turn.state, tuple(turn.facts)


def _apply(turn: Turn, command: Command) -> None:
    match command:
        case ProvideSignal(span, criterion, value, polarity, confidence, implied):
            basis: Basis = "implied" if implied else "stated"
            turn.signal(span, criterion, value, confidence, polarity, basis)
        case CorrectSignal(span, criterion, value, polarity, confidence):
            turn.signal(span, criterion, value, confidence, polarity, replaces=True)
        case ProvideContact(span, name, value, confidence):
            _contact(turn, span, name, value, confidence)
        case AskProduct():
            _question(turn, command)
        case Affirm(span) | Deny(span):
            _answer(turn, span, isinstance(command, Affirm))
        case DeclineToSay(span, criterion):
            _declined(turn, span, criterion)
        case DoesNotKnow(_, criterion):
            turn.set(unknown=(*turn.state.unknown, criterion), expecting=None)
        case CompetitorOrVendor(span, name) | SupportNeed(span, name):
            turn.signal(span, "disqualifier", name, 0.9, "negative")
            turn.set(disqualified=name)
        case Objection(span):
            turn.flag("objection", span, span.quote)
        case _:
            _request(turn, command)


def _request(turn: Turn, command: Command) -> None:
    """Commands that ask something of us."""
    number = turn.said.turn
    match command:
        case RequestHuman(span, rep):
            turn.set(wants_human=True, keeper=rep or turn.state.keeper)
            turn.facts.append(HumanRequested(number, span.quote))
            turn.flag("asked_for_human", span, span.quote)
        case RequestCallback() | RequestMeeting() | ReturnsCall():
            _wants_call(turn, command)
        case OptOut(span):
            turn.set(opted_out=True, closing=True)
            turn.facts.append(ConsentRecorded("contact", "declined", span.quote, span.start_ms))
        case Escalate(span, name):
            turn.set(escalated=name, wants_human=True)
            turn.facts.append(HumanRequested(number, span.quote))
            turn.flag("escalated", span, f"{name}: {span.quote}")
        case Invite():
            turn.set(invited=True)
        case Abuse(span):
            turn.set(abuse=turn.state.abuse + 1)
            turn.flag("abuse", span, span.quote)
        case BadContact(span, name, heard):
            turn.flag("recognition_poor", span, f"not a usable {name}: {heard}")
        case EndCall():
            turn.set(closing=True)
        case _:
            pass


def _wants_call(turn: Turn, command: RequestCallback | RequestMeeting | ReturnsCall) -> None:
    """Whom they want to talk with, and when; who only returns a call is asked first."""
    turn.set(keeper=command.rep or turn.state.keeper, wants_meeting=True)
    if isinstance(command, ReturnsCall):
        return
    wish = at_the_same_hour(command.when, turn.state.wish, turn.said.text)
    turn.set(invited=True, offered=None, wish=wish)
    if isinstance(command, ReadyToBuy):
        turn.flag("ready_to_buy", command.span, command.span.quote)


def _contact(turn: Turn, span: Span, name: str, value: str, confidence: float) -> None:
    """Store a contact detail; one that was spoken also waits for its read-back."""
    signs = turn.state.by_mail and turn.state.expecting != "phone"  # under a mail it asks nothing
    if name == "phone" and not (signs or turn.state.closing or "callback" in turn.state.refused):
        turn.set(wants_meeting=True)
    if turn.state.value(name) == value and turn.state.pending is None:
        return
    if name == "email":
        _mailed(turn)
    own = name == "phone" and value == turn.state.opened.caller
    sure = own or (name in DICTATED and turn.state.written)
    turn.signal(span, name, value, 0.99 if sure else confidence, replaces=True)
    if sure:
        turn.set(pending=None, expecting=None)
    elif name in DICTATED:
        refused = turn.state.pending.refused if turn.state.pending else 0
        turn.set(pending=Pending(name, value, refused), expecting=None)
    if name == "name":
        turn.set(expecting=None if turn.state.expecting == "name" else turn.state.expecting)
        turn.entered(named(turn.state, value, span.quote))


def _mailed(turn: Turn) -> None:
    """An address is a yes to "can we mail you something?", and to what was said along of that."""
    check = turn.state.check if (turn.state.offered or "").startswith("meant:") else None
    if check is not None and _SENDS.search(check.wording.lower()):
        _meant(turn, yes=True)
    owed = {h.question_id for h in turn.state.hedged}
    if any(_SENDS.search(q.text.lower()) for q in turn.state.questions if q.id in owed):
        _meant_along(turn)


def _question(turn: Turn, command: AskProduct) -> None:
    """Raise a question; one that is still open in the same words is not raised twice."""
    span, question = command.span, command.question
    if any(q.text.lower() == question.lower() for q in turn.state.open_questions()):
        return
    name = f"q{turn.said.turn}.{sum(q.turn == turn.said.turn for q in turn.state.questions) + 1}"
    result = turn.found.get(question)
    owner = result.owner if isinstance(result, NoAnswer) else result.article.owner if result else ""
    reason = result.reason if isinstance(result, NoAnswer) else ""
    if isinstance(result, Answer) and result.policy in ("defer", "escalate"):
        reason = f"{result.article.title}: for a person to answer"
    asked = Question(
        name, question, turn.said.turn, "open", span.start_ms, span.end_ms, owner, reason,
        passage=command.passage,
    )  # fmt: skip
    turn.set(questions=(*turn.state.questions, asked))
    topics = result.article.topics if isinstance(result, Answer) else ()
    raised = QuestionRaised(name, question, turn.said.turn, span.start_ms, span.end_ms, topics)
    turn.facts.append(raised)


def _answer(turn: Turn, span: Span, yes: bool) -> None:
    """A yes or no means what we last asked or offered; otherwise it means nothing."""
    state = turn.state
    fresh = state.expecting_turn >= turn.said.turn - 1
    if state.pending and state.expecting == f"confirm:{state.pending.field}" and fresh:
        if yes:
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
    """A yes or no to what we proposed, or to whom we took them for."""
    state = turn.state
    if state.offered == ASKED:
        turn.entered(answered(state, yes, span.quote))
        turn.set(offered=None)
        if yes and state.guesses and not state.guesses[0].person:
            turn.signal(span, "name", state.guesses[0].name, 0.9)
        return
    if (state.offered or "").startswith("meant:"):
        _meant(turn, yes)
        return
    if state.offered == "permission":
        willing = yes and span.quote.lower() not in _LUKEWARM
        turn.set(invited=willing, offered=None)
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
        asks = yes and not content and not _WAITS.search(turn.said.text.lower())
        turn.set(offered="more" if asks else None)
    elif not yes:
        turn.set(refused=(*state.refused, state.offered or ""), offered=None)
    elif state.offered == "callback":
        turn.set(wants_meeting=True, invited=True)


def _meant(turn: Turn, yes: bool) -> None:
    """Who meant what we asked back has asked just that; it is answered in this turn."""
    check = turn.state.check
    if yes and check is not None:
        same = (q.id == check.question_id and q.status == "open" for q in turn.state.questions)
        questions = tuple(
            replace(q, text=check.wording) if it else q
            for q, it in zip(turn.state.questions, same, strict=True)
        )
        turn.set(questions=questions)
    turn.set(offered=None)


def _meant_along(turn: Turn) -> None:
    """What we answered along was what they meant: nobody owes them more."""
    said = {h.question_id: h.citations for h in turn.state.hedged}
    questions = tuple(
        replace(q, status="answered") if q.id in said else q for q in turn.state.questions
    )
    turn.set(questions=questions, hedged=())
    turn.facts += [QuestionAnswered(name, turn.said.turn, cited) for name, cited in said.items()]


def _confirmed(turn: Turn, pending: Pending, span: Span) -> None:
    """A read-back was confirmed: the same words, now sure."""
    said = next((s for s in turn.state.active if s.criterion == pending.field), None)
    first = Span(said.quote, said.start_ms, said.end_ms) if said else span
    turn.signal(first, pending.field, pending.value, 0.99)


def _declined(turn: Turn, span: Span, criterion: str | None) -> None:
    name = (criterion or "").removeprefix("confirm:")
    if not name or name in turn.state.declined:
        return
    turn.set(declined=(*turn.state.declined, name), expecting=None)
    if name == "phone" and turn.state.written:
        turn.set(refused=(*turn.state.refused, "callback"))
    turn.facts.append(CriterionDeclined(name, turn.said.turn, span.quote))


def _context(state: ConversationState, commands: tuple[Command, ...]) -> tuple[str, ...]:
    """What was talked of, for questions that lean on it; the page read only until one is asked."""
    asked = [c.question for c in commands if isinstance(c, AskProduct)]
    asked += [c.rival for c in commands if isinstance(c, NamesRival)]
    page = state.opened.page
    before = () if asked and page and state.context == (page.title,) else state.context
    return (*before, *asked)[-4:]
