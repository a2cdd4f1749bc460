"""`voice-agent check` tests every configured system, and gives each fault's remedy."""

from pathlib import Path
from typing import Any

import pytest

from core.clock import utc_now
from knowledge.profile import Company
from knowledge.sections.systems import Notices, Systems, Webhook
from tests.core.talk import sample
from tests.fakes.google_calendar import GoogleCalendar
from tests.fakes.graph import SECRET as APP_SECRET
from tests.fakes.graph import Graph
from tests.fakes.oidc_provider import OidcProvider
from tests.fakes.ports import free_port
from tests.fakes.webhook_receiver import Receiver, listening
from voice_agent.commands.check_systems import check_systems
from voice_agent.config import Settings

pytestmark = pytest.mark.real_clock
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


async def said(company: Company, **settings: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"ok": [], "warning": [], "error": []}
    made = Settings(_env_file=None, **settings)  # type: ignore[call-arg]
    await check_systems(made, company, lambda level, text: found[level].append(text))
    return found


def using(calendar: str | None = None, **systems: Any) -> Company:
    company = sample().company
    first, *rest = company.team
    team = (first.model_copy(update={"calendar": calendar or first.calendar}), *rest)
    return company.model_copy(update={"team": team, "systems": Systems(**systems)})


async def test_where_nothing_is_set_up_everything_is_in_order():
    found = await said(sample().company)
    assert not found["error"] and not found["warning"] and len(found["ok"]) == 5


async def test_systems_that_cannot_be_reached_are_named_with_the_setting(tmp_path: Path):
    port = free_port()
    away = f"http://127.0.0.1:{port}"
    company = using(f"{away}/cal", webhooks=(Webhook(id="ops", url=f"{away}/hook"),))
    rep = company.team[0].id
    found = await said(
        company, caldav_accounts="*=a:b", webhook_secrets=f"ops={SECRET}", nurture_url=away,
        enrich_url=away, enrich_csv=str(tmp_path / "none.csv"),
    )  # fmt: skip
    told = "\n".join(found["error"])
    for words in (f"calendar of {rep}", "webhook ops", "NURTURE_URL", "none.csv cannot be read"):
        assert words in told, told
    assert len(found["error"]) == 4
    found = await said(using(), enrich_url=away)
    assert "cannot be reached" in found["error"][0]


async def test_what_is_half_set_up_is_told():
    wanted = {
        "https://dav.example/x": "CALDAV_ACCOUNTS", "google": "GOOGLE_CALENDAR_KEY",
        "microsoft": "MICROSOFT_TENANT_ID",
    }  # fmt: skip
    for calendar, setting in wanted.items():
        found = await said(using(calendar))
        assert setting in found["warning"][0] and "agent's own" in " ".join(found["ok"])
    found = await said(using(notices=Notices(slack_channel="C0123456789")))
    assert "SLACK_BOT_TOKEN" in found["warning"][0]
    hook = using(webhooks=(Webhook(id="ops", url="http://127.0.0.1:9/"),))
    found = await said(hook)
    assert "openssl rand" in found["error"][0]
    found = await said(sample().company, webhook_secrets=f"old={SECRET}")
    assert "names old" in found["error"][0]
    found = await said(sample().company, caldav_accounts="nobody=a:b")
    assert "no rep" in found["error"][0]


async def test_every_reps_calendar_is_asked_for_where_it_is(tmp_path: Path):
    company = sample().company
    first, second, *_ = company.team
    kept = {first.id: f"google:{second.email}", second.id: "microsoft"}
    team = [r.model_copy(update={"calendar": kept.get(r.id)}) for r in company.team]
    company = company.model_copy(update={"team": tuple(team)})
    with GoogleCalendar(second.email) as google, Graph(second.email) as graph:
        settings = {**google.settings(tmp_path), **graph.settings}
        found = await said(company, **settings)
        assert not found["error"] and not found["warning"]
        assert f"calendar of {first.id}: {second.email} at Google" in found["ok"]
        assert f"calendar of {second.id}: {second.email} at Microsoft 365" in found["ok"]
        assert not google.standing(second.email) and not graph.standing(second.email)
        google.delegated.clear()
        graph.permissions.clear()
        found = await said(company, **settings)
        told = "\n".join(found["error"])
        assert "delegation" in told and "Calendars.ReadWrite" in told and APP_SECRET not in told


async def test_a_webhook_that_answers_is_in_order_and_a_wrong_event_is_named():
    port = free_port()
    hook = Webhook(id="ops", url=f"http://127.0.0.1:{port}/hook", events=("verdict.lost",))
    async with listening(Receiver(b"k"), port):
        found = await said(using(webhooks=(hook,)), webhook_secrets=f"ops={SECRET}")
    assert any("webhook ops" in line and "answers" in line for line in found["ok"])
    assert (
        "there is no verdict.lost" in found["error"][0] and "verdict.reached" in found["error"][0]
    )


async def test_the_identity_provider_is_asked_who_it_is():
    with OidcProvider(utc_now, "https://agent.example/console/sign-in/oidc/back") as idp:
        settings = {"oidc_issuer": idp.url, "oidc_client_id": "c", "oidc_roles": "it=admin"}
        found = await said(using(), **settings)
        assert f"sign-in: at {idp.url} (groups: it is admin)" in found["ok"][0]
        assert "PUBLIC_URL" in found["warning"][0] and not found["error"]
        found = await said(using(), **settings | {"oidc_issuer": idp.url + "/"})
        assert "set VOICE_AGENT_OIDC_ISSUER to exactly that" in found["error"][0]
    found = await said(using(), **settings)
    assert "cannot be reached" in found["error"][0]
    found = await said(using(), **settings | {"oidc_roles": ""})
    assert "VOICE_AGENT_OIDC_ROLES is empty" in found["error"][0]
