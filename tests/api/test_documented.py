"""docs/api.md lists every route."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from core.projections.document import document
from voice_agent.api import calls, contacts, corrections, crm, metrics
from voice_agent.callbacks import routes as callbacks
from voice_agent.channels.email.routes import MailRoutes
from voice_agent.corrections import Corrections
from voice_agent.notices import routes as notices
from voice_agent.nurture import routes as nurture
from voice_agent.pilot import Pilot
from voice_agent.privacy.routes import Privacy
from voice_agent.webhooks import routes as webhooks

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
NONE: Any = None
"""What a route would do its work with: here only its address is read."""


def routes() -> Iterator[Route]:
    mail = object.__new__(MailRoutes)
    mail._api_token = ""
    yield from calls.routes(NONE, "", NONE)
    yield from contacts.routes(NONE, "", NONE, NONE)
    yield from corrections.routes(Corrections(NONE, NONE, NONE), "", NONE)
    yield from crm.routes(NONE, NONE, "")
    yield from metrics.routes(NONE, "", NONE, NONE)
    yield from callbacks.routes(NONE, NONE, "", NONE)
    yield from notices.routes(NONE, NONE, NONE, "", NONE)
    yield from nurture.routes(NONE, NONE, "")
    yield from webhooks.routes(NONE, NONE, "")
    yield from object.__new__(Privacy).routes("")
    yield from object.__new__(Pilot).routes("")
    yield from mail.routes()


ROUTES = sorted(
    {
        (method, route.path)
        for route in routes()
        for method in (route.methods or set()) - {"HEAD"}
        if route.path.startswith("/api/v1") and ":path}" not in route.path
    }
)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_of_the_api_is_on_its_page(method, path):
    whole = re.sub(r"\\{\w+\\}", r"(?:\\{\\w+\\}|[a-z]+)", re.escape(path))
    above, _, last = path.rpartition("/")
    stem = re.sub(r"\\{\w+\\}", r"\\{\\w+\\}", re.escape(above))
    rows = [row for row in PAGE.splitlines() if row.startswith("|")]
    named = [row for row in rows if re.search(rf"`{method} {whole}`", row)]
    beside = [row for row in rows if re.search(rf"`{method} {stem}/", row) and f"`/{last}`" in row]
    assert named or beside, f"{method} {path}"


def test_every_module_with_routes_of_the_api_is_among_them():
    sources = [*(ROOT / "voice_agent").rglob("*.py")]
    serving = {p for p in sources if "guarded(" in p.read_text(encoding="utf-8")}
    given = {Path(m.__file__) for m in (calls, contacts, crm, metrics, callbacks, notices, nurture)}
    given |= {Path(corrections.__file__), Path(webhooks.__file__), ROOT / "voice_agent/pilot.py"}
    given |= {
        ROOT / "voice_agent" / name for name in ("privacy/routes.py", "channels/email/routes.py")
    }
    console = {p for p in serving if p.parent.name in ("console", "oidc", "call")}
    assert serving - console - {ROOT / "voice_agent/http.py"} == given


def test_every_part_of_the_call_document_is_on_its_page():
    table = PAGE.split("## The call document")[1].split("\n## ")[0]
    assert [key for key in document("x", []) if f"`{key}`" not in table] == []
