"""A full server on real sockets: a callback by key press, a message transcribed, and readiness."""

from functools import partial
from pathlib import Path

import anyio
import httpx
import pytest
from pydantic import SecretStr

from core.clock import utc_now
from tests.fakes.office import HANG_UP, script, speech
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.ports import free_port
from tests.fakes.twilio_account import TwilioAccount
from tests.hostile.process import brisk_company
from tests.scenarios.test_transfers import NOON, SPEED, TOKEN
from voice_agent.config import Settings
from voice_agent.server.serving import listening

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]
STAYS, SAYS_NOTHING = script(("at 4s", HANG_UP)), script(("at 1s", HANG_UP))
BACK, LEFT, WITHHELD = "CA" + "1" * 32, "CA" + "2" * 32, "CA" + "3" * 32


async def test_callers_of_a_full_server_are_promised_a_call_or_leave_a_message(tmp_path: Path):
    port = free_port()
    url, offset = f"http://127.0.0.1:{port}", NOON - utc_now()
    message = speech("soft_speaker/03_yes.wav").pcm
    with OpenAIServer(transcript="please call me about snowflake") as ears:
        async with TwilioAccount(url, TOKEN, speed=SPEED) as twilio:
            settings = Settings(
                _env_file=None, var=tmp_path / "var", port=port, public_url=url, max_calls=1,
                company=brisk_company(tmp_path / "company"), tts="espeak", stt="openai",
                stt_base_url=ears.base_url, llm="embedded", phone="off",
                twilio_account_sid=twilio.rest.account_sid, twilio_auth_token=SecretStr(TOKEN),
                twilio_api_url=twilio.rest.url, openai_api_key=SecretStr("sk-test"),
            )  # type: ignore[call-arg]  # fmt: skip
            async with (
                listening(settings, lambda: utc_now() + offset) as up,
                httpx.AsyncClient(
                    base_url=up.url, trust_env=False,
                    headers={"Authorization": f"Bearer {up.server.api_token}"},
                ) as http,
                anyio.create_task_group() as callers,
            ):  # fmt: skip
                callers.start_soon(twilio.call_in, STAYS)
                while not up.server.calls.active:  # noqa: ASYNC110 - nobody tells
                    await anyio.sleep(0.05)
                others = (
                    partial(twilio.call_in, SAYS_NOTHING, call_sid=BACK, keys=("1",)),
                    partial(
                        twilio.call_in, SAYS_NOTHING, call_sid=LEFT, keys=("2",), message=message
                    ),
                    partial(
                        twilio.call_in, SAYS_NOTHING, call_sid=WITHHELD, message=message,
                        caller="+266696687",
                    ),
                )  # fmt: skip
                async with anyio.create_task_group() as turned:
                    for other in others:
                        turned.start_soon(other)
                back, left, withheld = [
                    await _document(http, sid) for sid in (BACK, LEFT, WITHHELD)
                ]
            heard = twilio.calls[BACK].report.notes
            recordings = list(twilio.rest.recordings.values())
    assert any("will call you" in note for note in heard), heard
    assert back["outcome"] == "callback" and back["callback"]["owner"]
    assert left["outcome"] == "message" and "snowflake" in left["message"]["text"]
    assert left["recording"]["duration_ms"] == left["message"]["duration_ms"] > 0
    assert withheld["from"] is None and withheld["message"]
    assert {flag["kind"] for flag in left["flags"]} >= {"turned_away", "message_left"}
    assert [kept.deleted for kept in recordings] == [True, True], "nothing of it stays at Twilio"
    assert all(kept.fetched == 1 for kept in recordings), "told twice, it is fetched once"


async def _document(http: httpx.AsyncClient, call_sid: str) -> dict:
    with anyio.fail_after(30):
        while True:
            answer = await http.get(f"/api/v1/calls/{call_sid}")
            if answer.status_code == 200 and answer.json()["status"] == "completed":
                return answer.json()
            await anyio.sleep(0.1)
