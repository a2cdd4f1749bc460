"""Every route of the console, tried anonymously and in each role; the routes give the matrix."""

import re

import pytest
from starlette.routing import Route

from core.store.accounts import ROLES
from tests.console.conftest import Office
from tests.fakes.a_call import AT, ENDED, facts
from voice_agent.console.doors import allowed

pytestmark = pytest.mark.real_clock
OPEN = ("/", "/console/sign-in", "/console/static/{name}")
"""Doors without a guard; a shared link carries its own signature and is tried where it is made."""
MANAGERS = (
    "/console/audit",
    "/console/setup",
    "export.csv",
    "/merge",
    "/unmerge",
    "/call-again",
    "/console/criteria",
    "knowledge",
    "/replay",
)
ADMINS = ("/console/accounts", "/erase", "/export", "/certificate", "/console/setup/test/")


def needs(path: str) -> str:
    """The role a door is documented to need."""
    if path.endswith(".csv"):
        return "manager"
    if any(part in path for part in ADMINS):
        return "admin"
    if path.startswith("/console/knowledge"):
        return "rep"
    return "manager" if any(part in path for part in MANAGERS) else "rep"


async def test_no_door_opens_for_who_may_not_come_in(office: Office):
    await office.store.log.append("c1", AT, [*facts(), ENDED])
    browsers = {name: await office.browser(name) for name in ROLES}
    browsers["nobody"] = await office.browser()
    tried = 0
    for route in office.app.routes:
        if not isinstance(route, Route) or route.path in OPEN or "shared" in route.path:
            continue
        path = re.sub(r"{[^}]*}", "c1", route.path)
        for method in (route.methods or set()) - {"HEAD"}:
            for name, browser in browsers.items():
                answer = await browser.client.request(method, path)
                tried += 1
                if name == "nobody":
                    assert answer.status_code == (303 if method == "GET" else 401), path
                    if method == "GET":
                        assert answer.headers["location"].startswith("/console/sign-in?next=")
                elif method != "GET" or not allowed(name, needs(path)):
                    assert answer.status_code == 403, f"{name} {method} {path}"
                else:
                    assert answer.status_code != 403, f"{name} {method} {path}"
    assert tried > 100
