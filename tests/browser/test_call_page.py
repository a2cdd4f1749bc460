"""The call page in a real browser: heard, read, judged and shared as a rep would."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Response, Route, StorageState, expect

from core.store import audit, reviews
from tests.browser.accessible import violations_by_day_and_night
from tests.browser.chromium import chromium, faults_of, needs_chromium
from tests.browser.console_site import ConsoleSite, console_site, sign_in
from tests.console.calls import keep
from tests.console.conftest import PASSWORD
from tests.console.long_call import keep_long, long_call
from tests.console.test_call_page import EVIL
from tests.fakes.a_call import ENDED, said, started
from voice_agent.audio.wav import read

pytestmark = [pytest.mark.slow, pytest.mark.real_clock, needs_chromium]
HERE = "/console/calls/long"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--autoplay-policy=no-user-gesture-required") as started_:
        yield started_


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    """A console with a two-minute call."""
    with console_site(tmp_path_factory.mktemp("site")) as up:
        wav = up.office.archive.path("long")
        up.run(keep_long, up.office.store, "long", 12, 120.0, wav)
        yield up


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: ConsoleSite) -> StorageState:
    """What a browser keeps of a rep who signed in."""
    context = browser.new_context()
    sign_in(context.new_page(), site.url)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def page(browser: Browser, site: ConsoleSite, signed_in: StorageState) -> Iterator[Page]:
    """The call's page, signed in; nothing may go wrong on it."""
    context = browser.new_context(
        accept_downloads=True, viewport={"width": 1280, "height": 860}, storage_state=signed_in
    )
    made = context.new_page()
    faults = faults_of(made, console=True)
    made.goto(site.url + HERE)
    ready(made)
    yield made
    context.close()
    assert not [f for f in faults if "status of 4" not in f], faults


def ready(page: Page) -> None:
    """Wait until the player can be used."""
    expect(page.locator("#transport")).not_to_have_attribute("inert", "")


def position(page: Page) -> float:
    """Where the recording stands."""
    return float(page.evaluate("document.getElementById('audio').currentTime"))


def until(page: Page, condition: str) -> None:
    """Wait for something to hold; by looking, as the page's policy lets nothing be evaluated."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{condition}; it stands at {position(page)}")


AT = "document.getElementById('audio').currentTime"


def test_it_plays_by_range_and_a_click_on_a_word_goes_there(page: Page):
    fetched: list[Response] = []
    page.on("response", lambda r: fetched.append(r) if "/audio" in r.url else None)
    page.locator("#play").click()
    until(page, f"{AT} > 0.3")
    assert {r.status for r in fetched} == {206}
    assert all(r.request.headers["range"].startswith("bytes=") for r in fetched)
    line = page.locator(".by-caller .line").nth(5)
    word = line.locator(".w").nth(7)
    word.click()
    wanted = float(word.get_attribute("data-t") or 0)
    assert wanted > 40
    until(page, f"{AT} >= {wanted - 0.05} && {AT} < {wanted + 3}")
    expect(line).to_have_class(re.compile("here"))
    assert page.locator(".w.now").count() == 1
    page.keyboard.press("k")
    until(page, "document.getElementById('audio').paused")
    assert re.search(r"#t=\d+\.\d$", page.url)


def test_a_sentence_opens_its_source_in_its_place(page: Page):
    line = page.locator("details.source").nth(1)
    line.locator("summary").click()
    expect(line).to_contain_text("Approved by")
    (article,) = line.get_by_role("link").all()
    assert re.fullmatch(r"[a-z-]+@\d+#\d+", article.get_attribute("title") or "")
    title = article.inner_text()
    expect(line.locator("summary")).to_have_text(title)
    article.click()
    expect(page.locator("h1")).to_contain_text(title)


def test_keys_pressed_before_the_scripts_have_come_are_not_lost(page: Page, site: ConsoleSite):
    held: list[Route] = []
    page.route("**/static/call.js*", lambda route: held.append(route))
    page.goto(f"{site.url}{HERE}", wait_until="commit")
    expect(page.locator("#play")).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.press("l")
    page.keyboard.press("c")
    page.keyboard.press("q")  # the first letter of a comment, were the field there yet
    assert page.locator("#transport").get_attribute("inert") == ""
    held[0].continue_()
    expect(page.locator("#clock")).to_contain_text("0:20 /")
    expect(page.locator("#comment-form textarea")).to_be_focused()
    assert not page.locator("[name=result]:checked").count()


def test_the_keyboard_moves_as_it_says(page: Page):
    page.locator("#play").click()
    until(page, f"{AT} > 0.1")
    page.keyboard.press("k")
    until(page, "document.getElementById('audio').paused")
    begin = position(page)
    for key, by in (("l", 10), ("l", 10), ("j", -10), ("ArrowRight", 5), ("ArrowLeft", -5)):
        before = position(page)
        page.keyboard.press(key)
        until(page, f"Math.abs({AT} - {before + by}) < 0.3")
    assert abs(position(page) - begin - 10) < 0.5
    facts, spans = long_call(12, 120.0)
    starts = sorted(first / 1000 for _, first, _ in spans)
    after = next(s for s in starts if s > position(page) + 0.05)
    page.keyboard.press("Shift+ArrowRight")
    until(page, f"Math.abs({AT} - {after}) < 0.05")
    page.keyboard.press("Shift+ArrowLeft")
    until(page, f"{AT} < {after - 0.5}")
    page.keyboard.press("]")
    page.keyboard.press("]")
    expect(page.locator("#speed")).to_have_value("1.5")
    page.keyboard.press("[")
    assert page.evaluate("document.getElementById('audio').playbackRate") == 1.25
    page.keyboard.press("f")
    flag = next(f.start_ms / 1000 for f in facts if type(f).__name__ == "Flagged")
    until(page, f"Math.abs({AT} - {flag}) < 0.05")
    expect(page.locator("#said")).to_contain_text("price")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#help")).to_contain_text("Skip silence on or off")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("snowflake")
    expect(page.locator("#found")).to_contain_text("found")
    assert page.locator(".line.hit").count() > 3
    page.keyboard.press("Enter")


def test_the_place_is_in_the_address(page: Page, site: ConsoleSite):
    page.goto(f"{site.url}{HERE}?queue=flagged#t=61.5")
    expect(page.locator("#clock")).to_have_text("1:01 / 2:00")
    expect(page.locator(".line.here")).to_have_count(1)
    page.keyboard.press("k")
    until(page, f"{AT} > 61.4")


def test_a_link_to_a_moment_leads_there_by_way_of_signing_in(page: Page, site: ConsoleSite):
    page.context.clear_cookies()
    page.goto("about:blank")
    page.goto(f"{site.url}{HERE}?queue=flagged#t=61.5")
    page.get_by_label("Name").fill("rep")
    page.get_by_label("Password").fill("not this one")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{site.url}{HERE}?queue=flagged#t=61.5"
    expect(page.locator("#clock")).to_have_text("1:01 / 2:00")


def test_a_call_on_paper_is_its_brief_and_words_without_what_is_pressed(page: Page):
    page.emulate_media(media="print")
    for kept in ("#transcript-title", ".panels details[open]", ".line"):
        expect(page.locator(kept).first).to_be_visible()
    for pressed in (".whence", ".jump", ".call-buttons", "#search", ".player"):
        expect(page.locator(pressed).first).to_be_hidden()
    assert page.locator(".panels details:not([open]) > summary").evaluate_all(
        "all => all.every((one) => !one.checkVisibility())"
    )


def test_a_stretch_is_chosen_looped_and_downloaded_to_the_sample(
    page: Page, site: ConsoleSite, tmp_path: Path
):
    box = page.locator("#wave").bounding_box()
    assert box is not None
    y = box["y"] + 45
    page.mouse.move(box["x"] + box["width"] * 0.25, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.30, y, steps=4)
    page.mouse.up()
    expect(page.locator("#selection")).to_be_visible()
    link = page.locator("#clip").get_attribute("href") or ""
    first, last = (float(v) for v in re.findall(r"=([\d.]+)", link))
    assert 29 < first < 31 < 35 < last < 37
    with page.expect_download() as downloading:
        page.locator("#clip").click()
    downloading.value.save_as(tmp_path / "clip.wav")
    clip, whole = read(tmp_path / "clip.wav"), read(site.office.archive.path("long"))
    wanted = whole.samples[:, round(first * 8000) : round(last * 8000)]
    assert np.array_equal(clip.samples, wanted)
    page.locator("#loop").click()
    until(page, f"{AT} >= {first} && {AT} < {last}")
    page.evaluate(f"document.getElementById('audio').currentTime = {last - 0.15}")
    until(page, f"{AT} >= {first} && {AT} < {first + 2}")
    assert page.locator("#loop").get_attribute("aria-pressed") == "true"


def test_silence_is_skipped_and_lanes_have_their_own_volume(page: Page):
    page.locator("#skip-silence").check()
    page.locator("#volume-agent").fill("0")
    page.locator("#play").click()
    facts, spans = long_call(12, 120.0)
    ends = max(last for _, first, last in spans if first < 12_000) / 1000
    after = min(first for _, first, _ in spans if first / 1000 > ends) / 1000
    assert after - ends > 1.2
    page.evaluate(f"document.getElementById('audio').currentTime = {ends + 0.1}")
    until(page, f"{AT} > {ends + 0.3}")
    until(page, f"{AT} > {after - 0.4}")
    assert position(page) < after + 2


def test_a_verdict_and_a_comment_are_kept_while_it_plays(page: Page, site: ConsoleSite):
    page.locator("#play").click()
    until(page, f"{AT} > 0.2")
    page.keyboard.press("n")
    expect(page.get_by_label("Nurture")).to_be_checked()
    page.keyboard.type("No budget this year.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#verdict .said-by")).to_contain_text("No budget this year.")
    expect(page.locator("#standing")).to_contain_text("Nurture")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator("#comment-form [name=at]")).to_have_value(re.compile(r"^0:\d\d\.\d$"))
    page.keyboard.type("Listen to the price here @manager")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comments .comment")).to_contain_text("Listen to the price here")
    expect(page.locator(".pin-comment")).to_have_count(1)
    expect(page.locator(".line .remark")).to_contain_text("Listen to the price here")
    assert page.evaluate("!document.getElementById('audio').paused")
    review = site.run(site.office.store.query, lambda c: reviews.review_of(c, "long"))
    assert [o.result for o in review.overrides] == ["nurture"] and len(review.comments) == 1


def test_a_share_link_opens_for_an_outsider_until_it_expires(
    page: Page, site: ConsoleSite, browser: Browser
):
    page.locator("#sharing > summary").click()
    page.get_by_label("With the recording").check()
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#sharing input.link").first.input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").first.click()
    expect(page.locator("#said")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == link
    context = browser.new_context()
    outside = context.new_page()
    assert link.startswith(site.url)
    outside.goto(link)
    expect(outside.locator(".talk")).to_contain_text("connect natively to Snowflake")
    assert outside.locator(".source, .flagged, #verdict, form").count() == 0
    outside.locator("#play").click()
    until(outside, f"{AT} > 0.2")
    site.office.at += timedelta(days=8)
    try:
        answer = outside.reload()
        assert answer is not None and answer.status == 410
        expect(outside.get_by_role("alert")).to_contain_text("does not open anything")
    finally:
        site.office.at -= timedelta(days=8)
        context.close()
    acts = site.run(site.office.store.query, lambda c: audit.lines(c, target="conversation:long"))
    assert {"share", "share-opened", "play"} <= {line.act for line in acts}


def test_without_scripts_it_reads_plays_and_takes_a_comment(
    browser: Browser, site: ConsoleSite, signed_in: StorageState
):
    context = browser.new_context(java_script_enabled=False, storage_state=signed_in)
    plain = context.new_page()
    plain.goto(site.url + HERE)
    expect(plain.locator(".talk")).to_contain_text("Growth is $1,200 a month billed yearly")
    expect(plain.locator("audio[controls]")).to_be_visible()
    expect(plain.locator("#transport")).to_be_hidden()
    plain.locator("details.source > summary").nth(1).click()
    plain.get_by_role("link", name="Where this comes from").click()
    expect(plain.locator(".opened:target")).to_contain_text("Approved by")
    plain.go_back()
    plain.locator("#comment-form textarea").fill("Read on paper.")
    plain.get_by_role("button", name="Comment", exact=True).click()
    expect(plain.locator("#comments")).to_contain_text("Read on paper.")
    context.close()


def test_axe_finds_nothing_in_the_way_of_anybody(
    browser: Browser, site: ConsoleSite, signed_in: StorageState
):
    context = browser.new_context(storage_state=signed_in, bypass_csp=True)
    tab = context.new_page()
    tab.goto(site.url + HERE)
    tab.locator("#sharing > summary").click()
    tab.get_by_role("button", name="Make a link").click()
    link = tab.locator("#sharing input.link").first.input_value()
    assert violations_by_day_and_night(tab) == []
    tab.goto(link)
    expect(tab.locator(".talk")).to_contain_text("Snowflake")
    assert violations_by_day_and_night(tab) == []
    context.close()


def test_hostile_words_of_a_buyer_do_nothing(
    browser: Browser, site: ConsoleSite, signed_in: StorageState
):
    hostile = [started("CAevil", "+14155550123"), said(1, "caller", EVIL, 1000), ENDED]
    site.run(keep, site.office, hostile, "evil")
    context = browser.new_context(storage_state=signed_in)
    tab = context.new_page()
    opened: list[str] = []
    tab.on("dialog", lambda d: (opened.append(d.message), d.dismiss()))
    tab.on("console", lambda m: opened.append(m.text) if m.type == "error" else None)
    tab.goto(f"{site.url}/console/calls/evil")
    expect(tab.locator(".talk")).to_contain_text("<script>alert(1)</script>")
    tab.evaluate("location.hash = '#t=1'")
    assert not opened and tab.locator(".talk script, .talk img").count() == 0
    context.close()


def test_r_goes_through_a_queue_and_back_to_it(page: Page, site: ConsoleSite):
    for n in (1, 2):
        site.run(keep, site.office, None, f"queued{n}")
    page.goto(f"{site.url}/console/queues/all?verdict=qualified")
    page.locator("a[href^='/console/calls/queued']").first.click()
    seen = []
    for _ in range(2):
        expect(page.locator("#call")).to_be_visible()
        assert "queue=all" in page.url and "verdict=qualified" in page.url
        seen.append(page.url.split("?")[0].rsplit("/", 1)[1])
        with page.expect_navigation():
            page.keyboard.press("r")
    assert sorted(seen) == ["queued1", "queued2"]


def test_on_a_phone_the_brief_comes_first_and_plays_its_moments(page: Page):
    """Also for who tabs or listens: it comes first in the document."""
    first = "(document.querySelector('#transcript, #brief')).id"
    assert page.evaluate(first) == "transcript"
    page.set_viewport_size({"width": 390, "height": 844})
    until(page, f"{first} === 'brief'")
    brief, transcript = (page.locator(f"#{n}").bounding_box() for n in ("brief", "transcript"))
    assert brief and transcript and brief["y"] + brief["height"] <= transcript["y"]
    page.locator("#brief [data-t]").first.click()
    until(page, f"{AT} > 0.1")
    page.get_by_role("link", name="Next step").click()
    expect(page.locator("#next summary").first).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 860})
    until(page, f"{first} === 'transcript'")
