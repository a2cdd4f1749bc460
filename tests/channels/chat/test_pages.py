"""What a browser loads from us: nothing inline, nothing from elsewhere, cached by content."""

import re
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from tests.core.talk import OTHER, SAMPLE, sample
from voice_agent.channels.chat.pages import STATIC, Pages


def client(folder=SAMPLE, public_url: str = "") -> httpx.AsyncClient:
    app = Starlette(routes=Pages(lambda: sample(folder), public_url).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver")


@pytest.mark.parametrize(("folder", "name"), [(SAMPLE, "Tideline"), (OTHER, "Corvane")])
async def test_the_demo_page_is_the_companys_and_runs_nothing_inline(folder, name):
    async with client(folder, "https://agent.example") as http:
        page = await http.get("/chat")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert f"<title>{name}</title>" in page.text
    assert "https://agent.example/chat/widget.js" in page.text
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|style=", page.text)


async def test_a_company_without_public_pages_has_no_empty_list_of_them():
    loaded = sample(SAMPLE)
    bare = replace(loaded, articles=tuple(replace(a, url=None) for a in loaded.articles))
    app = Starlette(routes=Pages(lambda: bare, "").routes())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://testserver"
    ) as http:
        page = (await http.get("/chat")).text
    assert "#offer" not in page and "What people ask" not in page


async def test_the_widget_is_one_file_any_site_may_load_and_cache():
    async with client() as http:
        first = await http.get("/chat/widget.js")
        again = await http.get("/chat/widget.js", headers={"if-none-match": first.headers["etag"]})
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["content-type"].startswith("text/javascript")
    assert again.status_code == 304 and not again.content


def test_the_widget_never_parses_what_it_shows():
    text = (STATIC / "widget.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert len(text.encode()) < 38_000
