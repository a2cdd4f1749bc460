"""The telephone's two worklets, run by the browser's own offline audio graph."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.browser.chromium import chromium, needs_chromium
from voice_agent.audio.g711 import decode, encode
from voice_agent.audio.worklet import WORKLETS

pytestmark = [pytest.mark.slow, needs_chromium]

HEAR = """async ([rate, hz, seconds]) => {
  const context = new OfflineAudioContext(1, rate * seconds, rate);
  await context.audioWorklet.addModule("/ear.js");
  const ear = new AudioWorkletNode(context, "ear");
  const tone = new OscillatorNode(context, { frequency: hz });
  const soft = new GainNode(context, { gain: 0.5 });
  tone.connect(soft).connect(ear).connect(context.destination);
  tone.start();
  const heard = [];
  ear.port.onmessage = ({ data }) => heard.push(...data.frame);
  await context.startRendering();
  await new Promise((done) => setTimeout(done, 200));
  return heard;
}"""

SPEAK = """async ([rate, payloads, seconds]) => {
  const context = new OfflineAudioContext(1, rate * seconds, rate);
  await context.audioWorklet.addModule("/mouth.js");
  const mouth = new AudioWorkletNode(context, "mouth", { numberOfInputs: 0 });
  mouth.connect(context.destination);
  const marks = [];
  mouth.port.onmessage = ({ data }) => data.mark !== undefined && marks.push(data.mark);
  for (const message of payloads) {
    if (message.payload) message.payload = Uint8Array.from(message.payload);
    mouth.port.postMessage(message);
  }
  await new Promise((done) => setTimeout(done, 200));
  const early = [...marks];
  const played = await context.startRendering();
  await new Promise((done) => setTimeout(done, 200));
  return { played: [...played.getChannelData(0)], early, marks };
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    serving = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(WORKLETS)))
    with serving, chromium() as browser:
        Thread(target=serving.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{serving.server_port}/phone.css")
        yield page
        serving.shutdown()


def snr_db(wave: np.ndarray, rate_hz: float, hz: float) -> float:
    """How far a tone stands over everything that is not it."""
    t = np.arange(len(wave)) / rate_hz
    basis = np.stack([np.sin(2 * np.pi * hz * t), np.cos(2 * np.pi * hz * t)], axis=1)
    fit = basis @ np.linalg.lstsq(basis, wave, rcond=None)[0]
    return float(10 * np.log10((fit**2).sum() / ((wave - fit) ** 2).sum()))


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000])
def test_speech_frequencies_reach_the_line_whole(page: Page, rate: int):
    heard = decode(bytes(page.evaluate(HEAR, [rate, 1000, 1])))
    assert 0.95 < len(heard) / 8000 <= 1.0, "fifty frames a second"
    steady = heard[800:7200].astype(float)
    assert snr_db(steady, 8000, 1000) > 30
    assert 0.45 < np.abs(steady).max() / 32768 < 0.55


def test_what_a_telephone_cannot_carry_does_not_fold_into_speech(page: Page):
    heard = decode(bytes(page.evaluate(HEAR, [48_000, 5200, 1])))
    assert np.sqrt((heard[800:7200].astype(float) ** 2).mean()) < 150


@pytest.mark.parametrize("rate", [48_000, 44_100])
def test_the_agents_voice_is_played_whole_and_marks_come_when_reached(page: Page, rate: int):
    t = np.arange(8000) / 8000
    payload = list(encode((12_000 * np.sin(2 * np.pi * 700 * t)).astype(np.int16)))
    told = page.evaluate(
        SPEAK, [rate, [{"mark": "empty"}, {"payload": payload}, {"mark": "end"}], 2]
    )
    played = np.array(told["played"])
    assert told["early"] == ["empty"], "at once when nothing is buffered"
    assert told["marks"] == ["empty", "end"]
    assert snr_db(played[rate // 10 : rate * 9 // 10], rate, 700) > 30
    assert np.abs(played[round(1.01 * rate) :]).max() < 1e-3, "then silence"


def test_clear_gives_back_every_pending_mark_and_plays_nothing_more(page: Page):
    payload = list(encode(np.full(8000, 9000, np.int16)))
    told = page.evaluate(
        SPEAK,
        [48_000, [{"payload": payload}, {"mark": "a"}, {"mark": "b"}, {"clear": True}], 1],
    )
    assert told["early"] == ["a", "b"]
    assert not np.any(told["played"])
