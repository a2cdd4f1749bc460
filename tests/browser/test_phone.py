"""A whole call from a real browser, answering what the server's own recogniser hears."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessible import violations
from tests.browser.chromium import SOUNDING, chromium, faults_of, needs_chromium
from tests.hostile.process import ForkedServer, ServerProcess, environment

pytestmark = [pytest.mark.slow, needs_chromium]
FIXTURES = Path(__file__).parents[2] / "audio_fixtures"
CALLER = """
const room = new AudioContext();
const line = room.createMediaStreamDestination();
navigator.mediaDevices.getUserMedia = async () => line.stream;
let loud = 0, spoke = 0;
setInterval(() => {
  if (document.getElementById("agent")?.value > 0.05) loud = performance.now();
}, 40);
window.heard = () => loud > spoke;
window.quiet = (ms) => loud > spoke && performance.now() - loud > ms;
window.speak = async (wav) => {
  const bytes = Uint8Array.from(atob(wav), (c) => c.charCodeAt(0));
  const buffer = await room.decodeAudioData(bytes.buffer);
  const said = new AudioBufferSourceNode(room, { buffer });
  said.connect(line);
  said.start();
  await new Promise((done) => { said.onended = done; });
  spoke = performance.now();
};
"""
"""The caller's microphone, and an ear for the agent: `heard` since we spoke, and `quiet` since."""
OVER_MS = 2000
"""Silence after which the agent has said what it had to say."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("server")
    with ForkedServer(environment(folder / "var", STT="sphinx"), folder) as running:
        yield running


def speak(page: Page, name: str) -> None:
    """Say a line of the demo's caller to its end."""
    wav = base64.b64encode((FIXTURES / "demo" / name).read_bytes()).decode()
    page.evaluate("(wav) => speak(wav)", wav)


def merging(route: Route) -> None:
    """Before the caller's first line, a piece of it that is then merged into it."""
    answer = route.fetch()
    told = answer.json()
    for n, fact in enumerate(told["facts"]):
        if fact.get("speaker") == "caller" and fact["turn"] == 1:
            piece = {"seq": fact["seq"], "turn": 90}
            told["facts"][n:n] = [fact | piece, piece | {"fact": "TurnMerged"}]
            break
    route.fulfill(response=answer, json=told)


def call(page: Page, url: str) -> dict[str, object]:
    """Place a call by the page's button, talk, and wait for what came of it."""
    page.add_init_script(CALLER)
    page.route("**/facts?after=*", merging)
    page.goto(f"{url}/phone")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Connected. The agent is an AI.")
    page.wait_for_function("(ms) => quiet(ms)", arg=OVER_MS, timeout=60_000)
    speak(page, "01_hi_there_i_was.wav")
    page.wait_for_function("() => heard()", timeout=20_000)
    page.wait_for_timeout(1500)
    speak(page, "04_sorry_let_me_stop.wav")
    page.wait_for_function("(ms) => quiet(ms)", arg=OVER_MS, timeout=60_000)
    speak(page, "09_no_that's_all_thank.wav")
    expect(page.get_by_role("status")).to_have_text("The call has ended.", timeout=90_000)
    page.wait_for_function(
        "() => JSON.parse(document.getElementById('json').textContent || 'null')?.crm.status"
        " === 'written'", timeout=30_000,
    )  # fmt: skip
    told: dict[str, object] = json.loads(page.locator("#json").text_content() or "null")
    return told


def test_a_whole_call_interrupted_in_the_middle_of_a_sentence(
    server: ServerProcess, tmp_path: Path
):
    with chromium(SOUNDING) as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        complaints = faults_of(page, console=True)
        told = call(page, server.url)
        page.screenshot(path=tmp_path / "phone.png", full_page=True)
        assert not violations(page)
        captions = page.locator("#captions li").all_inner_texts()
        report = page.locator("#report").inner_text()
        there = page.get_by_role("link", name="What a rep sees of it").get_attribute("href")
    assert not complaints
    assert "Company size" in report and "employees" not in report, "by its name, not its id"
    assert told["channel"] == "voice"
    assert told["outcome"] in ("answered", "deferred"), "an answer cut off early is still owed"
    transcript = told["transcript"]
    assert isinstance(transcript, list)
    ours = [line for line in transcript if line["speaker"] == "agent"]
    assert any("snowflake@1#1" in line["citations"] for line in ours)
    assert any(line["interrupted"] for line in ours), "cut off mid-sentence, and known as such"
    assert any("growth-plan@1#1" in line["citations"] for line in ours)
    assert sum("heard after" in caption for caption in captions) == len(told["latency"]["turns"])  # type: ignore[index]
    assert len(captions) == len(transcript), "every line was shown as it was heard"
    assert told["disclosure"]["heard"]  # type: ignore[index]
    assert told["consent"]["mode"] == "opt_in", "a browser has no number, so the strictest holds"  # type: ignore[index]
    assert there == f"/console/calls/{told['id']}"
    assert told["recording"] is None, "who was asked and went on without a yes is not recorded"
    assert not list((server.cwd / "var" / "recordings").glob("*.wav"))


def test_a_refused_microphone_is_said_and_leaves_no_call(server: ServerProcess):
    with chromium("--deny-permission-prompts") as browser:
        page = browser.new_page()
        page.goto(f"{server.url}/phone")
        page.get_by_role("button", name="Call", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("microphone")
        expect(page.get_by_role("button", name="5")).to_be_disabled()
        expect(page.get_by_role("button", name="Call", exact=True)).to_be_enabled()


def test_a_server_that_is_away_is_said_in_words(server: ServerProcess):
    with chromium(SOUNDING) as browser:
        page = browser.new_page()
        page.add_init_script(CALLER)
        page.goto(f"{server.url}/phone")
        page.route("**/phone/calls", lambda route: route.abort())
        page.get_by_role("button", name="Call", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("The server cannot be reached")
