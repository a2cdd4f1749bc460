"""A company's site on its own origin, with the chat of a server elsewhere."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree

from voice_agent.config import SAMPLE_COMPANY

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pricing</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Pricing</h1><p><a href="/next">Next page</a></p></main>
<script src="{server}/chat/widget.js" defer></script></body></html>"""
POLICY = "default-src 'none'; script-src {server}; connect-src {server} {socket}"


TALL = "<br>" * 300
"""Makes the page at /long a long one, without a style that the policy would refuse."""


class Site:
    """Serves one page with the chat of `server`, under a policy that allows nothing else."""

    def __init__(self) -> None:
        self.server = ""
        site = self

        class Pages(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = PAGE.replace("<script", f"{TALL}<script") if self.path == "/long" else PAGE
                body = page.format(server=site.server).encode()
                socket = site.server.replace("http", "ws", 1)
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.send_header("content-length", str(len(body)))
                policy = POLICY.format(server=site.server, socket=socket)
                self.send_header("content-security-policy", policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
        self.origin = f"http://127.0.0.1:{self.http.server_address[1]}"


@contextmanager
def site() -> Iterator[Site]:
    """A running site."""
    made = Site()
    thread = threading.Thread(target=made.http.serve_forever)
    thread.start()
    try:
        yield made
    finally:
        made.http.shutdown()
        thread.join()
        made.http.server_close()


def company_with(origin: str, folder: Path) -> Path:
    """The sample company, with this origin allowed to embed its chat."""
    copied = copytree(SAMPLE_COMPANY, folder)
    settings = copied / "company.yaml"
    text = settings.read_text(encoding="utf-8")
    changed = text.replace("origins: [", f"origins: [{origin}, ")
    assert changed != text
    settings.write_text(changed, encoding="utf-8")
    return copied
