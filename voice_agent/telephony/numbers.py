"""The company's number at Twilio: its required settings, its present ones, and setting it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voice_agent.errors import ConfigError, TelephonyFailed
from voice_agent.telephony.rest import TWILIO, client_at

SETTINGS = (
    "voice_url", "voice_method", "voice_application_sid", "trunk_sid", "status_callback",
    "status_callback_method", "voice_fallback_url", "voice_fallback_method",
)  # fmt: skip
"""A number's settings that decide where its calls go, by Twilio's names."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the account, with its present settings."""

    sid: str
    number: str
    set_to: Mapping[str, str]


def wanted(public_url: str, fallback_url: str = "") -> dict[str, str]:
    """The settings for a number of this server. Raises: ConfigError without an https address."""
    base = public_url.rstrip("/")
    if not base.startswith("https://"):
        raise ConfigError(
            "VOICE_AGENT_PUBLIC_URL must be this server's https address: Twilio calls it there"
        )
    made = {
        "voice_url": f"{base}/twilio/voice", "voice_method": "POST",
        "status_callback": f"{base}/twilio/status", "status_callback_method": "POST",
    }  # fmt: skip
    if fallback_url:
        made |= {"voice_fallback_url": fallback_url, "voice_fallback_method": "POST"}
    return made


def changes(number: Number, wished: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The settings to change: from what, to what."""
    now = number.set_to
    return {
        name: (now.get(name, ""), value)
        for name, value in wished.items()
        if now.get(name, "") != value
    }


def in_the_way(number: Number) -> str:
    """What overrides a webhook and can only be removed by hand; empty when nothing does."""
    for name in ("voice_application_sid", "trunk_sid"):
        if sid := number.set_to.get(name):
            return (
                f"calls to {number.number} go to {sid} whatever the webhook is: in Twilio's console"
                " set the number's voice configuration to Webhook, then try again"
            )
    return ""


class Numbers:
    """The numbers of one account. Its methods block. All raise: TelephonyFailed."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str = "") -> None:
        from twilio.rest import Client

        client = client_at(api_url.rstrip("/") or TWILIO)
        self._client = Client(account_sid, auth_token, http_client=client)

    def all(self) -> list[Number]:
        """Every number of the account."""
        return [_number(found) for found in self._asked(self._client.incoming_phone_numbers.list)]

    def change(self, number: Number, to: Mapping[str, str]) -> Number:
        """Update the number; returns it as Twilio then has it."""
        update = self._client.incoming_phone_numbers(number.sid).update
        return _number(self._asked(lambda: update(**to)))

    def _asked(self, ask: Any) -> Any:
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return ask()
        except TwilioRestException as error:
            raise _refused(error.status, error.msg) from error
        except TwilioException as error:  # for list pages, with the response as an argument
            answer = error.args[1] if len(error.args) > 1 else None
            raise _refused(getattr(answer, "status_code", 0), str(error.args[0])) from error
        except OSError as error:
            raise TelephonyFailed(f"Twilio cannot be reached: {type(error).__name__}") from error


def _refused(status: int, why: str) -> TelephonyFailed:
    if status in (401, 404):
        why = "are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN right?"
    return TelephonyFailed(f"Twilio refused: {status}: {why}")


def _number(found: Any) -> Number:
    return Number(
        found.sid, found.phone_number, {name: getattr(found, name) or "" for name in SETTINGS}
    )
