"""`voice-agent check` of the company's other systems: tests each one that is set up."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import anyio
import httpx

from core.clock import utc_now
from core.enrichment.enriched import Subject
from core.errors import CoreError
from core.projections.outgoing import kinds, wanted
from knowledge.calendars import place_of
from knowledge.profile import Company, Rep
from voice_agent.adapters.calendars import diaries
from voice_agent.adapters.enrich_csv import read_accounts
from voice_agent.adapters.enrich_http import HttpEnricher
from voice_agent.adapters.notify_slack import SCOPE, Slack
from voice_agent.commands.check_lines import Said, imap, smtp, twilio
from voice_agent.config import Settings
from voice_agent.console.oidc.provider import Provider
from voice_agent.console.oidc.terms import terms_of
from voice_agent.errors import VoiceAgentError
from voice_agent.systems import endpoints_of

TIMEOUT_S = 5.0
AT_ONCE = 8
"""Calendars tested concurrently."""
WANTED = {
    "caldav": "no account; add `rep=user:password` to VOICE_AGENT_CALDAV_ACCOUNTS",
    "google": "no service account; set VOICE_AGENT_GOOGLE_CALENDAR_KEY",
    "microsoft": "no application; set MICROSOFT_TENANT_ID, _CLIENT_ID and _CLIENT_SECRET",
}
"""The settings that an external calendar needs."""


async def check_systems(settings: Settings, company: Company, said: Said) -> None:
    """Report for each system whether it can be reached and used, and what to do if not."""
    async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
        for check in CHECKS.values():
            try:
                await check(settings, company, client, said)
            except (VoiceAgentError, CoreError) as error:
                said("error", str(error))


async def _sign_in(
    settings: Settings, company: Company, client: httpx.AsyncClient, said: Said
) -> None:
    terms = terms_of(settings)
    if terms is None:
        said("ok", "sign-in: by password (no VOICE_AGENT_OIDC_ISSUER)")
        return
    provider = Provider(client, terms, utc_now)
    await provider.metadata()
    if not await provider.keys():
        said("error", f"sign-in: {terms.issuer} has no keys to check its word by")
        return
    roles = ", ".join(f"{group} is {role}" for group, role in terms.roles.items())
    said("ok", f"sign-in: at {terms.issuer} ({terms.claim}: {roles}), and by password")
    if not settings.public_url:
        said(
            "warning",
            "VOICE_AGENT_PUBLIC_URL is not set: the provider has to know each address people use",
        )


async def _calendars(
    settings: Settings, company: Company, client: httpx.AsyncClient, said: Said
) -> None:
    kept = diaries(settings, company, client, utc_now)
    for rep in company.team:
        place = place_of(rep.calendar)
        if place and place.kind in WANTED and rep.id not in kept:
            said("warning", f"the calendar of {rep.id} is not used: {WANTED[place.kind]}")
    if not kept:
        said("ok", "calendars: the agent's own")
    found: dict[str, tuple[str, str]] = {}
    few = anyio.CapacityLimiter(AT_ONCE)

    async def one(rep: Rep) -> None:
        try:
            async with few:
                found[rep.id] = ("ok", await kept[rep.id].tried(rep))
        except CoreError as error:
            found[rep.id] = ("error", str(error))

    async with anyio.create_task_group() as tasks:
        for rep in company.team:
            if rep.id in kept:
                tasks.start_soon(one, rep)
    for rep in company.team:
        if rep.id in found:
            level, text = found[rep.id]
            said(level, f"calendar of {rep.id}: {text}")


async def _slack(
    settings: Settings, company: Company, client: httpx.AsyncClient, said: Said
) -> None:
    token, channel = settings.slack_bot_token.get_secret_value(), company.systems.notices
    if not token or not channel.slack_channel:
        if token or channel.slack_channel:
            lacks = "`systems.notices.slack_channel`" if token else "SLACK_BOT_TOKEN"
            said("warning", f"Slack is off: set {lacks}, too")
        return
    if not settings.slack_signing_secret.get_secret_value():
        said("warning", "SLACK_SIGNING_SECRET is not set: presses on cards in Slack do nothing")
    told, headers = await Slack(client, token).call("auth.test")
    scopes = headers.get("x-oauth-scopes", "")
    if scopes and SCOPE not in [scope.strip() for scope in scopes.split(",")]:
        said("error", f"the Slack app lacks the scope {SCOPE}: give it, and install the app again")
        return
    said("ok", f"Slack: {told.get('user')} in {told.get('team')}")


async def _enrichment(
    settings: Settings, company: Company, client: httpx.AsyncClient, said: Said
) -> None:
    if settings.enrich_csv:
        accounts = read_accounts(Path(settings.enrich_csv))
        said("ok", f"{settings.enrich_csv}: {len(accounts.by_domain)} companies by domain, "
            f"{len(accounts.by_company)} by name")  # fmt: skip
    if settings.enrich_url:
        service = HttpEnricher(
            client, settings.enrich_url, settings.enrich_token.get_secret_value()
        )
        await service.look_up(Subject(domain="example.com"))
        said("ok", f"enrichment: {settings.enrich_url} answers")
    elif not settings.enrich_csv:
        said("ok", "enrichment: none")


async def _nurture(
    settings: Settings, company: Company, client: httpx.AsyncClient, said: Said
) -> None:
    url = settings.nurture_url
    if not url:
        said("ok", "nurture: our own list (no VOICE_AGENT_NURTURE_URL)")
        return
    token = settings.nurture_token.get_secret_value()
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await client.head(url, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        said(
            "error", f"nurture: {url} cannot be reached: {error}; is VOICE_AGENT_NURTURE_URL right?"
        )
        return
    if answer.status_code in (401, 403):
        said(
            "error",
            f"nurture: {url} answered {answer.status_code}; correct VOICE_AGENT_NURTURE_TOKEN",
        )
    else:
        said("ok", f"nurture: {url} answers ({answer.status_code})")


async def _webhooks(
    settings: Settings, company: Company, client: httpx.AsyncClient, said: Said
) -> None:
    endpoints = endpoints_of(company, settings.webhook_secrets.get_secret_value())
    known = kinds()
    for hook in company.systems.webhooks:
        for event in hook.events:
            if not any(wanted(kind, (event,)) for kind in known):
                said("error", f"webhook {hook.id}: there is no {event}; {', '.join(known)} are")
    for endpoint in endpoints:
        try:
            answer = await client.head(endpoint.url)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            why = f"{endpoint.url} cannot be reached: {error}; is it running, is the address right?"
            said("error", f"webhook {endpoint.id}: {why}")
            continue
        said("ok", f"webhook {endpoint.id}: {endpoint.url} answers ({answer.status_code})")
    told = f"they may ask for {', '.join(known)}" if endpoints else "none"
    said("ok", f"webhooks: {told}")


Check = Callable[[Settings, Company, httpx.AsyncClient, Said], Awaitable[None]]
CHECKS: Mapping[str, Check] = {
    "sign-in": _sign_in,
    "twilio": twilio,
    "smtp": smtp,
    "imap": imap,
    "calendars": _calendars,
    "enrichment": _enrichment,
    "slack": _slack,
    "nurture": _nurture,
    "webhooks": _webhooks,
}
"""The check of each system, by name. All raise VoiceAgentError, CoreError, without secrets."""
