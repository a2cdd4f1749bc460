"""A model hub on a loopback port that speaks the Hugging Face Hub's HTTP, and breaks off on demand.

A test downloads from it with huggingface_hub's own client.
"""

import hashlib
import json
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.fakes.loopback import LoopbackServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 64 * 1024
"""Files of this size and above are in large-file storage, for which the hub gives the SHA-256."""


class ModelHub(LoopbackServer):
    """`with ModelHub({"owner/name": {"config.json": b"{}"}}) as hub:` at `hub.url`."""

    def __init__(self, repos: dict[str, dict[str, bytes]]) -> None:
        self.repos = repos
        self.asked: list[tuple[str, str]] = []
        """Path and range of each file requested."""
        self.breaks: list[int] = []
        """The next responses break off after this many bytes."""
        self.ranges = True
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # noqa: N802 - the library's name
                fake._serve(self, body=True)

            def do_HEAD(self) -> None:  # noqa: N802 - the library's name
                fake._serve(self, body=False)

            def log_message(self, *_: Any) -> None:
                pass

        super().__init__(Handler)

    def _serve(self, http: BaseHTTPRequestHandler, *, body: bool) -> None:
        path = unquote(urlsplit(http.path).path)
        if path.startswith("/api/models/"):
            repo = path.removeprefix("/api/models/").split("/revision/")[0]
            if repo in self.repos:
                return self._answer(http, 200, json.dumps(self._info(repo)).encode(), {}, body)
        elif "/resolve/" in path:
            repo, rest = path.lstrip("/").split("/resolve/", 1)
            revision, name = rest.split("/", 1)
            content = self.repos.get(repo, {}).get(name)
            if content is not None and revision in ("main", COMMIT):
                return self._file(http, name, content, body)
        self._answer(http, 404, b"{}", {"X-Error-Code": "EntryNotFound"}, body)

    def _info(self, repo: str) -> dict[str, Any]:
        return {"id": repo, "modelId": repo, "sha": COMMIT, "siblings": [
            {"rfilename": name, "size": len(content), "blobId": "0" * 40}
            | ({"lfs": {"sha256": sha(content), "size": len(content), "pointerSize": 134}}
               if len(content) >= LARGE else {})
            for name, content in self.repos[repo].items()
        ]}  # fmt: skip

    def _file(self, http: BaseHTTPRequestHandler, name: str, content: bytes, body: bool) -> None:
        wanted = http.headers.get("Range", "")
        if body:
            self.asked.append((name, wanted))
        etag = sha(content) if len(content) >= LARGE else hashlib.sha1(content).hexdigest()
        told = {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        status, first = 200, 0
        if wanted and self.ranges:
            status, first = 206, int(wanted.removeprefix("bytes=").split("-")[0])
            told["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        self._answer(http, status, content[first:], told, body)

    def _answer(
        self, http: BaseHTTPRequestHandler, status: int, content: bytes,
        headers: dict[str, str], body: bool,
    ) -> None:  # fmt: skip
        http.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            http.send_header(name, value)
        http.end_headers()
        if body:
            breaks = self.breaks.pop(0) if self.breaks and len(content) >= LARGE else len(content)
            http.wfile.write(content[:breaks])
            http.close_connection = breaks < len(content)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
