"""The console's scripts and styles: by name from a list made at start-up, nothing else.

Scripts are served as files; style sheets, and the script that keeps early keystrokes, are inlined
in each page, which thus waits for nothing before it shows.
"""

import base64
import hashlib
from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from voice_agent.audio.worklet import WORKLETS

STATIC = Path(__file__).parent / "static"
LASTING = "max-age=31536000, immutable"
"""For files requested by version, whose content never changes."""
_TYPES = {
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


class Files:
    """Every script in `static/`, and the telephone's worklets, read once."""

    def __init__(self) -> None:
        self._files = {
            path.name: (body := path.read_bytes(), _TYPES[path.suffix], _tag(body))
            for path in sorted([*STATIC.iterdir(), *WORKLETS.iterdir()])
            if path.suffix in _TYPES
        }
        self.version = _tag(b"".join(body for body, _, _ in self._files.values()))
        """Changes when any file does; pages include it in URLs, so that browsers may cache."""
        sheets = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.css")}
        early = (STATIC / "early.js").read_text(encoding="utf-8")
        self.early = Markup(f"<script>{early}</script>")
        """The script that keeps keystrokes until the others have loaded, as an element."""
        self.early_policy = f"'sha256-{_digest(early)}'"
        """The CSP source that allows this script and no other inline one."""
        self._sheets = {name: Markup(f"<style>{text}</style>") for name, text in sheets.items()}
        self.sheets_policy = " ".join(f"'sha256-{_digest(text)}'" for text in sheets.values())
        """The CSP sources that allow the style sheets and no other styles."""

    def sheet(self, name: str) -> Markup:
        """A style sheet as an element of a page."""
        return self._sheets[name]

    async def serve(self, request: Request) -> Response:
        """A file, or 304 when the browser already has it."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("there is no such file\n", 404)
        body, kind, tag = found
        asked = request.url.query == self.version
        headers = {
            "ETag": f'"{tag}"',
            "Cache-Control": f"public, {LASTING if asked else 'max-age=300'}",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if request.headers.get("if-none-match") == f'"{tag}"':
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=kind, headers=headers)


def _tag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
