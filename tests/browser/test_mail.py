"""Waiting mail in a real browser: kept, sent, and in nobody's way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import violations_by_day_and_night
from tests.browser.chromium import chromium, faults_of, needs_chromium
from tests.browser.console_site import ConsoleSite, console_site, sign_in
from tests.console.test_mail import DRAFT, HERE, QUEUE, drafted

pytestmark = [pytest.mark.slow, pytest.mark.real_clock, needs_chromium]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    with console_site(tmp_path_factory.mktemp("site"), before=drafted) as up:
        yield up


@pytest.fixture(scope="module")
def page(site: ConsoleSite) -> Iterator[Page]:
    with chromium() as browser:
        made = browser.new_page(bypass_csp=True, viewport={"width": 360, "height": 740})
        faults = faults_of(made, console=True)
        sign_in(made, site.url, "rep")
        yield made
        assert faults == []


def test_the_queue_and_the_draft_are_in_nobodys_way_on_a_phone(page: Page, site: ConsoleSite):
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for place in (QUEUE, HERE):
        page.goto(site.url + place)
        assert violations_by_day_and_night(page) == [] and page.evaluate(wide) == 0
    page.emulate_media(color_scheme="light")


def test_what_the_skip_link_leads_to_is_not_under_the_bar(page: Page, site: ConsoleSite):
    page.set_viewport_size({"width": 1280, "height": 320})
    page.goto(f"{site.url}/console/knowledge")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    bar = page.locator(".bar").bounding_box()
    head = page.get_by_role("heading", level=1).bounding_box()
    assert bar and head and head["y"] >= bar["y"] + bar["height"]
    page.set_viewport_size({"width": 360, "height": 740})


def test_a_draft_is_kept_by_the_one_button_and_sent_by_the_other(page: Page, site: ConsoleSite):
    page.goto(site.url + QUEUE)
    page.get_by_role("link", name="ana@ruiz.example").click()
    words = page.locator("#mail").get_by_label("Words")
    words.fill("Hi Ana,\n\nStarter is $390 a month.\n\nSofia")
    page.get_by_role("button", name="Save, not yet").click()
    expect(page.locator(".letter")).to_contain_text("not sent yet")
    expect(words).to_have_value("Hi Ana,\n\nStarter is $390 a month.\n\nSofia")
    row = site.run(site.office.store.mails.out, DRAFT)
    assert row and row.status == "draft"
    page.get_by_role("button", name="Send it").click()
    expect(page.locator("#mail")).to_have_count(0)
    expect(page.locator(".letter summary")).to_contain_text("on its way")
