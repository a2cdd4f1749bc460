"""The telephone company's side of the server: its webhooks, and callers put through to people."""

from starlette.routing import Route

from core.clock import Clock
from core.store.unit_of_work import Store
from voice_agent.audio.archive import Archive
from voice_agent.call.lifecycle import Calls
from voice_agent.call.repair import Repair
from voice_agent.call.services import CallServices
from voice_agent.call.transferring import JOB, Telephones, Transferring
from voice_agent.config import Settings
from voice_agent.telephony.ports import CallControl, NoCallControl
from voice_agent.telephony.rest import TwilioCalls
from voice_agent.telephony.transfer_routes import TransferRoutes
from voice_agent.telephony.webhook import Webhooks
from voice_agent.workflows.durable import Workflows


def control_of(settings: Settings) -> CallControl:
    """Commands to the account of the settings; refusals where there is none."""
    auth_token = settings.twilio_auth_token.get_secret_value()
    if settings.twilio_account_sid and auth_token:
        return TwilioCalls(settings.twilio_account_sid, auth_token, settings.twilio_api_url)
    return NoCallControl()


def can_ring(settings: Settings) -> bool:
    """Whether people can be rung: an account, and an address at which it reaches us."""
    account = settings.twilio_account_sid and settings.twilio_auth_token.get_secret_value()
    return bool(account and settings.public_url)


def telephone_routes(
    settings: Settings,
    store: Store,
    archive: Archive,
    calls: Calls,
    services: CallServices,
    webhooks: Webhooks,
    workflows: Workflows,
    clock: Clock,
) -> list[Route]:
    """All routes of the telephone company; wires transfers where people can be rung."""
    if not can_ring(settings):
        return webhooks.routes()
    public_url = settings.public_url.rstrip("/")
    transferring = Transferring(
        store,
        Telephones(services.control, public_url, webhooks.stream_token),
        lambda: calls.engine,
        calls.parking,
        services.wrap_up,
        Repair(archive),
        workflows.jobs.ask,
        clock,
        services.metrics,
    )
    calls.put_through_by(transferring, settings.twilio_account_sid)
    workflows.jobs.serve(JOB, transferring.late)
    through = TransferRoutes(webhooks.signed, transferring, public_url)
    return [*webhooks.routes(), *through.routes()]
