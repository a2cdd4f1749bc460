"""Twilio's library against a REST API that checks each request by Twilio's own description."""

import time
from collections.abc import Iterator

import pytest

from tests.fakes.twilio_rest import TwilioRest
from voice_agent.errors import TelephonyFailed
from voice_agent.telephony.rest import TwilioCalls

pytestmark = pytest.mark.real_clock
ACCOUNT, TOKEN, CALL = "AC" + "0" * 32, "rest-secret", "CA" + "1" * 32


@pytest.fixture
def rest() -> Iterator[TwilioRest]:
    with TwilioRest(ACCOUNT, TOKEN) as server:
        yield server


def calls(rest: TwilioRest, token: str = TOKEN) -> TwilioCalls:
    return TwilioCalls(ACCOUNT, token, http_client=rest.client(timeout_s=0.3))


async def test_hanging_up_completes_the_call(rest: TwilioRest):
    await calls(rest).hang_up(CALL)
    assert [(u.call_sid, u.fields) for u in rest.updates] == [(CALL, {"Status": "completed"})]
    assert not rest.refused


async def test_redirecting_hands_the_call_new_twiml(rest: TwilioRest):
    await calls(rest).redirect(CALL, "<Response><Dial>+18005550199</Dial></Response>")
    assert rest.updates[0].fields == {"Twiml": "<Response><Dial>+18005550199</Dial></Response>"}
    assert not rest.refused


@pytest.mark.parametrize("fault", ["404", "ended"])
async def test_a_call_that_has_already_ended_is_no_error(rest: TwilioRest, fault: str):
    rest.faults.append(fault)  # type: ignore[arg-type]
    await calls(rest).hang_up(CALL)


@pytest.mark.parametrize(("fault", "told"), [("500", "500"), ("429", "429")])
async def test_a_refusal_is_told_with_its_code_and_may_be_tried_again(
    rest: TwilioRest, fault: str, told: str
):
    rest.faults.append(fault)  # type: ignore[arg-type]
    with pytest.raises(TelephonyFailed, match=told) as failed:
        await calls(rest).hang_up(CALL)
    assert failed.value.retryable
    await calls(rest).hang_up(CALL)
    assert len(rest.updates) == 1


async def test_a_server_that_hangs_is_given_up_within_the_timeout(rest: TwilioRest):
    rest.faults.append("hang")
    began = time.monotonic()
    with pytest.raises(TelephonyFailed, match="unreachable"):
        await calls(rest).hang_up(CALL)
    assert time.monotonic() - began < 3


async def test_a_wrong_token_is_told_without_repeating_it(rest: TwilioRest):
    with pytest.raises(TelephonyFailed) as failed:
        await calls(rest, "wrong-secret").hang_up(CALL)
    assert "wrong-secret" not in str(failed.value) and not rest.updates


async def test_nobody_listening_is_told_as_unreachable(rest: TwilioRest):
    client = rest.client()
    client._base = "http://127.0.0.1:1"
    with pytest.raises(TelephonyFailed, match="unreachable"):
        await TwilioCalls(ACCOUNT, TOKEN, http_client=client).hang_up(CALL)
