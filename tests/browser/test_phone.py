"""A whole call from a real browser: a WAV file as its microphone, the server's own recogniser."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import violations
from tests.browser.chromium import chromium, faults_of, microphone, needs_chromium
from tests.hostile.process import ForkedServer, ServerProcess, environment
from voice_agent.audio.wav import read_mono, write_mono

pytestmark = [pytest.mark.slow, needs_chromium]
FIXTURES = Path(__file__).parents[2] / "audio_fixtures"
LINES = (
    (14.0, "demo/01_hi_there_i_was.wav"),
    (21.0, "demo/04_sorry_let_me_stop.wav"),
    (36.0, "demo/09_no_that's_all_thank.wav"),
)
"""Seconds into the call, and what is said: over the first answer, and after the second."""


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    """A caller's microphone: 16 kHz, as a device would give it, and quiet between the lines."""
    room = np.random.default_rng(7).normal(0, 6, 70 * 8000)
    for at, name in LINES:
        said = read_mono(FIXTURES / name)
        start = round(at * 8000)
        room[start : start + len(said)] += said
    twice = np.repeat(room, 2)
    write_mono(tmp_path / "microphone.wav", twice.astype(np.int16), 16_000)
    return tmp_path / "microphone.wav"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    own = environment(tmp_path / "var", STT="sphinx")
    with ForkedServer(own, tmp_path) as running:
        yield running


def call(page: Page, url: str) -> dict[str, object]:
    """Place a call by the page's button and wait for what came of it."""
    page.goto(f"{url}/phone")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Connected. The agent is an AI.")
    expect(page.get_by_role("status")).to_have_text("The call has ended.", timeout=90_000)
    page.wait_for_function(
        "() => JSON.parse(document.getElementById('json').textContent || 'null')?.crm.status"
        " === 'written'", timeout=30_000,
    )  # fmt: skip
    told: dict[str, object] = json.loads(page.locator("#json").text_content() or "null")
    return told


def test_a_whole_call_interrupted_in_the_middle_of_a_sentence(
    server: ServerProcess, wav: Path, tmp_path: Path
):
    with chromium(*microphone(wav)) as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        complaints = faults_of(page, console=True)
        told = call(page, server.url)
        page.screenshot(path=tmp_path / "phone.png", full_page=True)
        assert not violations(page)
        captions = page.locator("#captions li").all_inner_texts()
    assert not complaints
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
    assert told["recording"] is None, "who was asked and went on without a yes is not recorded"
    assert not list((tmp_path / "var" / "recordings").glob("*.wav"))


def test_a_refused_microphone_is_said_and_leaves_no_call(server: ServerProcess, tmp_path: Path):
    with chromium("--deny-permission-prompts") as browser:
        page = browser.new_page()
        page.goto(f"{server.url}/phone")
        page.get_by_role("button", name="Call", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("microphone")
        expect(page.get_by_role("button", name="Call", exact=True)).to_be_enabled()
