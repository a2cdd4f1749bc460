"""Pictures of a live call: a real server, called by a caller of `audio_fixtures/`."""

from functools import partial
from pathlib import Path
from typing import Literal

import httpx
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, Page, ViewportSize

from core.clock import utc_now
from core.store import accounts
from core.store.store import Store
from tests.browser.console_site import sign_in
from tests.browser.webp import kept
from tests.console.conftest import HASH
from tests.hostile.process import ServerProcess, environment
from voice_agent.emulator import script as scripts
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

WHO = "sofia@tideline.example"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
GUIDANCE = "ask when they want to go live"
KNOWN = 3
"""Signals the verdict rests on when the picture is taken."""
WITHIN_MS = 150_000
HEARING = f"""() => document.querySelectorAll("#signals > div").length >= {KNOWN}
  && document.getElementById("hearing").textContent.trim().split(" ").length > 3"""

STILL = "() => { Element.prototype.scrollIntoView = () => {}; scrollTo(0, 0); }"
"""A page that scrolls during a screenshot shows its header twice."""


def shoot_live(browser: Browser, var: Path, folder: Path, size: ViewportSize) -> None:
    """A colleague listens to a call and guides the agent while the caller is speaking."""
    own = environment(var, STT="sphinx")
    with ServerProcess(own, var.parent) as server, start_blocking_portal() as portal:
        portal.call(hired, f"sqlite:///{var / 'voice_agent.db'}")
        context = browser.new_context(viewport=size)
        page, blank = context.new_page(), context.new_page()
        sign_in(page, server.url, WHO)
        calling = portal.start_task_soon(called, server.url)
        try:
            page.goto(f"{server.url}/console/live")
            page.locator("a.live-link").click(timeout=30_000)
            page.locator("#transcript li").first.wait_for(timeout=30_000)
            page.keyboard.press("l")
            page.wait_for_function(HEARING, timeout=WITHIN_MS)
            guided(page)
            page.evaluate(STILL)
            page.wait_for_function(HEARING, timeout=WITHIN_MS)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                kept(page, blank, folder / f"live-{scheme}.webp")
        finally:
            context.close()
            calling.cancel()


def guided(page: Page) -> None:
    """Tell the agent what to ask; the page says what it understood."""
    page.get_by_label("Guide it").fill(GUIDANCE)
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Understood").wait_for()
    page.get_by_role("heading", name="What is said").click()


async def called(url: str) -> None:
    """The demo's caller, to the end of their call."""
    async with httpx.AsyncClient(trust_env=False) as http:
        await EmulatedCall(CallPlan(url, scripts.load("demo"), max_s=240), http).run()


async def hired(url: str) -> None:
    """An account with a known password, so that no page asks for another."""
    store = Store(url)
    row = accounts.new_account(
        WHO, "manager", utc_now(), display="Sofia Alvarez", rep="sofia-alvarez", password=HASH
    )
    await store.write("t", partial(accounts.add, row=row))
    await store.aclose()
