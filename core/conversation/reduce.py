"""Applies commands to the state, with the facts to log. Pure."""

from core.colleagues import COLLEAGUE
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
    Busy,
    CancelCallback,
    Command,
    CompetitorOrVendor,
    CorrectSignal,
    DataRequest,
    DeclineRecording,
    DeclineToSay,
    Deny,
    DoesNotKnow,
    Emergency,
    EndCall,
    Escalate,
    Invite,
    InviteColleague,
    KeepMeeting,
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
    SupportNeed,
    Unclear,
    WantsNoCall,
)
from core.conversation import consenting
from core.conversation.entering import Found, Turn
from core.conversation.moving_on import done, left
from core.conversation.remembering import named
from core.conversation.replying import DICTATED, declined, meant, meant_along, reply
from core.conversation.state import PROPOSALS, ConversationState, Pending, Question, replace
from core.conversation.understanding.asks.sending import of_writing
from core.conversation.understanding.replies.yes_no import says_it_was, says_it_was_not
from core.conversation.understanding.times.wishes import at_the_same_hour
from core.events import (
    Basis,
    ConsentRecorded,
    Fact,
    HumanRequested,
    Noted,
    QuestionRaised,
)
from core.facts.callbacks import CallbackWithdrawn
from core.geography.zones import zone_told
from core.talk import Span, UserSaid
from knowledge.entry import Answer, NoAnswer

_ASIDES = (AskWhy, AskTold, AskRepeat, AskIfAI, AskIfRecorded, Unclear)
"""Leaves our last question open for one more turn."""


def reduce(
    state: ConversationState, said: UserSaid, commands: tuple[Command, ...], found: Found
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state after this turn's words, before anything of ours is heard."""
    heard = (*state.history, ("caller", said.text))[-24:]
    zone = zone_told(said.text) or state.told_zone
    begun = replace(state, turn=said.turn, history=heard, told_zone=zone)
    corrected = bool(state.hedged) and says_it_was_not(said.text)
    if corrected or not state.just_asked(said.turn):
        begun = replace(begun, offered=None)
    elif all(isinstance(c, _ASIDES) for c in commands) or _only_asks(state, commands):
        begun = replace(begun, expecting_turn=said.turn)
    turn = Turn(left(begun, commands, said.text), said, found)
    turn.entered(consenting.answered(turn.state, said, commands))
    for command in commands:
        _apply(turn, command)
    also = [c.email for c in commands if isinstance(c, InviteColleague)]
    turn.facts += [Noted(COLLEAGUE, {"email": address}) for address in also]
    mere = all(isinstance(c, Affirm | Smalltalk) for c in commands)
    yes = state.by_mail and any(isinstance(c, Affirm) for c in commands)
    if state.hedged and mere and (yes or says_it_was(said.text)):
        meant_along(turn)
    if state.offered == "permission" and state.just_asked(said.turn) and _tells_on(commands):
        turn.set(invited=True, offered=None)
    unclear = state.unclear + 1 if isinstance(commands[0], Unclear) else 0
    closing = done(turn.state, None if corrected else state.offered, commands)
    turn.set(unclear=unclear, context=_context(turn.state, commands), closing=closing)
    return turn.state, tuple(turn.facts)


def _only_asks(state: ConversationState, commands: tuple[Command, ...]) -> bool:
    """Whether a turn ignores a proposed call or meeting to ask something: the proposal stands, and
    is not repeated."""
    told = [c for c in commands if not isinstance(c, AskProduct)]
    implied = all(isinstance(c, ProvideSignal) and c.implied for c in told)
    return state.offered in PROPOSALS and implied and len(told) < len(commands)


def enter(
    state: ConversationState, said: UserSaid, commands: tuple[Command, ...]
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state with more commands of a turn already reduced, and their facts."""
    turn = Turn(state, said, {})
    turn.captured = sum(s.turn == said.turn for s in state.signals)
    if any(isinstance(c, DeclineRecording) for c in commands):
        turn.entered(consenting.answered(state, said, commands))
    for command in commands:
        _apply(turn, command)
    return turn.state, tuple(turn.facts)


def _tells_on(commands: tuple[Command, ...]) -> bool:
    """Whether a turn goes on telling about the buyer: doing so when asked whether we may ask a
    question means yes."""
    told = any(
        isinstance(c, ProvideSignal | CorrectSignal)
        or (isinstance(c, Unclear) and c.reason == "meaningless" and c.kind != "asks")
        for c in commands
    )
    return told and not any(isinstance(c, AskProduct | Deny | DeclineToSay) for c in commands)


def _apply(turn: Turn, command: Command) -> None:
    match command:
        case ProvideSignal(span, criterion, value, polarity, confidence, implied):
            basis: Basis = "implied" if implied else "stated"
            turn.signal(span, criterion, value, confidence, polarity, basis)
        case CorrectSignal(span, criterion, value, polarity, confidence):
            turn.signal(span, criterion, value, confidence, polarity, replaces=True)
            turn.set(exited=turn.state.exited and criterion != "disqualifier")
        case ProvideContact(span, name, value, confidence):
            _contact(turn, span, name, value, confidence)
        case AskProduct():
            _question(turn, command)
        case Affirm(span) | Deny(span):
            reply(turn, span, isinstance(command, Affirm))
        case DeclineToSay(span, criterion):
            declined(turn, span, criterion)
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
    """Handle commands that ask something of us."""
    number = turn.said.turn
    match command:
        case Emergency(span):
            turn.set(wants_human=True)
            turn.facts.append(HumanRequested(number, span.quote))
            turn.flag("emergency", span, span.quote)
        case RequestHuman(span, rep):
            turn.set(wants_human=True, keeper=rep or turn.state.keeper)
            turn.facts.append(HumanRequested(number, span.quote))
            turn.flag("asked_for_human", span, span.quote)
        case RequestCallback() | RequestMeeting() | ReturnsCall():
            _wants_call(turn, command)
        case Busy():
            turn.set(wants_meeting=True, offered=None)
        case OptOut(span):
            turn.set(opted_out=True, closing=True)
            turn.facts.append(ConsentRecorded("contact", "declined", span.quote, span.start_ms))
        case Escalate(span, name):
            turn.set(escalated=name, wants_human=True)
            turn.facts.append(HumanRequested(number, span.quote))
            turn.flag("escalated", span, f"{name}: {span.quote}")
        case DataRequest(span):
            turn.set(wants_human=True)
            turn.flag("data_request", span, span.quote)
        case CancelCallback() | KeepMeeting() | WantsNoCall():
            _no_times(turn, command)
        case _:
            _aside(turn, command)


def _aside(turn: Turn, command: Command) -> None:
    """Handle what settles nothing: courtesies and rudeness, and an unusable detail."""
    match command:
        case Invite():
            turn.set(invited=True, asked_before=len(turn.state.asked))
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
    """Record whom they want to talk to, and when; a buyer returning a call is asked first."""
    turn.set(keeper=command.rep or turn.state.keeper, wants_meeting=True)
    if isinstance(command, ReturnsCall):
        return
    if isinstance(command, RequestMeeting) and command.visit:
        turn.set(wants_visit=True)
    wish = at_the_same_hour(command.when, turn.state.wish, turn.said.text)
    turn.set(invited=True, offered=None, wish=wish)
    if isinstance(command, ReadyToBuy):
        turn.flag("ready_to_buy", command.span, command.span.quote)


def _no_times(turn: Turn, command: CancelCallback | KeepMeeting | WantsNoCall) -> None:
    """Stop looking for times; a buyer who wants no call is promised and offered none."""
    turn.set(slots=(), moving=None, offered=None)
    if isinstance(command, CancelCallback):
        turn.set(callback=None, wants_meeting=False, wants_human=False, wish="")
        turn.facts.append(CallbackWithdrawn(turn.said.turn, command.span.quote))
    if isinstance(command, WantsNoCall):
        refused = (*turn.state.refused, "callback", "slots", "transfer")
        turn.set(refused=refused, wants_meeting=False)


def _contact(turn: Turn, span: Span, name: str, value: str, confidence: float) -> None:
    """Store a contact detail; a spoken one also waits for its read-back."""
    signs = turn.state.by_mail and turn.state.expecting != "phone"  # a signature asks for no call
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
    """An address means yes to "can we mail you something?", and to anything said along with it."""
    check = turn.state.check if (turn.state.offered or "").startswith("meant:") else None
    if check is not None and of_writing(check.wording):
        meant(turn, yes=True)
    owed = {h.question_id for h in turn.state.hedged}
    if any(of_writing(q.text) for q in turn.state.questions if q.id in owed):
        meant_along(turn)


def _question(turn: Turn, command: AskProduct) -> None:
    """Raise a question, unless the same words are already open."""
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


def _context(state: ConversationState, commands: tuple[Command, ...]) -> tuple[str, ...]:
    """Recent subjects, for questions that depend on them; the page only until one is asked."""
    asked = [c.question for c in commands if isinstance(c, AskProduct)]
    asked += [c.rival for c in commands if isinstance(c, NamesRival)]
    page = state.opened.page
    before = () if asked and page and state.context == (page.title,) else state.context
    return (*before, *asked)[-4:]
