"""What load balancers and orchestrators are told, and the shipped balancer's probes."""

import re
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from voice_agent.server.headroom import SAMPLES, Sample
from voice_agent.server.health import Health
from voice_agent.server.operations import operations

BALANCER = Path(__file__).parents[2] / "deploy" / "haproxy" / "haproxy.cfg"


class Store:
    """A database that answers."""

    lost = ""

    @property
    def conversations(self) -> "Store":
        return self

    async def page(self, *_: object, **__: object) -> None: ...


class Calls:
    active = 7
    draining = False

    def __init__(self, health: Health) -> None:
        self._health = health

    @property
    def refusal(self) -> str | None:
        return "draining" if self.draining else self._health.trouble()


async def asked(calls: Calls, health: Health, path: str) -> tuple[int, dict]:
    app = Starlette(routes=operations(calls, health, CollectorRegistry(), None))  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://a") as http:
        answer = await http.get(path)
    return answer.status_code, answer.json()


async def test_a_strained_server_is_ready_and_sends_new_calls_elsewhere_with_the_reason():
    health = Health(Store())  # type: ignore[arg-type]
    calls = Calls(health)
    assert await asked(calls, health, "/readyz/calls") == (
        200, {"takes_calls": True, "why": None, "calls": 7}
    )  # fmt: skip
    health.headroom.most_lag_s = 0.08
    for _ in range(SAMPLES):
        health.headroom.feed(Sample(0.25, 0.5, 0, 40))
    status, told = await asked(calls, health, "/readyz/calls")
    assert status == 503 and told["why"] == "strained: the loop lags 250 ms"
    status, told = await asked(calls, health, "/readyz")
    assert status == 200 and told["problems"] == [] and not told["takes_calls"]
    health.facts = {"waiting": 0, "refused": 2}
    status, told = await asked(calls, health, "/readyz")
    assert status == 200 and told["facts"]["refused"] == 2, "a person has to look; callers need not"
    calls.draining = True
    status, told = await asked(calls, health, "/readyz")
    assert status == 503 and told["problems"] == ["draining"] and told["why"] == "draining"


@pytest.mark.parametrize("through", ["X-Forwarded-For", "Forwarded"])
async def test_metrics_are_for_who_asks_the_server_itself(through: str):
    app = Starlette(routes=operations(None, None, CollectorRegistry(), None))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://a") as http:
        assert (await http.get("/metrics")).status_code == 200
        answer = await http.get("/metrics", headers={through: "for=203.0.113.9"})
    assert answer.status_code == 403 and "the server itself" in answer.text


def test_the_shipped_balancer_asks_what_servers_answer():
    served = {route.path for route in operations(None, None, CollectorRegistry(), None)}  # type: ignore[arg-type]
    asked_for = re.findall(r"httpchk GET (\S+)", BALANCER.read_text())
    assert len(asked_for) == 2 and {*asked_for} <= served
