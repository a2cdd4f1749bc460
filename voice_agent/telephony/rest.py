"""Twilio's REST API through its own library, off the event loop."""

from collections.abc import Callable
from functools import partial
from typing import Any

import anyio.to_thread

from voice_agent.errors import TelephonyFailed
from voice_agent.telephony.ports import OVER, Outbound

TWILIO = "https://api.twilio.com"
_TIMEOUT_S = 5.0
_ENDED = {20404, 21220}
"""Twilio's codes for "not found" and "call is not in progress"."""
STATES = ["initiated", "ringing", "answered", "completed"]


class TwilioCalls:
    """`CallControl` for one account.

    `api_url` replaces Twilio's own address: a proxy, or a server with the same API.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        api_url: str = "",
        http_client: Any = None,
    ) -> None:
        from twilio.rest import Client

        client = http_client or client_at(api_url.rstrip("/") or TWILIO)
        self._client = Client(account_sid, auth_token, http_client=client)

    async def hang_up(self, call_sid: str) -> None:
        """End the call; one that has already ended is no error. Raises: TelephonyFailed."""
        await self._asked(partial(self._client.calls(call_sid).update, status="completed"))

    async def redirect(self, call_sid: str, twiml: str) -> bool:
        """Continue the call with this TwiML; its media stream stops. False when it has ended.

        Raises: TelephonyFailed.
        """
        update = partial(self._client.calls(call_sid).update, twiml=twiml)
        return await self._asked(update) is not None

    async def place_call(self, call: Outbound) -> str:
        """Place a call; returns its sid. Raises: TelephonyFailed.

        Answering-machine detection runs while they are greeted, so nobody waits for it.
        """
        wishes: dict[str, Any] = {}
        if call.status_callback:
            wishes |= {"status_callback": call.status_callback, "status_callback_event": STATES}
        if call.detection_callback:
            wishes |= {
                "machine_detection": "DetectMessageEnd",
                "async_amd": "true",
                "async_amd_status_callback": call.detection_callback,
            }
        create = partial(
            self._client.calls.create,
            to=call.to,
            from_=call.caller_id,
            url=call.url,
            timeout=call.ring_s,
            **wishes,
        )
        placed = await self._asked(create)
        if placed is None:
            raise TelephonyFailed("Twilio knows no such account; is TWILIO_ACCOUNT_SID right?")
        return str(placed.sid)

    async def is_over(self, call_sid: str) -> bool:
        """Whether the call has ended, or never was. Raises: TelephonyFailed."""
        call = await self._asked(self._client.calls(call_sid).fetch)
        return call is None or call.status in OVER

    async def _asked(self, ask: Callable[[], Any]) -> Any:
        """Twilio's response; None when the call has ended. Raises: TelephonyFailed."""
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return await anyio.to_thread.run_sync(ask, abandon_on_cancel=True)
        except TwilioRestException as error:
            if error.code in _ENDED or error.status == 404:
                return None
            raise TelephonyFailed(f"Twilio refused: {error.status} code {error.code}") from error
        except (TwilioException, OSError) as error:
            raise TelephonyFailed(f"Twilio unreachable: {type(error).__name__}") from error


def client_at(api_url: str) -> Any:
    """An HTTP client for Twilio's library that sends everything to another address."""
    from twilio.http.http_client import TwilioHttpClient

    class At(TwilioHttpClient):  # type: ignore[misc]
        """Twilio's own client, at another address."""

        def request(self, method: str, url: str, *given: Any, **more: Any) -> Any:
            return super().request(method, url.replace(TWILIO, api_url, 1), *given, **more)

    return At(timeout=_TIMEOUT_S, max_retries=2)
