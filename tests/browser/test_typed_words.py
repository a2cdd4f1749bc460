"""What somebody typed outlasts the end of their session and a colleague who was quicker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import chromium, faults_of, needs_chromium
from tests.browser.console_site import ConsoleSite, lumo_site, sign_in
from tests.console.conftest import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.real_clock, needs_chromium]
REMARK = "They open a second depot in May."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    with lumo_site(tmp_path_factory.mktemp("site")) as up:
        up.run(up.office.hire, "eva", "manager", "eva")
        yield up


def opened(browser: Browser, site: ConsoleSite, name: str, path: str) -> Page:
    page = browser.new_context().new_page()
    sign_in(page, site.url, name)
    page.goto(site.url + path)
    return page


def come_back(page: Page, name: str) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_remark_stands_there_again_after_signing_in_anew_and_once(
    browser: Browser, site: ConsoleSite
):
    page = opened(browser, site, "boss", "/console/calls/c1?queue=all")
    faults = faults_of(page)
    box = page.get_by_label("Comment", exact=True)
    box.fill(REMARK)
    page.context.clear_cookies()
    page.get_by_role("button", name="Comment", exact=True).click()
    with page.expect_navigation():
        page.locator("#said").get_by_role("button", name="Sign in").click()
    come_back(page, "boss")
    assert page.url == f"{site.url}/console/calls/c1?queue=all"
    expect(box).to_have_value(REMARK)
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#comments .words")).to_have_text([REMARK])
    page.reload()
    expect(page.locator("#comments .words")).to_have_text([REMARK])
    expect(box).to_have_value("")
    assert faults == []
    page.context.close()


def test_a_form_that_was_refused_is_filled_in_again_and_gone_with_who_leaves(
    browser: Browser, site: ConsoleSite
):
    page = opened(browser, site, "boss", "/console/accounts")
    page.get_by_label("Name as others see it").fill("Noor")
    page.get_by_label("Name to sign in with").fill("noor")
    page.context.clear_cookies()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Sign in and go back").click()
    come_back(page, "boss")
    expect(page.get_by_label("Name as others see it")).to_have_value("Noor")
    page.locator(".who summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign out").click()
    come_back(page, "boss")
    page.goto(f"{site.url}/console/accounts")
    expect(page.get_by_label("Name as others see it")).to_have_value("")
    page.context.close()


def test_words_for_what_a_colleague_changed_meanwhile_stand_beside_it(
    browser: Browser, site: ConsoleSite
):
    place = "/console/criteria/text/target_accounts"
    slow, quick = (opened(browser, site, name, place) for name in ("boss", "eva"))
    box = slow.get_by_label("This section of company.yaml")
    box.fill("target_accounts: [Slow Bakery]\n")
    quick.get_by_label("This section of company.yaml").fill("target_accounts: [Quick Bakery]\n")
    quick.get_by_role("button", name="Save the draft").click()
    expect(quick.get_by_text("not in force yet")).to_be_visible()
    slow.get_by_role("button", name="Save the draft").click()
    slow.get_by_role("link", name="Back to the page").click()
    expect(box).to_have_value("target_accounts: [Quick Bakery]\n")
    beside = slow.get_by_label("What you had typed")
    expect(beside).to_have_value("target_accounts: [Slow Bakery]\n")
    for page in (slow, quick):
        page.context.close()
