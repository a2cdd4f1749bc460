"""One turn of a written conversation. What is sent counts as heard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.conversation.state import ConversationState, replace
from core.engine import Engine
from core.events import CallbackRequested, Fact, UtteranceRecorded
from core.talk import AgentHeard, Sentence, UserSaid
from core.text.turn import TextTurn
from voice_agent.desk import BoundedDesk


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn's outcome: the state after it, its facts in order, whether the talk ends with it."""

    state: ConversationState
    facts: tuple[Fact, ...]
    over: bool


async def answered(
    engine: Engine,
    state: ConversationState,
    said: UtteranceRecorded,
    at: datetime,
    desk: BoundedDesk,
    tell: Callable[[Sentence], None],
) -> Answered:
    """Answer a message that is in the log; `tell` is given each sentence as soon as it stands."""
    state = engine.informed(state, await desk.board())
    turn = TextTurn(
        engine,
        state,
        UserSaid(said.turn, said.text, said.start_ms, said.end_ms, at),
        desk.perform,
    )
    async for sentence in turn.replying():
        tell(sentence)
    after, lines = heard(engine, turn.state, turn.sentences, said.end_ms)
    # The desk logged what was booked, with the booking.
    facts = (*turn.decided, *lines, *turn.found)
    over = turn.action is not None and turn.action.kind == "hang_up"
    return Answered(after, facts, over)


async def overheard(
    engine: Engine, state: ConversationState, said: UtteranceRecorded, at: datetime
) -> Answered:
    """A message that a person of the team answers: what it tells of the buyer is learned, nothing
    is said, and its questions are the person's."""
    heard_it = UserSaid(said.turn, said.text, said.start_ms, said.end_ms, at)
    thought = await engine.beside(heard_it, lambda: engine.think(state, heard_it))
    left = tuple(
        replace(q, status="left") if q.status == "open" else q for q in thought.state.questions
    )
    learned = thought.state
    after = replace(
        state, turn=said.turn, history=learned.history, signals=learned.signals,
        superseded=learned.superseded, questions=left, verdict=learned.verdict,
        route=learned.route, opted_out=learned.opted_out, expecting=None, offered=None,
    )  # fmt: skip
    facts = tuple(f for f in thought.facts if not isinstance(f, CallbackRequested))
    return Answered(after, facts, over=False)


def heard(
    engine: Engine, state: ConversationState, sentences: Sequence[Sentence], ms: int
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state after our sentences were read, with their lines and what follows from them."""
    facts: list[Fact] = []
    for sentence in sentences:
        facts.append(
            UtteranceRecorded(
                sentence.turn, "agent", sentence.text, ms, ms, citations=sentence.citations,
                kind=sentence.kind, asks=sentence.asks or "",
            )
        )  # fmt: skip
        read = AgentHeard(sentence.turn, sentence, sentence.text, True, ms, ms)
        state, found = engine.heard(state, read)
        facts += found
    return state, tuple(facts)


def at_ms(state: ConversationState, at: datetime) -> int:
    """An instant's place in a conversation, in milliseconds."""
    return max(0, round((at - state.opened.at).total_seconds() * 1000))
