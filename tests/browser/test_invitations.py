"""The chat offering help by itself, in a real browser on a site of another origin."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.accessible import violations
from tests.browser.chromium import faults_of, needs_chromium
from tests.browser.sites import Site, company_with
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.ports import free_port
from tests.hostile.process import API_TOKEN, ServerProcess, environment

pytestmark = [pytest.mark.slow, needs_chromium]
WAIT_MS = 20_000
RULES = """  invitations:
    - id: again
      pages: [/back]
      returning: true
      after_seconds: 3
      text: "Good to see you again. Anything new?"
    - id: prices
      pages: [/pricing, /plans/*]
      after_seconds: 3
      text: "Comparing plans? I can tell you what each one costs. Shall I?"
      asks: "How much does Tideline cost?"
    - id: second
      pages: [/second]
      after_seconds: 3
      pages_seen: 2
      text: "Found what you were looking for?"
    - id: deep
      pages: [/long]
      after_seconds: 3
      scrolled: 0.8
      text: "Still reading? Ask me."
"""
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def settings(
    elsewhere: Site, engines: OpenAIServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Of a server whose company has the rules above."""
    folder: Path = tmp_path_factory.mktemp("inviting")
    company = company_with(elsewhere.origin, folder / "company")
    profile = company / "company.yaml"
    text = profile.read_text(encoding="utf-8")
    changed = re.sub(r"  invitations:.*?\n\n", f"{RULES}\n", text, flags=re.DOTALL)
    assert changed != text
    profile.write_text(changed, encoding="utf-8")
    return environment(
        folder / "var", engines.base_url, COMPANY=str(company), PORT=str(free_port()),
        LLM="embedded",
    )  # fmt: skip


@pytest.fixture
def visit(browser: Browser, elsewhere: Site, running: ServerProcess) -> Iterator[Visit]:
    """Opens a page of the site; `context`: in the browser of an earlier visit."""
    contexts: list[BrowserContext] = []
    faults: list[list[str]] = []

    def visiting(path: str, context: BrowserContext | None = None, **options: object) -> Page:
        context = context or browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        faults.append(faults_of(page))
        page.goto(elsewhere.origin + path)
        return page

    yield visiting
    for context in contexts:
        context.close()
    assert not [fault for some in faults for fault in some]


def offer(page: Page) -> Locator:
    return page.locator("voice-agent-chat .invite")


def met(server: ServerProcess) -> dict[str, dict[str, int]]:
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    told = httpx.get(f"{server.url}/api/v1/metrics", headers=headers, trust_env=False).json()
    return {one["rule"]: one for one in told["invitations"]}


def stored(page: Page) -> str:
    return str(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))


def test_an_invitation_is_taken_and_its_first_answer_fits_the_page(
    visit: Visit, running: ServerProcess
):
    page = visit("/pricing")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.post_data or ""))
    expect(offer(page)).to_contain_text("Comparing plans?", timeout=WAIT_MS)
    expect(offer(page)).to_contain_text("AI assistant")
    assert "token" not in stored(page), "who only looks has no session"
    assert not any("pricing" in sent.replace('"prices"', "") for sent in requests)
    page.get_by_role("button", name=re.compile("Comparing plans")).click()
    expect(page.get_by_role("log")).to_contain_text("Shall I?", timeout=WAIT_MS)
    expect(page.get_by_role("log")).not_to_contain_text("What can I help you with")
    page.get_by_role("textbox", name="Your message").fill("yes please")
    page.keyboard.press("Enter")
    expect(page.locator(".msg.agent .text").last).to_contain_text("$390", timeout=WAIT_MS)
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("button", name="Begin anew").click()  # ends the first
    page.wait_for_timeout(500)
    told = met(running)["prices"]
    assert told["shown"] >= 1 and told["taken"] == 1 and told["conversations"] == 1
    reloaded = visit("/pricing", page.context)
    reloaded.wait_for_timeout(4_500)
    expect(offer(reloaded)).to_have_count(0)


def test_whom_the_agent_does_not_take_is_not_invited(visit: Visit, running: ServerProcess):
    headers = {"Authorization": f"Bearer {API_TOKEN}"}

    def switch(on: bool) -> None:
        body = {"on": on, "by": "test"}
        url = f"{running.url}/api/v1/pilot"
        httpx.post(url, json=body, headers=headers, trust_env=False).raise_for_status()

    switch(False)
    try:
        page = visit("/pricing")
        with page.expect_response("**/chat/sessions"):
            page.wait_for_timeout(4_500)
        expect(offer(page)).to_have_count(0)
    finally:
        switch(True)
    later = visit("/pricing", page.context)
    later.wait_for_timeout(4_500)
    expect(offer(later)).to_have_count(0)


def test_one_that_was_closed_is_never_shown_again(visit: Visit, running: ServerProcess):
    page = visit("/plans/growth/")
    expect(offer(page)).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="No, thank you").click()
    expect(offer(page)).to_have_count(0)
    long_ago = {"at": 1, "visits": 3, "pages": 1, "invited": False}
    page.evaluate(
        "(past) => { for (const key of Object.keys(localStorage)) localStorage.setItem(key,"
        " JSON.stringify({...JSON.parse(localStorage.getItem(key)), ...past})); }", long_ago,
    )  # fmt: skip
    later = visit("/pricing", page.context)
    later.wait_for_timeout(4_500)
    expect(offer(later)).to_have_count(0)
    assert met(running)["prices"]["dismissed"] == 1


def test_keyboard_and_screen_reader_reach_it_and_the_focus_stays(visit: Visit):
    page = visit("/pricing", reduced_motion="reduce", bypass_csp=True)
    page.get_by_role("link", name="Next page").focus()
    expect(offer(page)).to_be_visible(timeout=WAIT_MS)
    inside = "document.activeElement.shadowRoot?.activeElement?.getAttribute('aria-label')"
    assert page.evaluate("document.activeElement.tagName") == "A", "it takes no focus"
    assert offer(page).evaluate("e => e.parentElement.getAttribute('aria-live')") == "polite"
    assert offer(page).evaluate("e => getComputedStyle(e).animationName") == "none"
    assert not violations(page)
    page.get_by_role("link", name="Next page").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(inside) == "No, thank you"
    page.keyboard.press("Escape")
    expect(offer(page)).to_have_count(0)
    assert page.evaluate(inside) == "Chat with us"


def test_pages_depth_and_visits_are_waited_for(visit: Visit):
    page = visit("/second")
    page.wait_for_timeout(4_500)
    expect(offer(page)).to_have_count(0)
    page.close()
    other = visit("/second", page.context)
    expect(offer(other)).to_contain_text("Found what", timeout=WAIT_MS)
    long = visit("/long")
    long.wait_for_timeout(4_500)
    expect(offer(long)).to_have_count(0)
    long.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    expect(offer(long)).to_contain_text("Still reading?", timeout=WAIT_MS)
    first = visit("/back")
    first.wait_for_timeout(4_500)
    expect(offer(first)).to_have_count(0)
    hour = {"at": 1}
    first.evaluate(
        "(past) => { for (const key of Object.keys(localStorage)) localStorage.setItem(key,"
        " JSON.stringify({...JSON.parse(localStorage.getItem(key)), ...past})); }", hour,
    )  # fmt: skip
    first.close()
    back = visit("/back", first.context)
    expect(offer(back)).to_contain_text("Good to see you again", timeout=WAIT_MS)


def test_who_asks_not_to_be_tracked_leaves_nothing_behind_the_tab(visit: Visit, browser: Browser):
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
    )
    page = visit("/pricing", context)
    expect(offer(page)).to_be_visible(timeout=WAIT_MS)
    kept, _ = json.loads(stored(page))
    assert kept == {}
