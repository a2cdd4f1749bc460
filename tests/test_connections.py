"""Each connection tested on demand: what works, what does not, and the remedy."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.clock import utc_now
from core.crm.records import Finding
from core.store import audit
from core.store.store import Store
from tests.console.conftest import Office, office
from tests.core.talk import sample
from tests.fakes.mail_sink import sink
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.ports import free_port
from voice_agent.config import Settings
from voice_agent.connections import LABELS, Connections

__all__ = ["office"]
pytestmark = pytest.mark.real_clock


async def found(store: Store, name: str, **given: Any) -> Sequence[Finding]:
    settings = Settings(_env_file=None, **given)  # type: ignore[call-arg]
    return await Connections(settings, store, lambda: sample().company, utc_now).test(name)


async def test_what_is_not_set_up_says_so_and_is_no_error(store: Store):
    for name in LABELS:
        (told, *_) = await found(store, name)
        assert told.level in ("off", "ok"), (name, told)


async def test_services_that_answer_are_told_from_those_that_do_not(store: Store):
    away = f"http://127.0.0.1:{free_port()}"
    with OpenAIServer() as services:
        for name, setting in (("language", "llm"), ("hearing", "stt"), ("speaking", "tts"),
                              ("embeddings", "embeddings")):  # fmt: skip
            (told,) = await found(store, name, **{f"{setting}_base_url": services.base_url})
            assert told.level == "ok", told
            (told,) = await found(store, name, **{f"{setting}_base_url": away})
            assert told.level == "error", told
    settings = {"crm": "hubspot", "hubspot_access_token": "t", "hubspot_base_url": away}
    (told, *_) = await found(store, "crm", **settings)
    assert told.level == "error"


async def test_the_mail_server_is_greeted_and_nothing_is_sent(store: Store):
    mail = {"email_address": "agent@tideline.example"}
    async with sink() as server:
        url = f"smtp://127.0.0.1:{server.port}?tls=none"
        (told,) = await found(store, "smtp", **mail, email_smtp=url)
        assert told.level == "ok" and not server.envelopes
    for name, scheme in (("smtp", "smtp"), ("imap", "imap")):
        url = f"{scheme}://me:secret-word@127.0.0.1:{free_port()}/?tls=none"
        (told,) = await found(store, name, **mail, **{f"email_{scheme}": url})
        assert told.level == "error" and f"correct VOICE_AGENT_EMAIL_{name.upper()}" in told.text
        assert "secret-word" not in told.text
    (told,) = await found(store, "smtp", **mail, email_smtp="mail.example.com")
    assert told.level == "error" and "VOICE_AGENT_EMAIL_SMTP" in told.text


class Slow:
    """Connections that find what they are told to."""

    labels = {"slack": "Slack"}

    def __init__(self) -> None:
        self.tried = 0

    async def test(self, name: str) -> Sequence[Finding]:
        self.tried += 1
        return [Finding("ok", "in"), Finding("error", "no <scope>")]


async def test_an_admin_tests_a_connection_which_is_audited_and_paced(office: Office):
    office.connections = slow = Slow()
    office.__post_init__()
    manager, admin = await office.browser("manager"), await office.browser("admin")
    assert "Connections" not in (await manager.see("/console/setup")).text
    assert (await manager.post("/console/setup/test/slack")).status_code == 403
    page = await admin.post("/console/setup/test/slack")
    assert page.status_code == 200 and "no &lt;scope&gt;" in page.text
    (line,) = await office.store.query(lambda c: audit.lines(c, act="connection tested"))
    assert (line.target, line.detail) == ("connection:slack", {"found": "error"})
    assert (await admin.post("/console/setup/test/fax")).status_code == 404
    seen = [(await admin.post("/console/setup/test/slack")).status_code for _ in range(8)]
    assert seen == [200] * 7 + [429] and slow.tried == 8
