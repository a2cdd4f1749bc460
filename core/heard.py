"""Applies what the buyer really heard to the ledger: asks, gives, promises, disclosure."""

from core.asking import Again, Confirm, Offer
from core.conversation import consenting
from core.conversation.ledger import Question
from core.conversation.state import ConversationState, replace
from core.events import (
    CriterionAsked,
    DisclosureHeard,
    Fact,
    Noted,
    PromiseMade,
    QuestionAnswered,
    QuestionDeferred,
)
from core.talk import AgentHeard, Sentence

ENOUGH = 0.6
"""Share of an interrupted answer's words above which it counts as given."""


def hear(state: ConversationState, heard: AgentHeard) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state and facts after one sentence was heard, in full or as a prefix. Pure."""
    facts: list[Fact] = []
    if not heard.text.strip():
        return state, ()
    state = _remember(state, heard)
    share = len(heard.text.split()) / max(len(heard.sentence.text.split()), 1)
    state = _begun(state, heard)
    if heard.complete or share >= ENOUGH:
        state = _settle(state, heard.sentence, facts)
    if heard.complete:
        state = _promised(state, heard.sentence, facts)
        state = _asked(state, heard, facts)
        state = _became_true(state, heard, facts)
    return state, tuple(facts)


_ASIDE = frozenset({"repair", "check_in", "filler"})
"""Not counted as our last words: a buyer who asks us to repeat wants what came before them."""


def _remember(state: ConversationState, heard: AgentHeard) -> ConversationState:
    """Append the heard words to the history; sentences of one turn are one line."""
    history = state.history
    fresh = bool(history.lines) and history.lines[-1][0] == "agent"
    if fresh:
        line = ("agent", f"{history.lines[-1][1]} {heard.text}")
        after = replace(history, lines=(*history.lines[:-1], line))
    else:
        after = history.adding("agent", heard.text)
    if heard.sentence.kind not in _ASIDE:
        reply = (*history.reply, heard.text) if fresh else (heard.text,)
        after = replace(after, reply=reply[-4:])
    return replace(state, history=after)


def _begun(state: ConversationState, heard: AgentHeard) -> ConversationState:
    """Mark as begun an answer, or a goodbye, of which some words were heard."""
    if not heard.sentence.answers and heard.sentence.sets != "goodbye":
        return state
    begun = tuple(
        replace(q, begun=True) if q.id in heard.sentence.answers else q for q in state.questions
    )
    farewell = state.ending.farewell or heard.sentence.sets == "goodbye"
    return replace(state, questions=begun, ending=replace(state.ending, farewell=farewell))


def _settle(state: ConversationState, sentence: Sentence, facts: list[Fact]) -> ConversationState:
    """Mark questions answered or deferred, and count what was given."""
    if not sentence.citations and not sentence.answers:
        return state
    given, asks = state.given, state.asks
    gave = sentence.kind == "answer" and bool(set(sentence.citations) - set(given.citations))
    before = (c for c in given.citations if c not in sentence.citations)
    cited = (*before, *dict.fromkeys(sentence.citations))[-40:]
    told = sentence.turn if sentence.citations else given.turn
    given = replace(given, citations=cited, count=given.count + gave, turn=told)
    asks = replace(asks, before=len(asks.made)) if gave else asks
    state = replace(state, given=given, asks=asks)
    for name in sentence.answers:
        question = next((q for q in state.questions if q.id == name and q.status == "open"), None)
        if question is None:
            continue
        deferred = sentence.kind == "deferral"
        state = _mark(state, question, "deferred" if deferred else "answered", sentence)
        if deferred:
            owner = sentence.promise or question.owner
            reason = question.reason or "no approved wording covers it"
            facts.append(QuestionDeferred(name, question.text, sentence.turn, owner, reason))
        else:
            facts.append(QuestionAnswered(name, sentence.turn, sentence.citations))
    return state


def _mark(
    state: ConversationState, question: Question, status: str, sentence: Sentence
) -> ConversationState:
    owner = sentence.promise or question.owner
    marked = tuple(
        replace(q, status=status, owner=owner) if q.id == question.id else q
        for q in state.questions
    )
    return replace(state, questions=marked)


def _promised(state: ConversationState, sentence: Sentence, facts: list[Fact]) -> ConversationState:
    if sentence.promise is None:
        return state
    facts.append(PromiseMade(sentence.text, sentence.promise, sentence.turn))
    promises = (*state.given.promises, sentence.text)
    return replace(state, given=replace(state.given, promises=promises))


def _asked(state: ConversationState, heard: AgentHeard, facts: list[Fact]) -> ConversationState:
    asks = heard.sentence.asks
    if asks is None:
        return state
    turn = heard.sentence.turn
    again, asks = (True, asks.of) if isinstance(asks, Again) else (False, asks)
    if isinstance(asks, Offer):
        awaited = replace(state.awaited, ask=None, offer=asks.what, turn=turn)
        made = state.proposals if again else state.proposals.heard(asks.what, turn)
        return replace(state, awaited=awaited, proposals=made)
    ledger = state.asks
    if not again and not isinstance(asks, Confirm):
        facts.append(CriterionAsked(asks, turn))
        ledger = replace(ledger, made=(*ledger.made, asks))
    awaited = replace(state.awaited, ask=asks, offer=None, turn=turn)
    return replace(state, awaited=awaited, asks=ledger)


def _became_true(
    state: ConversationState, heard: AgentHeard, facts: list[Fact]
) -> ConversationState:
    match heard.sentence.sets:
        case "disclosure":
            if not state.once.disclosed:
                facts.append(DisclosureHeard(heard.end_ms, heard.text))
            return replace(state, once=replace(state.once, disclosed=True))
        case consenting.NOTICE | consenting.NOTICED | consenting.QUESTION:
            state, found = consenting.told(state, heard)
            facts += found
            return state
        case "reframed" | "exited" | "apologised" | "opened" as said:
            return replace(state, once=replace(state.once, **{said: True}))
        case "booking":
            booking = state.meeting.booking
            if booking is not None and not state.meeting.heard:
                facts.append(
                    Noted("booking_heard", {"booking_id": booking.id, "sequence": booking.sequence})
                )
            return replace(state, meeting=replace(state.meeting, heard=booking is not None))
        case "recap":
            return replace(state, ending=replace(state.ending, recapped=True))
        case _:
            return state
