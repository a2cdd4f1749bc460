"""The whole server with mail enabled: in by HTTP, out by SMTP."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from tests.channels.email.mails import OURS, SNOWFLAKE, buyer_mail, words
from tests.fakes.mail_sink import Sink
from voice_agent.config import Settings
from voice_agent.server.serving import listening

pytestmark = [pytest.mark.real_clock, pytest.mark.slow]


async def test_a_mail_posted_to_the_server_is_answered(tmp_path: Path, mail_server: Sink):
    settings = Settings(
        _env_file=None, var=tmp_path, port=0, tts="espeak", stt="sphinx", llm="embedded",
        email_address=OURS, email_smtp=SecretStr(f"smtp://127.0.0.1:{mail_server.port}?tls=none"),
        email_inbound_secret=SecretStr("in"),
    )  # type: ignore[call-arg]  # fmt: skip
    async with listening(settings) as up, httpx.AsyncClient(base_url=up.url) as http:
        raw = {"Authorization": "Bearer in", "Content-Type": "message/rfc822"}
        told = await http.post("/email/inbound", headers=raw, content=buyer_mail(SNOWFLAKE))
        assert told.status_code == 202
        assert "natively to Snowflake" in words(await mail_server.wait(1, within_s=60))
        bearer = {"Authorization": f"Bearer {up.server.api_token}"}
        (row,) = (await http.get("/api/v1/mails", headers=bearer)).json()["mails"]
        assert row["status"] == "answered"
        shown = await http.get(f"/api/v1/conversations/{row['conversation_id']}", headers=bearer)
        assert shown.json()["channel"] == "email"
