"""Chats the agent leaves to people: stored and learned from, but not answered."""

from core.conversation.state import ConversationState
from core.engine import Engine
from core.events import Fact, Flagged
from core.facts.messages import MessageTaken
from core.talk import Sentence, UserSaid
from knowledge.profile import Company
from knowledge.sections.pilot import Pilot
from voice_agent.channels.turn import Answered, heard

_WORDS = Pilot(line="")
"""For a company without a pilot whose agent was switched off nevertheless."""


def away(company: Company) -> tuple[Sentence, ...]:
    """The opening of such a chat."""
    return (Sentence(0, 0, (company.pilot or _WORDS).chat_away, "greeting"),)


def kept(engine: Engine, state: ConversationState, said: UserSaid, made: Answered) -> Answered:
    """An unanswered turn, with the message recorded and, once, a line about what happens with it.

    Who was talking with the agent before is first asked where a colleague reaches them.
    """
    company = engine.loaded.company
    owner = made.state.judged.rep or company.default_owner
    facts: list[Fact] = [
        MessageTaken(said.text, said.turn, said.start_ms, owner),
        Flagged("message_left", said.turn, said.start_ms, said.text),
    ]
    after = made.state
    pilot = company.pilot or _WORDS
    asked = after.reachable or pilot.chat_away in after.history.by("agent")
    words = pilot.chat_kept if asked else pilot.chat_away
    if words not in state.given.promises:
        line = Sentence(said.turn, 0, words, "next_step", promise=owner)
        after, spoken = heard(engine, after, (line,), said.end_ms)
        facts += spoken
    return Answered(after, (*made.facts, *facts), over=False)
