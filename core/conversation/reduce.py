"""Applies commands to the state, with the facts to log. Pure."""

from core.asking import Confirm
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
from core.conversation.ledger import PROPOSALS, Question, ReadBack
from core.conversation.moving_on import done, left
from core.conversation.parts import Wants
from core.conversation.remembering import named
from core.conversation.replying import DICTATED, declined, meant, meant_along, reply, unknown
from core.conversation.state import ConversationState, replace
from core.conversation.understanding.asks.sending import of_writing, says_to_send
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
    begun = replace(
        state, turn=said.turn, history=state.history.adding("caller", said.text),
        wants=_wanting(state, said),
    )  # fmt: skip
    corrected = bool(state.meanings.hedged) and says_it_was_not(said.text)
    if corrected or not state.awaited.fresh(said.turn):
        begun = replace(begun, awaited=replace(state.awaited, offer=None))
    elif all(isinstance(c, _ASIDES) for c in commands) or _only_asks(state, commands):
        begun = replace(begun, awaited=replace(state.awaited, turn=said.turn))
    turn = Turn(left(begun, commands, said.text), said, found)
    turn.entered(consenting.answered(turn.state, said, commands))
    for command in commands:
        _apply(turn, command)
    also = [c.email for c in commands if isinstance(c, InviteColleague)]
    turn.facts += [Noted(COLLEAGUE, {"email": address}) for address in also]
    mere = all(isinstance(c, Affirm | Smalltalk) for c in commands)
    yes = state.by_mail and any(isinstance(c, Affirm) for c in commands)
    if state.meanings.hedged and mere and (yes or says_it_was(said.text)):
        meant_along(turn)
    _let_stand(turn, state, commands)
    offered, fresh = state.awaited.offer, state.awaited.fresh(said.turn)
    if offered == "permission" and fresh and _tells_on(commands):
        turn.asks(invited=True)
        turn.awaits(offer=None)
    now = turn.state
    over = done(now, None if corrected else offered, commands, said.text)
    turn.set(
        unclear=state.unclear + 1 if any(isinstance(c, Unclear) for c in commands) else 0,
        history=replace(now.history, context=_context(now, commands)),
        ending=replace(now.ending, closing=over),
    )
    return turn.state, tuple(turn.facts)


def _let_stand(turn: Turn, before: ConversationState, commands: tuple[Command, ...]) -> None:
    """A detail that was read back stands if the next turn is about something else: what waits for
    it goes on, and names it once more. Whoever only asks for a moment, or whether we are there,
    is on about nothing else yet."""
    given = before.awaited.read_back
    if given is None or given != turn.state.awaited.read_back:
        return
    refused = before.awaited.ask == Confirm(given.field) and any(
        isinstance(c, Deny | DeclineToSay | DoesNotKnow) for c in commands
    )
    aside = any(isinstance(c, (*_ASIDES, BadContact)) for c in commands)
    told = [c for c in commands if not isinstance(c, Smalltalk) or c.kind == "thanks"]
    if not refused and not aside and (told or not commands):
        turn.awaits(read_back=None)


def _wanting(state: ConversationState, said: UserSaid) -> Wants:
    """What their words tell by themselves: the zone of their times, and that they write for
    something to be sent."""
    sends = state.written and says_to_send(said.text)
    zone = zone_told(said.text) or state.wants.zone
    return replace(state.wants, zone=zone, writing=state.wants.writing or sends)


def _only_asks(state: ConversationState, commands: tuple[Command, ...]) -> bool:
    """Whether a turn ignores a proposed call or meeting to ask something: the proposal stands, and
    is not repeated."""
    told = [c for c in commands if not isinstance(c, AskProduct)]
    implied = all(isinstance(c, ProvideSignal) and c.implied for c in told)
    return state.awaited.offer in PROPOSALS and implied and len(told) < len(commands)


def enter(
    state: ConversationState, said: UserSaid, commands: tuple[Command, ...]
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state with more commands of a turn already reduced, and their facts."""
    turn = Turn(state, said, {})
    turn.captured = sum(s.turn == said.turn for s in state.signals.all)
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
            once = turn.state.once
            turn.set(once=replace(once, exited=once.exited and criterion != "disqualifier"))
        case ProvideContact(span, name, value, confidence):
            _contact(turn, span, name, value, confidence)
        case AskProduct():
            _question(turn, command)
        case Affirm(span) | Deny(span):
            reply(turn, span, isinstance(command, Affirm))
        case DeclineToSay(span, criterion):
            declined(turn, span, criterion)
        case DoesNotKnow(_, criterion):
            unknown(turn, criterion)
        case CompetitorOrVendor(span, name) | SupportNeed(span, name):
            turn.signal(span, "disqualifier", name, 0.9, "negative")
            turn.set(judged=replace(turn.state.judged, disqualified=name))
        case Objection(span):
            turn.flag("objection", span, span.quote)
        case _:
            _request(turn, command)


def _request(turn: Turn, command: Command) -> None:
    """Handle commands that ask something of us."""
    number = turn.said.turn
    match command:
        case Emergency(span):
            turn.wants(human=True)
            turn.facts.append(HumanRequested(number, span.quote))
            turn.flag("emergency", span, span.quote)
        case RequestHuman(span, rep):
            turn.wants(human=True, keeper=rep or turn.state.wants.keeper)
            turn.facts.append(HumanRequested(number, span.quote))
            turn.flag("asked_for_human", span, span.quote)
        case RequestCallback() | RequestMeeting() | ReturnsCall():
            _wants_call(turn, command)
        case Busy():
            turn.wants(meeting=True)
            turn.awaits(offer=None)
        case OptOut(span):
            turn.set(ending=replace(turn.state.ending, opted_out=True, closing=True))
            turn.facts.append(ConsentRecorded("contact", "declined", span.quote, span.start_ms))
        case Escalate(span, name):
            turn.wants(escalated=name, human=True)
            turn.facts.append(HumanRequested(number, span.quote))
            turn.flag("escalated", span, f"{name}: {span.quote}")
        case DataRequest(span):
            turn.wants(human=True)
            turn.flag("data_request", span, span.quote)
        case CancelCallback() | KeepMeeting() | WantsNoCall():
            _no_times(turn, command)
        case _:
            _aside(turn, command)


def _aside(turn: Turn, command: Command) -> None:
    """Handle what settles nothing: courtesies and rudeness, and an unusable detail."""
    match command:
        case Invite():
            turn.set(asks=turn.state.asks.let(True))
        case Abuse(span):
            turn.set(abuse=turn.state.abuse + 1)
            turn.flag("abuse", span, span.quote)
        case BadContact(span, name, heard):
            turn.flag("recognition_poor", span, f"not a usable {name}: {heard}")
        case EndCall():
            turn.set(ending=replace(turn.state.ending, closing=True))
        case _:
            pass


def _wants_call(turn: Turn, command: RequestCallback | RequestMeeting | ReturnsCall) -> None:
    """Record whom they want to talk to, and when; a buyer returning a call is asked first."""
    turn.wants(keeper=command.rep or turn.state.wants.keeper, meeting=True)
    if isinstance(command, ReturnsCall):
        return
    if isinstance(command, RequestMeeting) and command.visit:
        turn.wants(visit=True)
    turn.wants(when=at_the_same_hour(command.when, turn.state.wants.when, turn.said.text))
    turn.asks(invited=True)
    turn.awaits(offer=None)
    if isinstance(command, ReadyToBuy):
        turn.flag("ready_to_buy", command.span, command.span.quote)


def _no_times(turn: Turn, command: CancelCallback | KeepMeeting | WantsNoCall) -> None:
    """Stop looking for times; a buyer who wants no call is promised and offered none."""
    state = turn.state
    turn.set(times=replace(state.times, slots=()), meeting=replace(state.meeting, moving=None))
    turn.awaits(offer=None)
    if isinstance(command, CancelCallback):
        turn.set(callback=None)
        turn.wants(meeting=False, human=False, when="")
        turn.facts.append(CallbackWithdrawn(turn.said.turn, command.span.quote))
    if isinstance(command, WantsNoCall):
        turn.refuse("callback", "slots", "transfer")
        turn.wants(meeting=False, writing=state.wants.writing or says_to_send(turn.said.text))


def _contact(turn: Turn, span: Span, name: str, value: str, confidence: float) -> None:
    """Store a contact detail; a spoken one also waits for its read-back."""
    state = turn.state
    signs = state.by_mail and state.awaited.ask != "phone"  # a signature asks for no call
    no_call = signs or state.ending.closing or "callback" in state.proposals.refused
    if name == "phone" and not no_call:
        turn.wants(meeting=True)
    if turn.state.signals.value(name) == value and turn.state.awaited.read_back is None:
        return
    if name == "email":
        _mailed(turn)
    own = name == "phone" and value == turn.state.opened.caller
    sure = own or (name in DICTATED and turn.state.written)
    turn.signal(span, name, value, 0.99 if sure else confidence, replaces=True)
    if sure:
        turn.awaits(read_back=None, ask=None)
    elif name in DICTATED:
        before = turn.state.awaited.read_back
        turn.awaits(read_back=ReadBack(name, value, before.refused if before else 0), ask=None)
    if name == "name":
        turn.awaits(ask=None if turn.state.awaited.ask == "name" else turn.state.awaited.ask)
        turn.entered(named(turn.state, value, span.quote))


def _mailed(turn: Turn) -> None:
    """An address means yes to "can we mail you something?", and to anything said along with it."""
    check, offer = turn.state.meanings.check, turn.state.awaited.offer
    if check is not None and offer == "meant" and of_writing(check.wording):
        meant(turn, yes=True)
    owed = {h.question_id for h in turn.state.meanings.hedged}
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
    before = state.history.context
    if asked and page and before == (page.title,):
        before = ()
    return (*before, *asked)[-4:]
