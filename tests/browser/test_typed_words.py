"""Typed text survives the end of its session, and a colleague who was quicker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import chromium, faults_of, needs_chromium
from tests.browser.console_site import ConsoleSite, lumo_site, sign_in
from tests.console.conftest import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.real_clock, needs_chromium]
REMARK = "They open a second depot in May."
OTHERS = ("ann", "bob", "cyd", "dov")
"""Each signs in for a test: an account that signs in too often has to wait."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    with lumo_site(tmp_path_factory.mktemp("site")) as up:
        up.run(up.office.hire, "eva", "manager", "eva")
        for name in OTHERS:
            up.run(up.office.hire, name, "admin", "ben")
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


def test_a_verdict_chosen_by_key_stands_there_again_with_its_reason(
    browser: Browser, site: ConsoleSite
):
    page = opened(browser, site, "eva", "/console/calls/c1")
    page.keyboard.press("d")
    page.keyboard.type("They have no budget.")
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    with page.expect_navigation():
        page.locator("#said").get_by_role("button", name="Sign in").click()
    come_back(page, "eva")
    verdict = page.locator("#override-form")
    expect(verdict.get_by_label("Why")).to_have_value("They have no budget.")
    expect(verdict.get_by_label("Not a fit")).to_be_checked()
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
    page.get_by_role("button", name="Sign out").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Go on without it").click()
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


def cut(page: Page) -> None:
    """The server cannot be reached by whoever posts."""
    page.route("**/*", lambda r: r.abort() if r.request.method == "POST" else r.continue_())


def test_what_was_sent_to_a_server_that_was_away_stands_there_again(
    browser: Browser, site: ConsoleSite
):
    place = "/console/criteria/text/routing"
    page = opened(browser, site, "ann", place)
    box = page.locator("#text")
    words = f"{box.input_value()}# as agreed in May\n"
    box.fill(words)
    cut(page)
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/*")
    page.goto(site.url + place)
    expect(box).to_have_value(words)
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("not in force yet")).to_be_visible()
    page.get_by_text("Discard", exact=True).click()
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_text("not in force yet")).to_have_count(0)
    page.goto(site.url + place)
    expect(page.locator("#said")).to_have_text("")
    assert "as agreed" not in box.input_value(), "what arrived is not put back"
    page.context.close()


def test_a_remark_that_cannot_be_sent_says_why_and_stays(browser: Browser, site: ConsoleSite):
    page = opened(browser, site, "bob", "/console/calls/c1")
    page.get_by_label("Comment", exact=True).fill(REMARK)
    cut(page)
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#said")).to_contain_text("The server cannot be reached")
    expect(page.get_by_label("Comment", exact=True)).to_have_value(REMARK)
    page.context.close()


def test_choices_of_a_refused_form_are_made_again_and_untried_ones_are_not(
    browser: Browser, site: ConsoleSite
):
    page = opened(browser, site, "cyd", "/console/accounts")
    form = page.locator("main section form")
    page.get_by_label("Name to sign in with").fill("eva")
    form.get_by_label("Role").select_option("admin")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("There is an account of this name")
    expect(form.get_by_label("Role")).to_have_value("admin")
    page.get_by_label("Name to sign in with").fill("")
    form.get_by_label("Role").select_option("rep")
    page.get_by_label("Role of eva").select_option("admin")
    page.goto(f"{site.url}/console/me")
    page.goto(f"{site.url}/console/accounts")
    expect(page.get_by_label("Role of eva")).to_have_value("manager")
    page.context.close()


def test_who_acts_beside_words_that_are_not_saved_is_asked(browser: Browser, site: ConsoleSite):
    page = opened(browser, site, "dov", "/console/knowledge/articles/lamp")
    page.get_by_role("button", name="Begin a new version").click()
    box = page.locator("#text")
    words = box.input_value().replace("nine hours", "ten hours")
    box.fill(words)
    page.get_by_role("button", name="Submit for review").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("not saved")
    asked.get_by_role("button", name="Back to it").click()
    expect(box).to_have_value(words)
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_role("heading", name="in review")).to_be_visible()
    expect(page.locator(".passage").first).to_contain_text("ten hours")
    page.context.close()
