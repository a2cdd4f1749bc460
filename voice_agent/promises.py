"""`Promises`: promised calls wired for `app`: who keeps them, who places them, their routes."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from core.ports import Notify
from voice_agent.call.lifecycle import Calls
from voice_agent.callbacks.placing import AMD, STATUS, VOICE, Placing
from voice_agent.callbacks.routes import routes
from voice_agent.callbacks.timers import CallbackTimers
from voice_agent.ground import Ground
from voice_agent.handoffs import Handoffs
from voice_agent.telephones import can_ring
from voice_agent.telephony import twiml
from voice_agent.telephony.ports import OVER, CallControl
from voice_agent.telephony.signed import Told
from voice_agent.telephony.webhook import Webhooks
from voice_agent.workflows.ports import DurableJobs


@dataclass(frozen=True, slots=True)
class Promises:
    """The parts of promised calls."""

    timers: CallbackTimers
    placing: Placing

    def routes(
        self, handoffs: Handoffs, token: str, webhooks: Webhooks, calls: Calls
    ) -> Sequence[BaseRoute]:
        """Their routes; to be placed before the API's own."""
        timers, doors = self.timers, _Doors(self.placing, webhooks, calls)
        calls.called_back_by(self.placing)
        return [
            *routes(handoffs, timers.company, token, timers.clock),
            webhooks.signed.route(VOICE, doors.voice),
            webhooks.signed.route(STATUS, doors.status),
            webhooks.signed.route(AMD, doors.detected),
        ]


def built_promises(
    ground: Ground, notify: Notify, jobs: DurableJobs, control: CallControl
) -> Promises:
    """Promised calls."""
    store, company, clock = ground.store, ground.present.company, ground.clock
    public_url = ground.settings.public_url
    placing = Placing(
        store, control, company, clock, public_url if can_ring(ground.settings) else ""
    )
    return Promises(
        CallbackTimers(store, notify, company, clock, jobs, placing, public_url), placing
    )


@dataclass(frozen=True, slots=True)
class _Doors:
    """Twilio's webhooks for the calls we place."""

    placing: Placing
    webhooks: Webhooks
    calls: Calls

    async def voice(self, told: Told) -> Response:
        """The call was answered: connect it, if it is still wanted and there is room."""
        attempt, call_sid = told.path["attempt"], told.get("CallSid")
        wanted = await self.placing.answered(attempt, call_sid)
        if not wanted or self.calls.admit(call_sid) is not None:
            return twiml.response(twiml.hung_up())
        return self.webhooks.connected(told, attempt=attempt)

    async def status(self, told: Told) -> Response:
        """A call changed state; a final state ends its conversation."""
        call_sid, status = told.get("CallSid"), told.get("CallStatus")
        await self.placing.told(told.path["attempt"], call_sid, status)
        if status in OVER:
            await self.calls.status(call_sid, status)
        return Response(status_code=204)

    async def detected(self, told: Told) -> Response:
        """What answered, a person or a machine; arrives during the call."""
        await self.placing.detected(told.path["attempt"], told.get("AnsweredBy"))
        return Response(status_code=204)
