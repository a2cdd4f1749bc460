"""An operator's command shows and configures a number at Twilio."""

from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest

from tests.core.talk import sample
from tests.fakes import twilio_spec as spec
from tests.fakes.twilio_rest import DATE, Answer, TwilioRest
from voice_agent.cli import main
from voice_agent.commands.check_lines import twilio
from voice_agent.config import Settings
from voice_agent.errors import TelephonyFailed
from voice_agent.telephony.numbers import wanted

ACCOUNT, TOKEN = "AC" + "1" * 32, "token"
SID, NUMBER = "PN" + "2" * 32, "+16175550142"
LIST = f"{spec.ACCOUNT}/IncomingPhoneNumbers.json"
ONE = f"{spec.ACCOUNT}/IncomingPhoneNumbers/{{Sid}}.json"
FIELDS = {
    "VoiceUrl": "voice_url", "VoiceMethod": "voice_method", "TrunkSid": "trunk_sid",
    "VoiceApplicationSid": "voice_application_sid", "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method", "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
}  # fmt: skip

pytestmark = pytest.mark.skipif(
    spec.description() is None, reason="VOICE_AGENT_TEST_SPECS has no twilio_api_v2010.json"
)


class Account(TwilioRest):
    """An account with one number, bought and not set up."""

    def __init__(self) -> None:
        super().__init__(ACCOUNT, TOKEN)
        self.set_to: dict[str, Any] = dict.fromkeys(FIELDS.values()) | {
            "voice_url": "https://demo.twilio.com/welcome/voice/", "voice_method": "POST",
            "status_callback": "", "status_callback_method": "POST",
            "voice_fallback_method": "POST",
        }  # fmt: skip
        self.changed: list[dict[str, Any]] = []
        self.deaf = False

    def _do(
        self, method: str, template: str, sids: tuple[str, ...], fields: dict[str, Any]
    ) -> Answer:
        if (method, template) == ("get", LIST):
            return Answer(200, {"incoming_phone_numbers": [self._number()], "next_page_uri": None,
                                "page": 0, "page_size": 50})  # fmt: skip
        if (method, template) == ("post", ONE) and sids == (SID,):
            self.changed.append(fields)
            if not self.deaf:
                self.set_to |= {FIELDS[name]: value for name, value in fields.items()}
            return Answer(200, self._number())
        return super()._do(method, template, sids, fields)

    def _number(self) -> dict[str, Any]:
        shown = {n: None if n.endswith("_sid") and not v else v for n, v in self.set_to.items()}
        told = {"sid": SID, "account_sid": ACCOUNT, "phone_number": NUMBER, "date_created": DATE,
                "friendly_name": "(617) 555-0142", **shown}  # fmt: skip
        jsonschema.validate(told, spec.schema_of("api.v2010.account.incoming_phone_number"))
        return told


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with Account() as account:
        monkeypatch.setenv("TWILIO_API_URL", account.url)
        monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
        monkeypatch.setenv("TWILIO_AUTH_TOKEN", TOKEN)
        monkeypatch.setenv("VOICE_AGENT_PUBLIC_URL", "https://voice.example.com/")
        yield account


def test_a_number_is_set_once_and_then_is_set(account: Account, capsys: pytest.CaptureFixture[str]):
    assert main(["twilio", "setup", "(617) 555-0142", "--fallback", "https://b.example/x"]) == 0
    told = capsys.readouterr().out
    assert "welcome/voice/ → https://voice.example.com/twilio/voice" in told
    assert account.changed == [
        {"VoiceUrl": "https://voice.example.com/twilio/voice",
         "StatusCallback": "https://voice.example.com/twilio/status",
         "VoiceFallbackUrl": "https://b.example/x"}
    ]  # fmt: skip
    assert main(["twilio", "setup", NUMBER]) == 0 and len(account.changed) == 1
    assert "is set already" in capsys.readouterr().out and not account.refused


def test_what_wins_over_the_webhook_is_named(account: Account, capsys: pytest.CaptureFixture[str]):
    account.set_to["trunk_sid"] = trunk = "TK" + "3" * 32
    assert main(["twilio", "setup", NUMBER]) == 1 and account.changed == []
    assert trunk in (told := capsys.readouterr().err) and "Webhook" in told


def test_a_dry_run_and_show_change_nothing(account: Account, capsys: pytest.CaptureFixture[str]):
    assert main(["twilio", "setup", NUMBER, "--dry-run"]) == 0
    assert main(["twilio", "show"]) == 0
    assert NUMBER in capsys.readouterr().out and account.changed == []


def test_what_is_wrong_is_said_with_its_remedy(
    account: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert main(["twilio", "setup", "+14155550100"]) == 1
    assert f"it has: {NUMBER}" in capsys.readouterr().err
    account.deaf = True
    assert main(["twilio", "setup", NUMBER]) == 1
    assert "did not take voice_url" in capsys.readouterr().err
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "wrong")
    assert main(["twilio", "show"]) == 1
    assert "TWILIO_AUTH_TOKEN right?" in capsys.readouterr().err
    monkeypatch.setenv("VOICE_AGENT_PUBLIC_URL", "http://voice.example.com")
    assert main(["twilio", "setup", NUMBER]) == 1
    assert "VOICE_AGENT_PUBLIC_URL must be" in capsys.readouterr().err


async def told_by_the_check(account: Account, **given: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    company = sample().company.model_copy(update={"numbers": (NUMBER,)})
    settings = Settings(_env_file=None, twilio_auth_token=given.pop("token", TOKEN), **given)
    async with httpx.AsyncClient() as client:
        await twilio(settings, company, client, lambda *line: found.append(line))
    return found


@pytest.mark.real_clock
async def test_the_check_sees_whether_the_numbers_calls_come_here(account: Account):
    ((level, text),) = await told_by_the_check(account)
    assert level == "error" and f"voice-agent twilio setup {NUMBER}" in text
    account.set_to |= wanted("https://voice.example.com")
    ((level, text),) = await told_by_the_check(account)
    assert level == "ok" and NUMBER in text
    with pytest.raises(TelephonyFailed, match="TWILIO_AUTH_TOKEN right"):
        await told_by_the_check(account, token="another")
