"""Calls are placed through Twilio's API, each at most once, whatever crashes or is lost."""

import pytest

from core.callbacks.dial import Not
from core.facts.callbacks import callback_id
from core.store.store import Store
from tests.core.callbacks.promises import company
from tests.core.store.test_callbacks import DANA, NINE, YES, promised
from tests.fakes.twilio_rest import TwilioRest
from tests.nursery import ended
from voice_agent.callbacks.placing import Placing
from voice_agent.telephony.ports import NoCallControl
from voice_agent.telephony.rest import TwilioCalls

pytestmark = pytest.mark.real_clock
WHICH, ONE = callback_id("c1"), f"{callback_id('c1')}-1"


def placing(store: Store, rest: TwilioRest, **rules: object) -> Placing:
    calls = TwilioCalls(rest.account_sid, "token", rest.url)
    return Placing(store, calls, lambda: company(**rules), lambda: NINE, "https://agent.example/")


async def tried(store: Store) -> dict[str, object]:
    found = await store.dialling.attempt_of(ONE)
    assert found is not None
    return found


async def test_a_call_is_placed_with_who_what_and_where_to_tell_of_it(store: Store):
    await promised(store, "c1", YES)
    with TwilioRest("AC" + "1" * 32, "token") as rest:
        assert await placing(store, rest, ring_seconds=20).dial(WHICH) is None
        (made,) = rest.created
        assert rest.validated == 1 and not rest.refused
    wanted = {
        "To": DANA, "From": company().numbers[0], "Timeout": "20",
        "Url": f"https://agent.example/twilio/callback/{ONE}/voice",
        "StatusCallback": f"https://agent.example/twilio/callback/{ONE}/status",
        "AsyncAmd": "true", "MachineDetection": "DetectMessageEnd",
        "AsyncAmdStatusCallback": f"https://agent.example/twilio/amd/{ONE}",
    }  # fmt: skip
    assert {name: str(made.fields[name]) for name in wanted} == wanted
    now = await tried(store)
    assert (now["status"], now["call_sid"]) == ("placed", made.call_sid)


async def test_a_second_dial_of_the_same_moment_places_nothing(store: Store):
    await promised(store, "c1", YES)
    with TwilioRest("AC" + "1" * 32, "token") as rest:
        dials = placing(store, rest)
        assert await dials.dial(WHICH) is None
        again = await dials.dial(WHICH)
        assert isinstance(again, Not) and again.reason == "under-way"
        assert len(rest.created) == 1


async def test_a_number_on_the_list_is_never_dialled(store: Store):
    await promised(store, "c1", YES)
    await store.dialling.bar(DANA, NINE, how="by hand", by="maya")
    with TwilioRest("AC" + "1" * 32, "token") as rest:
        assert await placing(store, rest).dial(WHICH) == Not("over")
        assert not rest.created


@pytest.mark.parametrize("fault", ["500", "429"])
async def test_where_twilio_refuses_it_counts_as_a_try_and_nothing_is_repeated(store: Store, fault):
    await promised(store, "c1", YES)
    with TwilioRest("AC" + "1" * 32, "token") as rest:
        rest.faults.append(fault)
        assert await placing(store, rest).dial(WHICH) is None
        assert not rest.created
        again = await placing(store, rest).dial(WHICH)
        assert isinstance(again, Not) and again.reason == "too-soon"
    assert (await tried(store))["status"] == "unknown"


async def test_news_of_a_call_whose_placing_was_not_answered_still_find_it(store: Store):
    await promised(store, "c1", YES)
    with TwilioRest("AC" + "1" * 32, "token") as rest:
        rest.faults.append("500")
        dials = placing(store, rest)
        await dials.dial(WHICH)
        await dials.told(ONE, "CA9", "no-answer")
    now = await tried(store)
    assert (now["status"], now["call_sid"]) == ("no_answer", "CA9")


async def test_without_an_account_or_an_address_nothing_is_dialled(store: Store):
    await promised(store, "c1", YES)
    nowhere = Placing(store, NoCallControl(), company, lambda: NINE, "")
    assert await nowhere.dial(WHICH) == Not("off")
    assert await store.dialling.attempt_of(ONE) is None


async def test_whoever_opted_out_while_it_rang_is_not_talked_with(store: Store):
    await promised(store, "c1", YES)
    with TwilioRest("AC" + "1" * 32, "token") as rest:
        dials = placing(store, rest)
        await dials.dial(WHICH)
        call_sid = rest.created[0].call_sid
        assert await dials.answered(ONE, call_sid)
        assert not await dials.answered(ONE, "CA-of-somebody-else")
        await store.dialling.bar(DANA, NINE, how="opted out", by="buyer")
        assert not await dials.answered(ONE, call_sid)


async def test_only_the_call_itself_learns_what_it_is_for(store: Store):
    await promised(store, "c1", YES)
    with TwilioRest("AC" + "1" * 32, "token") as rest:
        dials = placing(store, rest)
        await dials.dial(WHICH)
        call_sid = rest.created[0].call_sid
        assert await dials.placed(ONE, "CA-of-somebody-else") is None
        placed = await dials.placed(ONE, call_sid)
    assert placed is not None and (placed.callback_id, placed.attempt) == (WHICH, 1)


def killed(url: str, rest: str, moment: str) -> int:
    return ended("tests.callbacks.dying_dialler", url, rest, moment)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before:record", "after:record", "after:dial"])
async def test_a_server_killed_around_the_dial_leaves_no_second_call(url: str, moment: str):
    store = Store(url, server="boot-1")
    await promised(store, "c1", YES)
    await store.aclose()
    with TwilioRest("AC" + "1" * 32, "token") as rest:
        assert killed(url, rest.url, moment) == -9
        dialled = len(rest.created)
        assert dialled == (1 if moment == "after:dial" else 0)
        store = Store(url, server="boot-2")
        again = await placing(store, rest).dial(WHICH)
        await store.aclose()
        if moment == "before:record":
            assert again is None and len(rest.created) == 1
        else:
            assert isinstance(again, Not) and again.reason == "under-way"
            assert len(rest.created) == dialled
