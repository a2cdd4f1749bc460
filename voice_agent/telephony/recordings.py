"""Recordings at Twilio, fetched by sid and deleted there."""

import httpx

from voice_agent.errors import TelephonyFailed
from voice_agent.telephony.rest import TWILIO

TIMEOUT_S = 20.0
MOST_BYTES = 16 * 1024 * 1024


class TwilioRecordings:
    """One account's recordings. URLs are built from the sid: none received is followed."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str = "") -> None:
        base = api_url.rstrip("/") or TWILIO
        self._folder = f"{base}/2010-04-01/Accounts/{account_sid}/Recordings"
        self._http = httpx.AsyncClient(auth=(account_sid, auth_token), timeout=TIMEOUT_S)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def fetch(self, recording_sid: str) -> bytes:
        """The WAV. Raises: TelephonyFailed, also while it is not ready yet."""
        try:
            async with self._http.stream("GET", f"{self._folder}/{recording_sid}.wav") as answer:
                if answer.status_code != 200:
                    raise TelephonyFailed(f"recording {recording_sid}: {answer.status_code}")
                wav = bytearray()
                async for chunk in answer.aiter_bytes():
                    wav += chunk
                    if len(wav) > MOST_BYTES:
                        raise TelephonyFailed(f"recording {recording_sid} is too large")
                return bytes(wav)
        except httpx.HTTPError as error:
            raise TelephonyFailed(f"recording {recording_sid}: {type(error).__name__}") from error

    async def delete(self, recording_sid: str) -> None:
        """Delete it at Twilio; a missing one is no error. Raises: TelephonyFailed."""
        try:
            answer = await self._http.delete(f"{self._folder}/{recording_sid}.json")
        except httpx.HTTPError as error:
            raise TelephonyFailed(f"recording {recording_sid}: {type(error).__name__}") from error
        if answer.status_code not in (204, 404):
            raise TelephonyFailed(f"recording {recording_sid}: {answer.status_code}")
