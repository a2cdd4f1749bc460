"""One turn of a written conversation. What is sent counts as heard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.asking import spelled
from core.conversation.state import ConversationState, replace
from core.engine import Engine
from core.events import CallbackRequested, Fact, SignalCaptured, UtteranceRecorded
from core.talk import AgentHeard, Sentence
from core.text.burst import Message, aged, joined, placed
from core.text.turn import TextTurn
from voice_agent.desk import BoundedDesk


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn's outcome: the state after it, its facts in order, whether it ends the talk."""

    state: ConversationState
    facts: tuple[Fact, ...]
    over: bool


async def answered(
    engine: Engine,
    state: ConversationState,
    messages: Sequence[Message],
    desk: BoundedDesk,
    tell: Callable[[Sentence], None],
) -> Answered:
    """Answer one turn's messages, already in the log; `tell` gets each finished sentence."""
    state = engine.informed(aged(state, messages), await desk.board())
    said = joined(messages)
    turn = TextTurn(engine, state, said, desk.perform)
    async for sentence in turn.replying():
        tell(sentence)
    after, lines = heard(engine, turn.state, turn.sentences, said.end_ms)
    # The desk logged the booking's facts with the booking.
    facts = (*turn.decided, *lines, *turn.found)
    over = turn.action is not None and turn.action.kind == "hang_up"
    return _placed(Answered(after, facts, over), messages)


async def overheard(
    engine: Engine, state: ConversationState, messages: Sequence[Message]
) -> Answered:
    """Process messages that a rep answers: learn what they tell of the buyer and say nothing; their
    questions are left to the rep."""
    heard_it = joined(messages)
    thought = await engine.beside(heard_it, lambda: engine.think(state, heard_it))
    left = tuple(
        replace(q, status="left") if q.status == "open" else q for q in thought.state.questions
    )
    learned = thought.state
    after = replace(
        state, turn=heard_it.turn, signals=learned.signals, questions=left,
        history=replace(state.history, lines=learned.history.lines),
        judged=replace(learned.judged, disqualified=state.judged.disqualified),
        ending=replace(state.ending, opted_out=learned.ending.opted_out),
        awaited=replace(state.awaited, ask=None, offer=None),
    )  # fmt: skip
    facts = tuple(f for f in thought.facts if not isinstance(f, CallbackRequested))
    return _placed(Answered(after, facts, over=False), messages)


def _placed(made: Answered, messages: Sequence[Message]) -> Answered:
    """The same, with each signal placed at the message that says it."""
    facts = (placed(f, messages) if isinstance(f, SignalCaptured) else f for f in made.facts)
    signals = tuple(placed(s, messages) for s in made.state.signals.all)
    state = replace(made.state, signals=replace(made.state.signals, all=signals))
    return Answered(state, tuple(facts), made.over)


def heard(
    engine: Engine, state: ConversationState, sentences: Sequence[Sentence], ms: int
) -> tuple[ConversationState, tuple[Fact, ...]]:
    """The state once our sentences are read, with their lines and what follows from them."""
    facts: list[Fact] = []
    for sentence in sentences:
        facts.append(
            UtteranceRecorded(
                sentence.turn, "agent", sentence.text, ms, ms, citations=sentence.citations,
                kind=sentence.kind, asks=spelled(sentence.asks),
            )
        )  # fmt: skip
        read = AgentHeard(sentence.turn, sentence, sentence.text, True, ms, ms)
        state, found = engine.heard(state, read)
        facts += found
    return state, tuple(facts)


def at_ms(state: ConversationState, at: datetime) -> int:
    """An instant as milliseconds since the conversation began."""
    return max(0, round((at - state.opened.at).total_seconds() * 1000))
