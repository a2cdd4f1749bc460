"""Suggested replies: each is understood as its label says."""

from zoneinfo import ZoneInfo

from core.commands import Affirm, Deny
from core.conversation.understanding.times.choices import choices
from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.states import awaiting
from tests.core.talk import MONDAY_NOON, engine, sample

COMPANY = sample().company


def chat(zone: str = "") -> TextTalk:
    opened = ConversationOpened("c1", "chat", "inbound", None, None, MONDAY_NOON, zone=zone)
    return TextTalk(engine(), opened, desk=MemoryDesk(COMPANY))


def offered(talk: TextTalk) -> list[str]:
    return [c.label for c in choices(talk.state, COMPANY, MONDAY_NOON)]


async def test_times_are_offered_on_the_buyers_own_clock():
    talk = chat("America/Denver")
    assert offered(talk) == []
    await talk.says("We are 300 people. Can I book a demo?")
    shown = [s.start.astimezone(ZoneInfo("America/Denver")) for s in talk.state.times.slots]
    hours = [f"{t.hour % 12 or 12}{f':{t.minute}' if t.minute else ''}" for t in shown]
    labels = offered(talk)
    assert labels[-1] == "Another time" and len(labels) == len(hours) + 1
    assert all(f", {hour} " in label for hour, label in zip(hours, labels, strict=False))
    assert "your time" in talk.turns[-1].text


async def test_every_time_on_offer_can_be_booked_by_its_button():
    first = chat("Asia/Kolkata")
    await first.says("We are 300 people. Can I book a demo?")
    for n, slot in enumerate(first.state.times.slots):
        talk = chat("Asia/Kolkata")
        await talk.says("We are 300 people. Can I book a demo?")
        await talk.says(choices(talk.state, COMPANY, MONDAY_NOON)[n].text)
        await talk.says("ann@harbor.example")
        if talk.state.meeting.booking is None:
            await talk.says("Yes.")
        assert (
            talk.state.meeting.booking is not None
            and talk.state.meeting.booking.start == slot.start
        )
        assert offered(talk) == []


async def test_another_time_brings_other_times():
    talk = chat()
    await talk.says("We are 300 people. Can I book a demo?")
    before = set(talk.state.times.slots)
    await talk.says(choices(talk.state, COMPANY, MONDAY_NOON)[-1].text)
    assert talk.state.times.slots and not before & set(talk.state.times.slots)


async def test_what_was_proposed_can_be_answered_with_yes_or_no():
    talk = chat()
    await talk.says("Do you support SSO?")
    await talk.says("What happens next?")
    assert offered(talk) == ["Yes, please", "No, thanks"]
    await talk.says(choices(talk.state, COMPANY, MONDAY_NOON)[1].text)
    assert offered(talk) == [], "what is open now is answered in words"


async def test_who_is_asked_whether_they_are_somebody_we_know_can_press_yes_or_no():
    talk = chat()
    await talk.says("Do you support SSO?")
    asked = awaiting(talk.state, offer="identity", turn=talk.state.turn)
    yes, no = choices(asked, COMPANY, MONDAY_NOON)
    understanding = engine().thinker.understanding
    for choice, meant in ((yes, Affirm), (no, Deny)):
        commands = understanding.read(talk.said(choice.text), asked)
        assert any(isinstance(command, meant) for command in commands)
