"""The telephony side of the server: webhooks, transfers, overflow."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import anyio
from starlette.responses import Response
from starlette.routing import Route

from voice_agent.call.lifecycle import Calls
from voice_agent.call.repair import Repair
from voice_agent.call.services import CallServices
from voice_agent.call.transferring import JOB, Telephones, Transferring
from voice_agent.config import Settings
from voice_agent.cut_off import CutOff
from voice_agent.ground import Ground
from voice_agent.messages import JOB as MESSAGE
from voice_agent.messages import Messages
from voice_agent.telephony.overflow import OverflowRoutes
from voice_agent.telephony.ports import CallControl, NoCallControl
from voice_agent.telephony.recordings import TwilioRecordings
from voice_agent.telephony.rest import TwilioCalls
from voice_agent.telephony.signed import SignedForms, Told
from voice_agent.telephony.transfer_routes import TransferRoutes
from voice_agent.telephony.webhook import Elsewhere, Webhooks, WebhookSettings
from voice_agent.workflows.durable import Workflows
from voice_agent.workflows.ports import PEOPLE


def control_of(settings: Settings) -> CallControl:
    """REST commands to the configured account; every one is refused when there is none."""
    if _account(settings):
        token = settings.twilio_auth_token.get_secret_value()
        return TwilioCalls(settings.twilio_account_sid, token, settings.twilio_api_url)
    return NoCallControl()


def can_ring(settings: Settings) -> bool:
    """Whether we can call people: there is an account, and an address where Twilio reaches us."""
    return _account(settings) and bool(settings.public_url)


def _account(settings: Settings) -> bool:
    return bool(settings.twilio_account_sid and settings.twilio_auth_token.get_secret_value())


@dataclass(frozen=True, slots=True)
class Switchboard:
    """What the rest of the server needs of telephony."""

    routes: list[Route]
    stream_token: Callable[[str, str, str], str]
    webhooks: Webhooks


@asynccontextmanager
async def switchboard(
    ground: Ground,
    calls: Calls,
    services: CallServices,
    workflows: Workflows,
    elsewhere: Elsewhere,
) -> AsyncIterator[Switchboard]:
    """All telephony routes, wired to the calls; jobs are served from here on."""
    settings, store, clock = ground.settings, ground.store, ground.clock
    token = settings.twilio_auth_token.get_secret_value()
    signed = SignedForms(settings.public_url, token)
    recordings = TwilioRecordings(settings.twilio_account_sid, token, settings.twilio_api_url)
    messages = Messages(
        store, engine=lambda: calls.engine, transcriber=services.transcriber,
        recordings=recordings, archive=ground.archive, ask=workflows.jobs.ask,
        wrap_up=workflows.wrap_up, clock=clock,
    )  # fmt: skip
    overflow = OverflowRoutes(
        signed, messages, lambda: calls.engine.loaded.company, records=_account(settings)
    )

    cut_off = CutOff(store, calls, workflows.end_lost)

    async def after(told: Told) -> Response | None:
        """Offer a message or promise a call when a call ended unintentionally."""
        match await cut_off.why(told.get("CallSid")):
            case "deaf":
                return overflow.message(told) if _account(settings) else None
            case "lost":
                return overflow.cut_off(told)
        return None

    def turned_away(told: Told, why: str) -> Response:
        services.metrics.refused.labels(why).inc()
        return overflow.turned_away(told, why)

    webhooks = Webhooks(
        WebhookSettings(settings.public_url, token, ground.secret_key),
        calls,
        clock,
        ended=calls.status,
        turned_away=turned_away,
        after=after,
        elsewhere=elsewhere,
    )
    routes = [*webhooks.routes(), *overflow.routes()]
    workflows.jobs.serve(MESSAGE, messages.job)
    if can_ring(settings):
        public_url = settings.public_url
        transferring = Transferring(
            store,
            Telephones(services.control, public_url, webhooks.stream_token),
            engine=lambda: calls.engine,
            parking=calls.parking,
            wrap_up=services.wrap_up,
            repair=Repair(ground.archive, ground.present.keeps_stopped),
            ask=workflows.jobs.ask,
            clock=clock,
            metrics=services.metrics,
        )
        calls.put_through_by(transferring, settings.twilio_account_sid)
        workflows.jobs.serve(JOB, transferring.late, PEOPLE)
        routes += TransferRoutes(signed, transferring, public_url).routes()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(recordings.aclose)
        waiting = await stack.enter_async_context(anyio.create_task_group())
        waiting.start_soon(messages.run)
        stack.callback(waiting.cancel_scope.cancel)
        yield Switchboard(routes, webhooks.stream_token, webhooks)
