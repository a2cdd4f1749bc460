"""Applies what the buyer really heard to the ledger: asks, gives, promises, disclosure."""

from core.conversation import consenting
from core.conversation.state import PROPOSALS, ConversationState, Question, replace
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
    history = list(state.history)
    fresh = bool(history) and history[-1][0] == "agent"
    if fresh:
        history[-1] = ("agent", f"{history[-1][1]} {heard.text}")
    else:
        history.append(("agent", heard.text))
    if heard.sentence.kind in _ASIDE:
        return replace(state, history=tuple(history[-24:]))
    lines = (*state.agent_lines, heard.text) if fresh else (heard.text,)
    return replace(state, history=tuple(history[-24:]), agent_lines=lines[-4:])


def _begun(state: ConversationState, heard: AgentHeard) -> ConversationState:
    """Mark as begun an answer, or a goodbye, of which some words were heard."""
    if not heard.sentence.answers and heard.sentence.sets != "goodbye":
        return state
    begun = tuple(
        replace(q, begun=True) if q.id in heard.sentence.answers else q for q in state.questions
    )
    farewell = state.farewell or heard.sentence.sets == "goodbye"
    return replace(state, questions=begun, farewell=farewell)


def _settle(state: ConversationState, sentence: Sentence, facts: list[Fact]) -> ConversationState:
    """Mark questions answered or deferred, and count what was given."""
    if not sentence.citations and not sentence.answers:
        return state
    told = tuple(dict.fromkeys((*state.told, *sentence.citations)))[-40:]
    gave = sentence.kind == "answer" and bool(set(sentence.citations) - set(state.told))
    since = len(state.asked) if gave else state.asked_before
    state = replace(state, told=told, gives=state.gives + int(gave), asked_before=since)
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
    return replace(state, promises=(*state.promises, sentence.text))


def _asked(state: ConversationState, heard: AgentHeard, facts: list[Fact]) -> ConversationState:
    asks = heard.sentence.asks
    if asks is None:
        return state
    turn = heard.sentence.turn
    if asks.startswith("offer:"):
        offered = asks.removeprefix("offer:")
        offers = (*state.offers, offered)
        proposed = turn if offered in PROPOSALS else state.proposed_turn
        return replace(state, offered=offered, offers=offers, expecting=None, expecting_turn=turn,
                       proposed_turn=proposed)  # fmt: skip
    asked = state.asked
    if not asks.startswith(("confirm:", "again:")):
        facts.append(CriterionAsked(asks, turn))
        asked = (*asked, asks)
    expecting = asks.removeprefix("again:")
    return replace(state, expecting=expecting, expecting_turn=turn, offered=None, asked=asked)


def _became_true(
    state: ConversationState, heard: AgentHeard, facts: list[Fact]
) -> ConversationState:
    match heard.sentence.sets:
        case "disclosure":
            if not state.disclosed:
                facts.append(DisclosureHeard(heard.end_ms, heard.text))
            return replace(state, disclosed=True)
        case consenting.NOTICE | consenting.NOTICED | consenting.QUESTION:
            state, found = consenting.told(state, heard)
            facts += found
            return state
        case "reframed":
            return replace(state, reframed=True)
        case "exit":
            return replace(state, exited=True)
        case "booking":
            booking = state.booking
            if booking is not None and not state.booking_heard:
                facts.append(
                    Noted("booking_heard", {"booking_id": booking.id, "sequence": booking.sequence})
                )
            return replace(state, booking_heard=booking is not None)
        case "recap":
            return replace(state, recapped=True)
        case _:
            return state
