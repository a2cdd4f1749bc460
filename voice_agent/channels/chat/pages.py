"""The chat's files for browsers: the widget, and the demo page at `/chat`."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import jinja2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.caller_id import as_written
from knowledge.load import Loaded

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' {socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Policy of our own page: nothing injected into it could run."""
CARDS = 6
"""Articles on the page, as a company's site would show its offer."""


class Pages:
    """The pages for one company; `loaded` gives it as it is now."""

    def __init__(self, loaded: Callable[[], Loaded], public_url: str) -> None:
        self._loaded = loaded
        self._public_url = public_url.rstrip("/")
        loader = jinja2.FileSystemLoader(STATIC)
        self._pages = jinja2.Environment(loader=loader, autoescape=True)
        self._pages.filters["phone"] = as_written

    def routes(self) -> list[Route]:
        """`/chat` and its parts."""
        return [
            Route("/chat", self._demo),
            Route("/chat/widget.js", self._widget),
            Route("/chat/demo.css", self._style),
        ]

    async def _widget(self, request: Request) -> Response:
        response = _file(request, "widget.js", "text/javascript")
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    async def _style(self, request: Request) -> Response:
        return _file(request, "demo.css", "text/css")

    async def _demo(self, request: Request) -> Response:
        loaded = self._loaded()
        here = self._public_url or f"{request.url.scheme}://{request.url.netloc}"
        shown = [a for a in loaded.articles if a.status == "published" and a.url and a.passages]
        kinds: dict[str, list[object]] = {}
        for article in shown:
            kinds.setdefault(article.type, []).append(article)
        cards = [kind[n] for n in range(CARDS) for kind in kinds.values() if n < len(kind)][:CARDS]
        page = self._pages.get_template("demo.html").render(
            company=loaded.company, cards=cards, here=here
        )
        own = f"{request.url.scheme}://{request.url.netloc}".replace("http", "ws", 1)
        response = Response(page, media_type="text/html")
        response.headers.update(
            {
                "Content-Security-Policy": POLICY.format(socket=own),
                "Referrer-Policy": "strict-origin-when-cross-origin",
                "X-Content-Type-Options": "nosniff",
            }
        )
        return response


def _file(request: Request, name: str, media_type: str) -> Response:
    """A static file, or 304 when the browser already has it."""
    body, tag = _read(name)
    headers = {
        "ETag": tag,
        "Cache-Control": "public, max-age=300",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


@cache
def _read(name: str) -> tuple[bytes, str]:
    body = (STATIC / name).read_bytes()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
