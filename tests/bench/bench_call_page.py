"""The call page: server time for a ten-minute call, first paint, and how soon a seek is audible.

The page is requested over HTTP, with database and recording on disk. Seeks are in an hour-long
recording in the system's Chromium, which has to fetch each place anew: from setting the position to
the first sound played from there.
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser

from tests.bench.rig import Result, arguments, percentile, run, say, spread, within
from tests.browser.chromium import chromium
from tests.browser.console_site import ConsoleSite, console_site, sign_in
from tests.console.long_call import keep_long

PAGE_MS, PAINT_MS, SEEK_MS = 100.0, 300.0, 200.0
TURNS, MINUTES = 40, 10
HOUR_TURNS, HOUR_S = 240, 3600.0
SEEK = """async (to) => {
  const audio = document.getElementById("audio");
  const begun = performance.now();
  audio.currentTime = to;
  await new Promise((done) => {
    const heard = () => !audio.seeking && audio.currentTime > to + 0.01;
    const look = () => (heard() ? done() : setTimeout(look, 2));
    look();
  });
  return performance.now() - begun;
}"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def measure(options: argparse.Namespace) -> Result:
    """All three measurements, one after another."""
    times = 20 if options.quick else 100
    with tempfile.TemporaryDirectory() as folder, console_site(Path(folder)) as site:
        office = site.office
        for name, turns, length_s in (
            ("ten", TURNS, MINUTES * 60.0), ("hour", HOUR_TURNS, HOUR_S),
        ):  # fmt: skip
            site.run(keep_long, office.store, name, turns, length_s, office.archive.path(name))
        with chromium("--autoplay-policy=no-user-gesture-required") as browser:
            context = browser.new_context()
            sign_in(context.new_page(), site.url)
            cookies = {c["name"]: c["value"] for c in context.cookies()}
            pages = served(site, cookies, times)
            state: Any = context.storage_state()
            paints, again, seeks = heard(browser, site, state, times)
    shown, soon, painted = spread(pages), spread(seeks), spread(paints)
    return Result(
        "call page, ten minutes and forty turns", shown["p50"], shown["p95"], times, "ms",
        f"p95 ≤ {PAGE_MS:.0f} ms; first paint ≤ {PAINT_MS:.0f} ms, "
        f"seek in an hour ≤ {SEEK_MS:.0f} ms (p50)",
        within(shown["p95"], PAGE_MS) and within(painted["p50"], PAINT_MS)
        and within(soon["p50"], SEEK_MS),
        {"first_paint_ms": painted, "first_paint_again_ms": spread(again),
         "seek_to_sound_ms": soon},
    )  # fmt: skip


def served(site: ConsoleSite, cookies: dict[str, str], times: int) -> list[float]:
    """Milliseconds from requesting the page to its last byte."""
    found = []
    headers = {"sec-fetch-mode": "navigate"}
    with httpx.Client(base_url=site.url, cookies=cookies, headers=headers) as client:
        for n in range(times + 3):
            begun = time.perf_counter()
            answer = client.get("/console/calls/ten")
            if n >= 3:
                found.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, answer.text[:200]
    say(f"page: p95 {percentile(found, 95)} ms, {len(answer.content) // 1024} KB")
    return found


def heard(
    browser: Browser, site: ConsoleSite, state: Any, times: int
) -> tuple[list[float], list[float], list[float]]:
    """First paints in fresh browsers and on return; seeks until they are audible."""
    paints: list[float] = []
    again: list[float] = []
    for _ in range(max(5, times // 10)):
        context = browser.new_context(storage_state=state)
        page = context.new_page()
        for found in (paints, again):
            page.goto(f"{site.url}/console/calls/ten")
            page.wait_for_timeout(300)
            found.append(float(page.evaluate(PAINT)))
            page.goto("about:blank")
        context.close()
    say(f"first paint: {json.dumps(spread(paints))}; again: {json.dumps(spread(again))}")
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(f"{site.url}/console/calls/hour")
    page.locator("#play").click()
    page.wait_for_timeout(1500)
    rng = random.Random(7)
    seeks = [float(page.evaluate(SEEK, rng.uniform(5, HOUR_S - 30))) for _ in range(times)]
    say(f"seek to sound: {json.dumps(spread(seeks))}")
    context.close()
    return paints, again, seeks


if __name__ == "__main__":
    run(measure, arguments(__doc__))
