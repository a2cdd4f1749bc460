"""Calls that cannot be taken: the outcome by company, caller and reason."""

import xml.etree.ElementTree as ElementTree

import httpx
import pytest
from starlette.applications import Starlette

from tests.core.talk import sample
from voice_agent.telephony.overflow import OverflowRoutes, chosen
from voice_agent.telephony.signed import SignedForms, Told

COMPANY = sample().company
CALLER = "+14155550142"
SID = "RE" + "0" * 32


def company(**overflow: object):
    return COMPANY.model_copy(update={"overflow": COMPANY.overflow.model_copy(update=overflow)})


class Desk:
    def __init__(self, line: str | None = "Sofia will call you today.") -> None:
        self.line = line
        self.promised: list[tuple[str, ...]] = []
        self.messages: list[tuple[str, ...]] = []

    async def promise(self, call_sid: str, caller: str, called: str, why: str) -> str | None:
        self.promised.append((call_sid, caller, called, why))
        return self.line

    async def left(self, call_sid: str, recording_sid: str, caller: str, called: str) -> None:
        self.messages.append((call_sid, recording_sid, caller, called))


def routes(desk: Desk, *, records: bool = True, **overflow: object) -> OverflowRoutes:
    signed = SignedForms("", "")
    return OverflowRoutes(signed, desk, lambda: company(**overflow), records=records)


def told(caller: str = CALLER) -> Told:
    fields = {"From": caller, "To": "+18005550100", "CallSid": "CA1"}
    return Told(fields, {}, {}, "https://agent.test")


def tags(answer) -> list[str]:
    return [child.tag for child in ElementTree.fromstring(bytes(answer.body))]


async def post(desk: Desk, path: str, **fields: str) -> str:
    app = Starlette(routes=routes(desk).routes())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://agent.test"
    ) as http:
        return (await http.post(path, data=fields)).text


@pytest.mark.parametrize(
    ("then", "why", "caller", "records", "becomes"),
    [
        ("busy", "full", CALLER, True, "busy"),
        ("callback", "full", CALLER, True, "callback"),
        ("callback", "draining", CALLER, False, "callback"),
        ("callback", "database", CALLER, True, "voicemail"),
        ("callback", "full", "", True, "voicemail"),
        ("callback", "full", "", False, "busy"),
        ("voicemail", "hearing", CALLER, True, "voicemail"),
        ("voicemail", "full", CALLER, False, "busy"),
        ("number", "full", CALLER, True, "number"),
    ],
)
def test_what_cannot_be_done_gives_way_to_what_can(then, why, caller, records, becomes):
    of = company(then=then, number="+18005550177")
    assert chosen(of, why, caller, records=records) == becomes


def test_each_way_is_answered_with_its_own_twiml():
    assert tags(routes(Desk(), then="busy").turned_away(told(), "full")) == ["Say", "Say", "Hangup"]
    answer = routes(Desk(), then="number", number="+18005550177").turned_away(told(), "full")
    assert tags(answer) == ["Say", "Dial", "Say"] and b"+18005550177" in answer.body
    offer = routes(Desk(), then="callback").turned_away(told(), "full")
    assert tags(offer) == ["Say", "Gather", "Say", "Record", "Say"]
    assert b"Tideline" in offer.body
    withheld = routes(Desk(), then="callback").turned_away(told("+266696687"), "full")
    assert tags(withheld) == ["Say", "Say", "Record", "Say"]


def test_no_message_is_offered_that_could_not_be_fetched():
    offer = routes(Desk(), then="callback").turned_away(told(), "full")
    assert b"press 1" in offer.body and b"press 2" in offer.body
    without = routes(Desk(), records=False, then="callback").turned_away(told(), "full")
    assert tags(without) == ["Say", "Gather", "Say", "Hangup"]
    assert b"press 1" in without.body and b"message" not in without.body


async def test_a_pressed_one_is_promised_a_call_and_hears_by_whom():
    desk = Desk()
    answer = await post(
        desk, "/twilio/overflow/choice?why=draining", Digits="1", CallSid="CA1", From=CALLER,
        To="+18005550100",
    )  # fmt: skip
    assert desk.promised == [("CA1", CALLER, "+18005550100", "draining")]
    assert "Sofia will call you today" in answer and "<Record" not in answer


async def test_a_reason_nobody_gave_is_not_repeated():
    desk = Desk()
    await post(desk, "/twilio/overflow/choice?why=%3Cb%3E", Digits="1", CallSid="CA1", From=CALLER)
    assert desk.promised[0][3] == "full"


@pytest.mark.parametrize(("digits", "line"), [("2", "x"), ("1", None)])
async def test_another_key_or_no_promise_is_a_message(digits: str, line: str | None):
    answer = await post(Desk(line), "/twilio/overflow/choice", Digits=digits, CallSid="CA1",
                        From=CALLER)  # fmt: skip
    assert "<Record" in answer


async def test_a_message_is_told_of_once_it_is_there_and_only_by_a_real_sid():
    desk = Desk()
    where = "/twilio/recording?from=%2B14155550142&to=%2B18005550100"
    await post(desk, where, RecordingStatus="in-progress", RecordingSid=SID, CallSid="CA1")
    await post(desk, where, RecordingStatus="completed", RecordingSid="../x", CallSid="CA1")
    await post(desk, where, RecordingStatus="completed", RecordingSid=SID, CallSid="CA1")
    assert desk.messages == [("CA1", SID, CALLER, "+18005550100")]
