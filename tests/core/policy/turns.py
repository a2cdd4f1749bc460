"""Random conversations of commands: what a buyer may mean, in whatever words."""

import asyncio
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from core import commands as c
from core.conversation.state import ConversationState
from core.engine import Engine
from core.policy.ledger import MOST_PROMISED
from core.talk import Span, UserSaid
from core.text.talk import TextTalk
from core.text.turn import TextTurn
from tests.core.talk import Talk, knowledge, sample

SPAN = Span("as was said", 0, 900)
QUESTIONS = (
    "do you support sso", "how much is the growth plan", "do you integrate with snowflake",
    "is there a free trial", "do you have a moon base", "are you hipaa compliant",
)  # fmt: skip
SIGNALS = (
    ("employees", "200"), ("employees", "5000"), ("employees", "90-120"),
    ("use_case", "reverse ETL"), ("use_case", "real-time personalization"),
    ("tech_stack", "Snowflake"), ("tech_stack", "Oracle"),
    ("timeline", "2027-01-31"), ("timeline", "2029-01-01"), ("role", "CTO"), ("role", "intern"),
    ("industry", "healthcare"), ("budget", "50000"), ("location", "Texas"), ("location", "Havana"),
    ("budget", "3000"),
)  # fmt: skip

signal = st.builds(
    lambda pair, sure, implied: c.ProvideSignal(SPAN, *pair, "positive", sure, implied),
    st.sampled_from(SIGNALS), st.sampled_from([0.3, 0.6, 0.9]), st.booleans(),
)  # fmt: skip
plain = st.sampled_from(
    [
        c.Affirm(SPAN), c.Deny(SPAN), c.Invite(SPAN), c.AskIfAI(SPAN), c.AskIfRecorded(SPAN),
        c.AskWhy(SPAN), c.AskNext(SPAN), c.AskRepeat(SPAN), c.DeclineRecording(SPAN),
        c.Smalltalk(SPAN, "greeting"), c.Smalltalk(SPAN, "thanks"), c.Smalltalk(SPAN, "filler"),
        c.Unclear(SPAN, "meaningless"), c.Unclear(SPAN, "doubtful"), c.OffTopic(SPAN),
        c.Objection(SPAN, "that's too expensive"), c.RequestCallback(SPAN, "tomorrow morning"),
        c.RequestMeeting(SPAN, ""), c.ReadyToBuy(SPAN, ""),
        c.ProvideContact(SPAN, "name", "Jane Doe"),
        c.ProvideContact(SPAN, "phone", "+14155550123"),
        c.ProvideContact(SPAN, "company", "Acme"), c.BadContact(SPAN, "phone", "four one"),
        c.ProvideContact(SPAN, "email", "jane@acme.com"), c.DeclineToSay(SPAN, "budget"),
        c.ProvideContact(SPAN, "company", "Harbor Mutual"),
        c.DeclineToSay(SPAN, None), c.DoesNotKnow(SPAN, "timeline"), c.EndCall(SPAN),
    ]
)  # fmt: skip
rare = st.sampled_from(
    [
        c.RequestHuman(SPAN), c.OptOut(SPAN), c.Abuse(SPAN), c.Escalate(SPAN, "legal"),
        c.CompetitorOrVendor(SPAN, "student"), c.SupportNeed(SPAN, "support"),
    ]
)  # fmt: skip
question = st.builds(lambda q: c.AskProduct(Span(q, 0, 900), q), st.sampled_from(QUESTIONS))
turn = st.lists(st.one_of(question, signal, signal, plain, plain, rare), min_size=1, max_size=3)
scripts = st.lists(st.tuples(turn, st.sampled_from([None, None, (), (1.0,), (0.5,)])),
                   min_size=1, max_size=8)  # fmt: skip


class Scripted:
    """An understanding that returns what it was told to, as often as asked."""

    def __init__(self) -> None:
        self.now: tuple[c.Command, ...] = ()
        self.company = sample().company

    def read(self, said: UserSaid, state: ConversationState) -> tuple[c.Command, ...]:
        return self.now


@dataclass(frozen=True)
class Step:
    """One turn: what was meant, the state it met, and the result."""

    commands: tuple[c.Command, ...]
    before: ConversationState
    turn: TextTurn

    @property
    def state(self) -> ConversationState:
        return self.turn.planned.state

    def has(self, *kinds: type) -> bool:
        return any(isinstance(command, kinds) for command in self.commands)


@cache
def scripted() -> tuple[Engine, Scripted]:
    """An engine that understands what it is told to."""
    engine, reader = Engine(sample(), knowledge()), Scripted()
    engine.thinker.understanding = reader  # type: ignore[assignment]
    return engine, reader


def play(script, caller: str | None = "+14155550100") -> list[Step]:
    """Every turn of a scripted conversation, until it is hung up."""
    engine, reader = scripted()

    async def run() -> list[Step]:
        talk = Talk(caller=caller)
        talk.engine = engine
        steps = []
        for commands, hears in script:
            reader.now, before = tuple(commands), talk.state
            done = await TextTalk.says(talk, "as was said", hears)
            steps.append(Step(reader.now, before, done))
            if done.action is not None:
                break
        return steps

    return asyncio.run(run())


def promised(turn: TextTurn, state: ConversationState) -> int:
    """Deferred answers up to and including a turn, as many as may be followed by a question."""
    owed = {q.id for q in state.questions if q.status == "deferred"}
    owed |= {name for s in turn.sentences if s.kind == "deferral" for name in s.answers}
    return min(len(owed), MOST_PROMISED)
