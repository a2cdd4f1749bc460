"""Every field of what policy looks at can be shown to change what is decided or said.

For each field: two inputs that differ in it alone, and whose outcomes differ. The values are those
the field takes in held conversations, and a few it only takes elsewhere.
"""

import asyncio
import random
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import cache, cached_property
from itertools import product
from operator import attrgetter
from typing import Any

import pytest

from core.commands import AskIfAI
from core.conversation.ledger import Check, Guidance
from core.conversation.parts import Part
from core.conversation.state import ConversationState
from core.crm.known import CrmContactFound
from core.events import ConsentRecorded, PersonRecalled, SignalCaptured
from core.heard import hear
from core.identity.memory import Memory
from core.outcome import outcome_of
from core.policy.next_act import next_act
from core.policy.view import View
from core.scheduling.memory import MemoryDesk
from core.talk import AgentHeard, ConversationOpened, Span, UserSaid
from core.text.talk import TextTalk
from core.thinking.thinker import Thinker
from tests.core.scenarios.callers import CALLERS
from tests.core.talk import MONDAY_NOON, OTHER, Talk, engine, knowledge, sample

MOST_PAIRS, MOST_TURNS = 6000, 500
"""Pairs tried on the act alone, and on whole turns, before an input is called dead."""
BOOKERS = (
    ("we're a software company with two hundred people in texas on snowflake",
     "do you support sso", "we want to sync it into salesforce next month, i'm the head of data",
     "i'd like to book a demo", "none of those", "the second one please", "jane doe",
     "can we move it to another day", "the first one", "that's all bye"),
    ("i'd like to book a demo", "the second one please", "actually the first one",
     "hm the last one"),
    ("can someone call me back", "four one five five five five oh one double nine", "yes",
     "no, the last two are eight eight", "bye"),
    ("i'm a student", "thanks", "bye"), ("i'm a student", "where then"),
    ("let me speak to a manager", "hello", "don't call me again"),
    ("you stupid bot", "you stupid bot"),
    ("um", "um", "um", "yes"),
    ("my card is [card number]", "[card number]", "do you support sso [card detail]"),
    ("how would gdpr removal demands work", "no, that's not it", "bye"),
    ("can i leave a message", "we need a quote for two hundred seats", "bye"),
    ("how much is the growth plan", "please stop recording this", "actually you can record it"),
    ("hi we're in healthcare", "which plan would we need"),
    ("are you open tomorrow", "bye"),
    ("we're in Munich", "you can record this", "bye"),
    ("we're a bakery", "fire away", "about two hundred of us", "by may", "i'm the owner",
     "string and glue mostly", "nothing else"),
    ("do you support sso", "how much is growth", "are you soc 2", "type two"),
    ("do you support snowflake", "how much is growth", "do you support sso", "with okta?"),
    ("how much is growth", "and if we went monthly", "any discounts", "and for a hundred people"),
    ("is there a named account manager", "no that's not what i meant", "okay thanks"),
    ("i don't trust tools like this", "i'm not convinced and i don't trust it"),
    ("can someone call me back", "four one five five five five oh one double nine", "yes",
     "alright"),
    ("nobody called me back", "nobody called me back yesterday"),
    ("my name is dana", "i'm with acme", "we're in texas"),
)  # fmt: skip
MAILS = (
    ("how would gdpr removal demands work", "yes, that's what I meant"),
    ("how would gdpr removal demands work", "no, that's not it"),
)


@dataclass(frozen=True)
class Met:
    """A turn as it was met: the state before it and the words; and what policy then saw."""

    state: ConversationState
    said: UserSaid
    view: View

    @cached_property
    def act(self) -> object:
        """What policy does, seeing just this."""
        return next_act(self.view)

    @cached_property
    def outcome(self) -> object:
        """What this turn brings about."""
        return said_and_done(self.state, self.said)


class Recording(Thinker):
    """Keeps the last view it made."""

    view: View

    def _view(self, *args: Any) -> View:
        self.view = super()._view(*args)
        return self.view


@cache
def thinker(transfers: bool = False) -> Recording:
    kinds = sample().company.meeting_types
    visit = kinds[0].model_copy(update={"id": "visit", "segments": (), "visit": True})
    company = sample().company.model_copy(update={"meeting_types": (*kinds, visit)})
    return Recording(company, knowledge(), "v", transfers=transfers)


@cache
def corpus() -> tuple[Met, ...]:
    """Turns of held conversations, with a calendar and without."""

    async def run() -> list[Met]:
        met = []
        scripts = [[(t.text, t.hears) for t in caller.turns] for caller in CALLERS.values()]
        scripts += [[(line, None) for line in lines] for lines in BOOKERS for _ in range(4)]
        scripts += [[(line, None) for line in lines] for lines in MAILS]
        for n, script in enumerate(scripts):
            recording = thinker(n % 4 == 3)
            caller = None if n % 5 == 4 else "+14155550100"
            desk = MemoryDesk(sample().company) if n % 4 != 2 else None
            talk: TextTalk = Talk(caller=caller, desk=desk)
            if n >= len(scripts) - len(MAILS):
                mail = ConversationOpened("c1", "email", "inbound", None, None, MONDAY_NOON)
                talk = TextTalk(engine(), mail)
            for text, hears in script:
                before = talk.state
                turn = await talk.says(text, hears)
                said = UserSaid(turn.planned.turn, text, 0, 900, talk.at)
                if talk.desk is not None and before.board is None:
                    before = replace(before, board=talk.state.board)
                recording.think(before, said)
                met.append(Met(before, said, recording.view))
        return met

    return tuple(asyncio.run(run()))


def said_and_done(state: ConversationState, said: UserSaid) -> object:
    """What a turn brings about outside the state: act, facts, words, and what hearing does."""
    talker = engine()
    thought = thinker().think(state, said)
    sentences = list(talker.realiser.sentences(thought.act, thought.state))
    after, heard = thought.state, []
    for one in (*sentences, *talker.open(state.opened, after_hours=False).sentences):
        after, facts = hear(after, AgentHeard(one.turn, one, one.text, True, 0, 1))
        heard += facts
    texts = tuple((s.text, s.asks) for s in sentences)
    closing = talker.close(thought.state, "left")
    return thought.act, thought.facts, texts, tuple(heard), closing, outcome_of(thought.state)


NAMED = SignalCaptured(
    "c0/s1", "name", "Dana", "positive", "stated", 0.9, "dana", 1, 0, 9, None, "c0"
)
OTHERS: dict[str, tuple[object, ...]] = {
    "company": (sample(OTHER).company,), "open_now": (True, False),
    "now": (MONDAY_NOON + timedelta(days=4),),
    "takers": (frozenset(r.id for r in sample().company.team), frozenset()), "names": ({},),
    "stopped": (True, False), "sees": ("tomorrow", "", "right away"),
    "message": ("call her", ""),
    "identity.crm": (CrmContactFound("embedded", "1", "", "", "daniel-okafor", (), False), None),
    "consent": (None, ConsentRecorded("recording", "given", "yes", 9, "word")),
    "rep": (None, "tom-beckett"), "help": (None,), "worth": ({},),
    "late": ((AskIfAI(Span("are you a robot", 0, 1)),),), "ending.opted_out": (True,),
    "once.disclosed": (True, False),
    "wants.visit": (True, False),
    "asks.stopped": (True,),
    "asks.declined": (("phone", "use_case"), ("employees", "use_case", "name")),
    "asks.unknown": (("employees",), ("employees", "use_case", "role")),
    "meanings.check": (Check("q1.1", "do you support sso"), None),
    "once.reframed": (True, False), "once.apologised": (True, False),
    "once.opened": (True, False), "wants.writing": (True, False), "offered": ("more", None),
    "wants.unreached": (("sofia-alvarez", "tom-beckett"),),
    "times.rounds": (0, 9),
    "times.asked": (0, 1),
    "wants.keeper": ("tom-beckett",),
    "wants.zone": ("Asia/Tokyo", "America/Los_Angeles"),
    "back": (True,), "confirmed": (True,), "corrected": (True,), "asks_where": (True,),
    "identity.person": (PersonRecalled("p1", True, opted_out="c0"),),
    "guidance": (Guidance(("timeline", "role")), Guidance((), "callback")),
    "identity.guesses": ((Memory(PersonRecalled("p1", False), (NAMED,)),),),
    "ai_call": tuple((said, turn) for said in ("given", "declined") for turn in range(1, 9)),
    "refused": (("callback",), ("slots",)), "proposals.refused": (("callback",), ("slots",)),
    "recording.explicit": (True, False), "recording.consent": ("declined", "given", "unknown"),
}  # fmt: skip
"""Values beside those of the corpus."""


def alternatives(name: str, values: list[object]) -> list[object]:
    """Different values of a field, the rarer ones of the corpus first."""
    told = {repr(v): v for v in (*OTHERS.get(name, ()), *values)}
    return list(told.values())[:40]


def pairs(name: str, values: list[object]):
    """Turns with another value of the field, in an order that mixes them well."""
    every = [(m, v) for m, v in product(corpus(), alternatives(name, values))]
    random.Random(7).shuffle(every)
    return every[:MOST_PAIRS]


@pytest.mark.parametrize("name", [f.name for f in fields(View) if f.name != "state"])
def test_a_field_of_the_view_changes_the_act(name):
    values = [getattr(m.view, name) for m in corpus()]
    for met, value in pairs(name, values):
        try:
            if next_act(replace(met.view, **{name: value})) != met.act:
                return
        except (AssertionError, KeyError, ValueError, AttributeError):
            continue  # no conversation comes to such a view
    pytest.fail(f"nothing depends on view.{name}")


def with_field(state: ConversationState, name: str, value: object) -> ConversationState:
    """The state with another value of a field, or of a part's field."""
    part, _, inner = name.rpartition(".")
    if part:
        value, name = replace(getattr(state, part), **{inner: value}), part
    return replace(state, **{name: value})


FIELDS = [
    f"{f.name}.{inner.name}" if issubclass(kind, Part) else f.name
    for f in fields(ConversationState)
    for kind in (type(f.default),)
    for inner in (fields(kind) if issubclass(kind, Part) else (f,))
]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_the_state_changes_what_is_said_or_done(name):
    field = attrgetter(name)
    values = [field(s) for m in corpus() for s in (m.state, m.view.state)]
    for met, value in pairs(name, values):
        seen = replace(met.view, state=with_field(met.view.state, name, value))
        try:
            if next_act(seen) != met.act:
                return
        except (AssertionError, KeyError, ValueError, AttributeError):
            continue  # no conversation comes to such a state
    for met, value in pairs(name, values)[:MOST_TURNS]:
        if value == field(met.state):
            continue
        try:
            other = said_and_done(with_field(met.state, name, value), met.said)
        except (AssertionError, KeyError, ValueError, AttributeError):
            continue  # no conversation comes to such a state
        if other != met.outcome:
            return
    pytest.fail(f"nothing depends on state.{name}")
