"""The fake REST API accepts what Twilio's description allows and refuses the rest."""

from collections.abc import Iterator

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.fakes.twilio_rest import TwilioRest

ACCOUNT, CALL = "AC" + "0" * 32, "CA" + "1" * 32


@pytest.fixture
def rest() -> Iterator[TwilioRest]:
    with TwilioRest(ACCOUNT, "secret") as server:
        yield server


def client(rest: TwilioRest, token: str = "secret", timeout_s: float = 10.0) -> Client:
    return Client(ACCOUNT, token, http_client=rest.client(timeout_s))


def test_library_completes_and_redirects_a_call(rest: TwilioRest) -> None:
    client(rest).calls(CALL).update(twiml="<Response><Hangup/></Response>")
    call = client(rest).calls(CALL).update(status="completed")
    assert call.sid == CALL and call.status == "completed"
    assert [update.fields for update in rest.updates] == [
        {"Twiml": "<Response><Hangup/></Response>"},
        {"Status": "completed"},
    ]
    with pytest.raises(TwilioRestException, match="not in-progress"):
        client(rest).calls(CALL).update(twiml="<Response><Hangup/></Response>")
    assert rest.validated == 3


@pytest.mark.parametrize(
    "change",
    [{"status": "finished"}, {"twiml": "x" * 4001}, {"twiml": "<Response/>", "url": "http://a/"},
     {"method": "PUT"}],
)  # fmt: skip
def test_what_the_description_forbids_is_refused(rest: TwilioRest, change: dict[str, str]) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client(rest).calls(CALL).update(**change)
    assert refused.value.status == 400 and len(rest.refused) == 1 and not rest.updates


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("429", 429), ("404", 404)])
def test_faults_come_once_in_order(rest: TwilioRest, fault: str, status: int) -> None:
    rest.faults.append(fault)  # type: ignore[arg-type]
    with pytest.raises(TwilioRestException) as failed:
        client(rest).calls(CALL).update(status="completed")
    assert failed.value.status == status
    client(rest).calls(CALL).update(status="completed")


def test_hanging_server_runs_into_the_clients_timeout(rest: TwilioRest) -> None:
    rest.faults.append("hang")
    with pytest.raises(OSError):
        client(rest, timeout_s=0.5).calls(CALL).update(status="completed")


def test_wrong_token_and_foreign_account_are_refused(rest: TwilioRest) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client(rest, "wrong").calls(CALL).update(status="completed")
    assert refused.value.status == 401
