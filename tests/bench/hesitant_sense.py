"""What the embedded engine makes of a hesitant caller's words, as a session would ask it.

The state is that of a young conversation in which we had asked for what the whole line answers: the
criterion or contact that its slot stands for, else the first that its written words tell, and if
they tell none but say yes or no, an offer. Nothing else of the line's text is used.
"""

from dataclasses import replace
from datetime import UTC, datetime

from core.conversation.parts import Once
from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import SignalCaptured
from core.talk import ConversationOpened, UserSaid, Word
from core.thinking.understood import Sense
from tests.bench.hesitant_speech import Line
from tests.core.states import awaiting
from voice_agent.turn import events as ev

AT = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
OPENED = ConversationOpened("c1", "voice", "inbound", "+14155550100", "+16175550142", AT)
ASKED: dict[str, str] = {"number": "employees", "date": "timeline"}


def state_before(line: Line, engine: Engine) -> ConversationState:
    """The state in which the line is said."""
    state = ConversationState(OPENED, once=Once(disclosed=True))
    if line.slot is None:
        return state
    if line.slot != "free":
        return awaiting(state, ask=ASKED.get(line.slot, line.slot))
    thought = engine.think(state, UserSaid(1, " ".join(line.stretches), 0, 1000, AT))
    told = [fact.criterion for fact in thought.facts if isinstance(fact, SignalCaptured)]
    return awaiting(state, ask=told[0]) if told else awaiting(state, offer="callback")


def sense_of(
    order: ev.Consider,
    state: ConversationState,
    words: tuple[Word, ...],
    confidence: float,
    engine: Engine,
) -> Sense:
    """What a session in this state would be told."""
    state = replace(state, turn=order.turn - 1, awaited=replace(state.awaited, turn=order.turn - 1))
    start_ms, end_ms = round(order.speech_start * 1000), round(order.speech_end * 1000)
    said = UserSaid(order.turn, order.text, start_ms, end_ms, AT, words, confidence)
    return engine.think(state, said).sense
