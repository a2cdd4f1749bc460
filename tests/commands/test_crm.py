"""`voice-agent crm check` against vendors on loopback ports: what it prints and how it ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.crm_rigs import company
from tests.fakes import stores
from tests.fakes.hubspot import TOKEN, HubSpot
from tests.fakes.salesforce import CLIENT, SECRET, Salesforce
from voice_agent.cli import main
from voice_agent.config import Settings


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("VOICE_AGENT_VAR", str(tmp_path))
    yield monkeypatch


def use(settings: pytest.MonkeyPatch, **named: str) -> None:
    for name, value in named.items():
        settings.setenv(name, value)


def test_the_embedded_crm_is_in_order(settings, capsys):
    assert main(["crm", "check"]) == 0
    assert "the CRM can be written to" in capsys.readouterr().out


def test_hubspot_is_checked_and_what_is_missing_is_made(settings, capsys):
    with HubSpot(properties=False) as server:
        server.owners = {r.email: str(n) for n, r in enumerate(company().team, start=501)}
        use(settings, VOICE_AGENT_CRM="hubspot", HUBSPOT_ACCESS_TOKEN=TOKEN,
            HUBSPOT_BASE_URL=server.url)  # fmt: skip
        assert main(["crm", "check"]) == 1
        told = capsys.readouterr().out
        assert "voice_agent_key is missing; run `voice-agent crm check --create`" in told
        assert "no HubSpot user has the address" in told
        assert main(["crm", "check", "--create"]) == 0
        assert "made the property voice_agent_key" in capsys.readouterr().out
        assert main(["crm", "check"]) == 0


@pytest.mark.parametrize(
    ("token", "told"), [("", "HUBSPOT_ACCESS_TOKEN is not set"), ("wrong", "private app")]
)
def test_a_token_that_opens_nothing_is_named(settings, capsys, token, told):
    with HubSpot() as server:
        use(settings, VOICE_AGENT_CRM="hubspot", HUBSPOT_ACCESS_TOKEN=token,
            HUBSPOT_BASE_URL=server.url)  # fmt: skip
        assert main(["crm", "check"]) == 1
        assert told in capsys.readouterr().out


def test_a_hubspot_that_is_away_is_named(settings, capsys):
    use(settings, VOICE_AGENT_CRM="hubspot", HUBSPOT_ACCESS_TOKEN=TOKEN,
        HUBSPOT_BASE_URL="http://127.0.0.1:9")  # fmt: skip
    assert main(["crm", "check"]) == 1
    assert "does not answer" in capsys.readouterr().out


def test_salesforce_is_checked_and_wrong_credentials_are_named(settings, capsys):
    with Salesforce(fields=False) as org:
        use(settings, VOICE_AGENT_CRM="salesforce", SALESFORCE_INSTANCE_URL=org.url,
            SALESFORCE_CLIENT_ID=CLIENT, SALESFORCE_CLIENT_SECRET="wrong")  # fmt: skip
        assert main(["crm", "check"]) == 1
        assert "SALESFORCE_CLIENT_SECRET" in capsys.readouterr().out
        use(settings, SALESFORCE_CLIENT_SECRET=SECRET)
        assert main(["crm", "check", "--create"]) == 0
        assert main(["crm", "check"]) == 0


@pytest.mark.real_clock
@pytest.mark.parametrize("fault", ["hang", "503"])
async def test_a_crm_that_is_away_does_not_keep_the_server_from_starting(tmp_path, fault):
    from prometheus_client import CollectorRegistry

    from core.clock import utc_now
    from core.store.store import Store
    from voice_agent import crm

    store = Store(stores.sqlite(tmp_path / "crm.db"))
    with HubSpot() as server:
        server.fail(fault, times=5)
        settings = Settings(
            crm="hubspot", hubspot_access_token=TOKEN, hubspot_base_url=server.url, _env_file=None
        )
        async with crm.crm_of(settings, company(), store, utc_now, CollectorRegistry()) as sync:
            assert sync.crm.name == "hubspot"
    await store.aclose()
