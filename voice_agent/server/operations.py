"""Endpoints for load balancers, orchestrators and Prometheus: liveness, readiness, metrics."""

from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from voice_agent.call.lifecycle import Calls
from voice_agent.observe import exposition
from voice_agent.server.health import Health

FORWARDED = ("x-forwarded-for", "forwarded")
"""Headers by which a request is known to have come through a proxy."""


def operations(
    calls: Calls, health: Health, registry: CollectorRegistry, shared: Path | None
) -> list[Route]:
    """`/healthz`, `/readyz`, `/readyz/calls`, `/metrics`."""

    def taking() -> dict[str, object]:
        why = calls.refusal
        if why == "strained":
            why = f"strained: {health.headroom.why}"
        return {"takes_calls": why is None, "why": why}

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_request: Request) -> Response:
        """Whether this server works, with or without room for another call."""
        problems = await health.problems()
        if calls.draining:
            problems.append("draining")
        status = "ready" if not problems else "not ready"
        body = {
            "status": status, "problems": problems, "calls": calls.active,
            "facts": health.facts, "resting": health.models.resting if health.models else {},
            **taking(),
        }  # fmt: skip
        return JSONResponse(body, 503 if problems else 200)

    async def room(_request: Request) -> Response:
        """Whether new calls should be sent here."""
        body = taking()
        return JSONResponse({**body, "calls": calls.active}, 200 if body["takes_calls"] else 503)

    async def metrics(request: Request) -> Response:
        """The figures, for who asks this server itself: a proxy is open to the internet."""
        if any(name in request.headers for name in FORWARDED):
            return PlainTextResponse("ask the server itself, not through a proxy\n", 403)
        return Response(exposition(registry, shared), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/readyz/calls", room),
        Route("/metrics", metrics),
    ]
