"""Twilio's REST interface through its own library, off the event loop."""

from typing import Any

import anyio.to_thread

from voice_agent.errors import TelephonyFailed

_TIMEOUT_S = 5.0
_ENDED = {20404, 21220}
"""Twilio's codes for "not found" and "call is not in progress"."""


class TwilioCalls:
    """`CallControl` for one account. `http_client` replaces Twilio's own, for tests and proxies."""

    def __init__(self, account_sid: str, auth_token: str, http_client: Any = None) -> None:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        client = http_client or TwilioHttpClient(timeout=_TIMEOUT_S, max_retries=2)
        self._client = Client(account_sid, auth_token, http_client=client)

    async def hang_up(self, call_sid: str) -> None:
        """End the call; one that has already ended is no error. Raises: TelephonyFailed."""
        await self._update(call_sid, status="completed")

    async def redirect(self, call_sid: str, twiml: str) -> None:
        """Continue the call with this TwiML; its media stream stops. Raises: TelephonyFailed."""
        await self._update(call_sid, twiml=twiml)

    async def _update(self, call_sid: str, **change: str) -> None:
        from twilio.base.exceptions import TwilioException, TwilioRestException

        def update() -> None:
            self._client.calls(call_sid).update(**change)

        try:
            await anyio.to_thread.run_sync(update, abandon_on_cancel=True)
        except TwilioRestException as error:
            if error.code in _ENDED or error.status == 404:
                return
            raise TelephonyFailed(f"Twilio refused: {error.status} code {error.code}") from error
        except (TwilioException, OSError) as error:
            raise TelephonyFailed(f"Twilio unreachable: {type(error).__name__}") from error
