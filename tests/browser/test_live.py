"""A colleague on a call from a real browser: reads along, listens, guides, takes over, ends.

The page is served by one server and the call is on another; both work on one PostgreSQL.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import anyio
import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import chromium, faults_of, microphone, needs_chromium
from tests.fakes import postgres
from tests.fakes.openai_server import OpenAIServer
from tests.hostile.process import API_TOKEN, ForkedServer, ServerProcess, brisk_company, environment
from voice_agent.audio.wav import read_mono, write_mono
from voice_agent.emulator import script as scripts
from voice_agent.emulator.report import CallReport
from voice_agent.emulator.script import Script, Step, parse_when
from voice_agent.emulator.twilio import CallPlan, EmulatedCall

pytestmark = [pytest.mark.slow, needs_chromium]
FIXTURES = Path(__file__).parents[2] / "audio_fixtures"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """Two servers of one database and one folder of recordings, each with a VAR of its own."""
    company = brisk_company(tmp_path / "company")
    ears = OpenAIServer(transcript="does it work with our snowflake data warehouse")
    with ears, postgres.database() as url, ExitStack() as stack:
        up = []
        for name in ("one", "other"):
            own = environment(
                tmp_path / name, ears.base_url, COMPANY=str(company), DATABASE_URL=url,
                RECORDINGS=str(tmp_path / "recordings"), PEER_HOST="auto",
            )  # fmt: skip
            up.append(stack.enter_context(ForkedServer(own, tmp_path)))
        yield up[0], up[1]


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """The colleague's microphone: somebody who says a sentence, pauses, and says it again."""
    said = read_mono(FIXTURES / "demo" / "01_hi_there_i_was.wav")
    once = np.concatenate((said, np.zeros(14_000, np.int16)))
    room = np.repeat(np.concatenate([once] * 12).astype(np.int16), 2)
    write_mono(tmp_path / "microphone.wav", room, 16_000)
    return tmp_path / "microphone.wav"


class Caller(threading.Thread):
    """Asks a question, then stays on the line until the agent hangs up."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.report: CallReport | None = None

    def run(self) -> None:
        async def call() -> CallReport:
            asks = scripts.load("pricing").steps[0]
            stays = Step(parse_when("at 90s"), "hang up", hangup=True)
            plan = CallPlan(self.url, Script("live", (asks, stays)), call_sid="CAlive", max_s=100)
            async with httpx.AsyncClient(trust_env=False) as http:
                return await EmulatedCall(plan, http).run()

        self.report = anyio.run(call)


def sign_in(page: Page, server: ServerProcess) -> None:
    (password,) = re.findall(r"sign in as admin with (\S+)", server.output)
    page.goto(f"{server.url}/console/sign-in?next=/console/live")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_a_colleague_listens_guides_takes_over_hands_back_and_ends(
    servers: tuple[ServerProcess, ServerProcess], wav: Path, tmp_path: Path
):
    server, other = servers
    with chromium(*microphone(wav)) as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        complaints = faults_of(page, console=True)
        sign_in(page, server)
        expect(page.get_by_text("Nobody is on the line")).to_be_visible()
        caller = Caller(other.url)
        caller.start()
        page.locator("a.live-link").click(timeout=15_000)
        expect(page.locator("#transcript li").first).to_be_visible(timeout=15_000)
        page.keyboard.press("l")
        expect(page.locator("#listen")).to_have_attribute("aria-pressed", "true")
        page.wait_for_function("() => Number(document.getElementById('call').dataset.heard) > 20")
        expect(page.locator("#transcript")).to_contain_text("snowflake", timeout=30_000)
        expect(page.locator("#signals")).to_contain_text("Warehouse")
        page.get_by_label("Guide it").fill("ask when they want to go live")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("timeline")
        page.screenshot(path=tmp_path / "live.png", full_page=True)
        page.get_by_role("heading", name="What is said").click()
        page.keyboard.press("t")
        expect(page.locator("#floor")).to_have_text("You are speaking with the caller")
        expect(page.locator(".speaker-rep").first).to_be_visible(timeout=30_000)
        page.keyboard.press("t")
        expect(page.locator("#transcript")).to_contain_text("back with you", timeout=20_000)
        page.get_by_label("Have it say").fill("Sofia will send you the details today.")
        page.keyboard.press("Enter")
        expect(page.locator("#transcript")).to_contain_text("Sofia will send", timeout=20_000)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(page.locator("#take")).to_be_in_viewport()
        page.get_by_role("button", name="End call").first.click()
        page.get_by_role("dialog").get_by_role("button", name="End call").click()
        expect(page.get_by_text("The call is over")).to_be_visible(timeout=30_000)
        caller.join(30)
        page.goto(f"{server.url}/console/live")
        expect(page.get_by_text("Nobody is on the line")).to_be_visible()
        assert not complaints
        page.context.clear_cookies()
        expect(page.get_by_text("You are signed out: this list is old.")).to_be_visible()
    assert caller.report is not None and caller.report.ended_by == "server"
    told = httpx.get(
        f"{server.url}/api/v1/calls/CAlive", headers={"Authorization": f"Bearer {API_TOKEN}"},
        trust_env=False,
    ).json()  # fmt: skip
    speakers = [line["speaker"] for line in told["transcript"]]
    assert "rep" in speakers and speakers[-1] == "agent"
    assert told["transcript"][-1]["text"].endswith("Goodbye.")
    assert told["recording"]["channels"]["rep"] == 2

    nobody_unknown_hears_anything(server)


def nobody_unknown_hears_anything(server: ServerProcess) -> None:
    for path in ("/console/live", "/console/live/now", "/console/live/c1"):
        answer = httpx.get(server.url + path, trust_env=False)
        assert answer.status_code in (303, 401)
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Origin": server.url,
    }  # fmt: skip
    answer = httpx.get(f"{server.url}/console/live/c1/line", headers=upgrade, trust_env=False)
    assert answer.status_code == 403
