"""One buyer, three days, three channels: nothing asked twice, one lead, one timeline."""

from datetime import datetime, timedelta

import pytest

from core.events import Fact, IdentifierSeen, SignalCaptured
from core.projections.document import document
from core.store.contacts import conversations_of
from core.store.store import Store
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.channels.test_writing import Asked, Clock, server
from tests.core.talk import MONDAY_NOON, engine, sample
from voice_agent.channels.writing import Writing

pytestmark = pytest.mark.real_clock
NUMBER = "+14155550123"


async def written(writing: Writing, opened: ConversationOpened, *messages: str) -> None:
    await writing.open(opened)
    for n, text in enumerate(messages):
        line = await writing.say(opened.conversation_id, f"m{n}", text)
        await writing.reply(opened.conversation_id, line.said.turn)
    await writing.close(opened.conversation_id, "done")


class Phone:
    """A call in text whose facts are stored as they come, and who is there looked up, as in one."""

    def __init__(self, store: Store, at: datetime) -> None:
        opened = ConversationOpened("call", "voice", "inbound", NUMBER, None, at)
        self.store, self.at, self.talk, self.kept = store, at, TextTalk(engine(), opened), 0

    async def look(self) -> None:
        fresh = self.talk.facts[self.kept :]
        self.kept = len(self.talk.facts)
        await self.store.log.append("call", self.at, fresh)
        found = await self.store.people.recognise("call")
        self.talk.state, facts = engine().recognised(self.talk.state, found)
        self.talk.facts += facts

    async def says(self, text: str) -> str:
        turn = await self.talk.says(text)
        await self.look()
        return turn.text


async def test_chat_on_monday_mail_on_tuesday_phone_on_wednesday(both: Store):
    clock = Clock()
    async with server(both, clock, Asked()) as writing:
        chat = ConversationOpened(
            "chat", "chat", "inbound", None, None, clock.now,
            seen=(IdentifierSeen("cookie", "browser-1", True),),
        )  # fmt: skip
        await written(
            writing, chat, "Hi, we're a healthcare company and we use Snowflake. Do you sync it?",
            "My name is Dana Reyes and my email is dana@harborclinics.com",
            "My number is 415 555 0123",
        )  # fmt: skip
        clock.now += timedelta(days=1)
        mail = ConversationOpened(
            "mail", "email", "inbound", None, None, clock.now,
            seen=(IdentifierSeen("email", "dana@harborclinics.com", True),),
        )  # fmt: skip
        await written(
            writing, mail,
            "How much is the Growth plan? We are about 200 people and want to start next month.",
        )  # fmt: skip
    call = Phone(both, MONDAY_NOON + timedelta(days=2))
    await call.look()
    said = [await call.says("do you support single sign on")]
    assert "Dana?" in said[0]
    assert not any(word in said[0] for word in ("Reyes", "Harbor", "Snowflake", "Healthcare"))
    said += [await call.says("yes speaking"), await call.says("are you hipaa compliant")]
    call.talk.close("hung up")
    await call.look()

    made = document("call", await both.log.read("call"), company=sample().company)
    known = {s["criterion"]: s for s in made["signals"] if s["superseded_by"] is None}
    assert known["industry"]["origin"]["words"] == "in chat on Monday, 30 Nov"
    assert known["tech_stack"]["value"] == "Snowflake"
    assert known["employees"]["origin"]["words"] == "by email on Tuesday, 1 Dec"
    assert made["person"]["sure"]
    asked: list[Fact] = [entry.fact for entry in await both.log.read("call")]
    names = [f.criterion for f in asked if type(f).__name__ == "CriterionAsked"]
    assert not {*names} & {"industry", "tech_stack", "employees", "timeline", "name", "email"}
    assert not any(isinstance(f, SignalCaptured) and not f.origin and f.supersedes for f in asked)

    summary = made["handoff"]["summary"]
    assert (
        "called" in summary and "in chat on Monday" in summary and "by email on Tuesday" in summary
    )
    persons = {await both.people.person_of(name) for name in ("chat", "mail", "call")}
    assert len(persons) == 1
    (person,) = persons
    rows = await both.query(lambda c: conversations_of(c, str(person)))
    assert [(row.id, row.channel) for row in rows] == [
        ("chat", "chat"), ("mail", "email"), ("call", "voice"),
    ]  # fmt: skip
