"""Correcting in a browser what the agent heard: by keyboard, on an open page, without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.accessible import violations_by_day_and_night
from tests.browser.chromium import chromium, faults_of, needs_chromium
from tests.browser.console_site import ConsoleSite, console_site, sign_in
from tests.console.calls import keep

pytestmark = [pytest.mark.slow, pytest.mark.real_clock, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started_:
        yield started_


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    with console_site(tmp_path_factory.mktemp("site")) as up:
        for name in ("keys", "open", "plain"):
            up.run(keep, up.office, None, name)
        yield up


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: ConsoleSite) -> StorageState:
    context = browser.new_context()
    sign_in(context.new_page(), site.url)
    kept = context.storage_state()
    context.close()
    return kept


def opened(
    browser: Browser, site: ConsoleSite, signed_in: StorageState, name: str, *, script: bool = True
) -> Page:
    context = browser.new_context(storage_state=signed_in, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{site.url}/console/calls/{name}")
    page.wait_for_load_state("networkidle")
    return page


def test_by_keys_alone_a_name_is_put_right_and_taken_back(
    browser: Browser, site: ConsoleSite, signed_in: StorageState
):
    page = opened(browser, site, signed_in, "keys")
    faults = faults_of(page, console=True)
    panel = page.locator("#signals")
    page.keyboard.press("e")
    page.keyboard.press("e")  # the second of what was heard
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    size = page.locator("#signal-s5 [name=value]")
    expect(size).to_be_visible()
    page.keyboard.press("Tab")
    expect(size).to_be_focused()
    size.fill("a few")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Write 200, 200-300, 500+")
    expect(size).to_have_value("a few")  # what was typed stays
    size.fill("2,000")
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("Heard as 200, corrected to 2000 by Sofia Alvarez")
    expect(panel).to_contain_text("two hundred not twenty")
    expect(page.locator("#verdict")).to_contain_text("As corrected by a person: Company size.")
    assert not violations_by_day_and_night(page)
    page.get_by_role("button", name="Take back").press("Enter")
    expect(panel).not_to_contain_text("corrected to")
    expect(page.locator("#verdict")).not_to_contain_text("As corrected by a person")
    assert not [f for f in faults if "status of 4" not in f], faults
    page.context.close()


def test_a_page_that_is_open_shows_what_a_colleague_put_right(
    browser: Browser, site: ConsoleSite, signed_in: StorageState
):
    theirs = opened(browser, site, signed_in, "open")
    mine = opened(browser, site, signed_in, "open")
    mine.locator("#signals > summary").click()
    mine.locator(".heard", has_text="Jane Doe").locator("summary").click()
    mine.locator("#signal-s2 [name=value]").fill("Joan Dow")
    mine.locator("#signal-s2 .primary").click()
    expect(mine.locator("#signals")).to_contain_text("corrected to Joan Dow")
    expect(theirs.locator("#call-title")).to_contain_text("Joan Dow", timeout=30_000)
    for page in (theirs, mine):
        page.context.close()


def test_without_scripts_the_forms_do_the_same(
    browser: Browser, site: ConsoleSite, signed_in: StorageState
):
    page = opened(browser, site, signed_in, "plain", script=False)
    page.locator("#signals > summary").click()
    page.locator("#missed > summary").click()
    page.locator("#missed details", has_text="Email").locator("summary").click()
    page.locator("#missed-email [name=value]").fill("joan@acme.com")
    page.locator("#missed-email .primary").click()
    expect(page.locator("#signals")).to_contain_text("Not heard; added by Sofia Alvarez")
    page.context.close()
