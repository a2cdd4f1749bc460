"""The queues in a real browser: worked through by keyboard, filtered, searched, marked, saved."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, StorageState, ViewportSize, expect

from core.events import SignalCaptured
from core.store import cards
from tests.browser.accessible import violations, violations_by_day_and_night
from tests.browser.chromium import chromium, faults_of, needs_chromium
from tests.browser.console_site import ConsoleSite, console_site, sign_in
from tests.console.calls import keep
from tests.console.conftest import Office
from tests.console.held import keep_held
from tests.fakes.a_call import ENDED, facts

pytestmark = [pytest.mark.slow, pytest.mark.real_clock, needs_chromium]
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
"""Somebody comes back to the tab."""
PAGES = ("/console/queues/flagged", "/console/queues/all?q=snowflake&verdict=qualified",
         "/console/queues/callbacks?owner=all", "/console/queues/questions", "/console/people",
         "/console/numbers?more=yes&cost=900", "/console/setup",
         "/console/knowledge", "/console/knowledge/gaps", "/console/knowledge/lint",
         "/console/knowledge/import", "/console/criteria", "/console/criteria/routing",
         "/console/queues/callbacks?owner=all&over=yes", "/console/queues/second-looks",
         "/console/accounts", "/console/audit", "/console/me", "/console/nowhere")  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    """A console with some conversations that were really held."""
    with console_site(tmp_path_factory.mktemp("site")) as up:
        up.run(keep_held, up.office.store, 14, up.office.at)
        yield up


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: ConsoleSite) -> StorageState:
    """What a browser keeps of a manager who signed in."""
    context = browser.new_context()
    sign_in(context.new_page(), site.url, "manager")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def page(browser: Browser, site: ConsoleSite, signed_in: StorageState) -> Iterator[Page]:
    """Signed in as a manager; nothing may go wrong on it."""
    size: ViewportSize = {"width": 1280, "height": 860}
    context = browser.new_context(viewport=size, storage_state=signed_in)
    made = context.new_page()
    faults = faults_of(made, console=True)
    made.goto(f"{site.url}/console/queues/flagged")
    yield made
    assert faults == []
    context.close()


def test_a_queue_is_worked_through_by_keyboard(page: Page):
    rows = page.locator("[data-row]")
    before = rows.count()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_have_attribute("data-at", "")
    page.keyboard.press("x")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("R")
    expect(page.locator("#said")).to_contain_text("Reviewed")
    expect(rows.nth(0)).to_have_class("done")
    expect(rows.nth(1)).to_have_attribute("data-at", "")
    page.keyboard.press("u")
    expect(page.locator("#said")).to_have_text("Put back")
    expect(rows.nth(0)).not_to_have_class("done")
    expect(rows.nth(0)).to_have_attribute("data-at", "")
    page.keyboard.press("r")
    expect(rows.nth(0)).to_have_class("done")
    page.reload()
    expect(rows).to_have_count(before - 1)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("jkx?")
    expect(page.get_by_label("Search what was said")).to_have_value("jkx?")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/calls/**queue=flagged")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/console/people")


def test_filters_stand_in_the_address_and_are_kept_as_a_view(page: Page):
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Verdict").select_option("qualified")
    page.get_by_role("button", name="Show").click()
    assert "verdict=qualified" in page.url
    chip = page.get_by_role("link", name="Remove filter Verdict: Qualified")
    expect(chip).to_be_visible()
    page.get_by_text("Save view").click()
    page.get_by_label("Name").fill("Fits")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Fits")).to_be_visible()
    chip.click()
    assert "verdict" not in page.url
    page.get_by_role("link", name="Fits").click()
    assert "verdict=qualified" in page.url


def test_many_are_marked_at_once(page: Page, site: ConsoleSite):
    page.goto(f"{site.url}/console/queues/all?reviewed=no")
    count = page.locator("[data-row]").count()
    site.office.at += timedelta(seconds=1)  # what is put back is what was marked at one instant
    page.get_by_label("Choose all of this page").check()
    expect(page.get_by_text(f"{count} chosen")).to_be_visible()
    page.get_by_role("button", name="Reviewed", exact=True).click()
    expect(page.get_by_text("Nothing fits these filters.")).to_be_visible()
    expect(page.locator(".notice:visible")).to_contain_text(f"{count} conversations are reviewed.")
    page.keyboard.press("u")
    expect(page.locator("[data-row]")).to_have_count(count)


def test_an_open_queue_tells_what_changed_and_shows_it_when_asked(page: Page, site: ConsoleSite):
    page.goto(f"{site.url}/console/queues/all?reviewed=no")
    rows, news = page.locator("[data-row]"), page.locator("#news")
    before = rows.count()
    page.evaluate(LOOK)
    expect(news).to_be_hidden()
    site.run(keep, site.office, None, "came-later")
    page.evaluate(LOOK)
    expect(news).to_contain_text("1 new here since you opened this.")
    expect(rows).to_have_count(before)
    news.get_by_role("button").click()
    expect(rows).to_have_count(before + 1)
    count = page.get_by_role("link", name="Flagged").locator(".count")
    flagged = count.inner_text()
    site.run(reviewed, site.office, "came-later")
    page.evaluate(LOOK)
    expect(news).to_contain_text("One of these is done with")
    expect(count).not_to_have_text(flagged)


def test_on_a_phone_a_card_opens_wherever_it_is_tapped(browser: Browser, site: ConsoleSite):
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    sign_in(page, site.url)
    page.goto(f"{site.url}/console/queues/all")
    card = page.locator("[data-row]").first
    card.locator("input").tap()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    card.locator("td[data-label=When]").tap(force=True)
    page.wait_for_url("**/console/calls/**queue=all")
    small = "(e) => parseFloat(getComputedStyle(e).fontSize) < 16"
    fields = page.locator("textarea, select, input[type=search]").all()
    assert fields and not any(field.evaluate(small) for field in fields), "iOS zooms in to them"
    context.close()


def test_an_open_queue_tells_who_is_signed_out_of_it(browser: Browser, site: ConsoleSite):
    page = browser.new_context().new_page()
    sign_in(page, site.url)
    page.context.clear_cookies()
    page.evaluate(LOOK)
    page.locator("#news", has_text="You are signed out").get_by_role(
        "button", name="Sign in"
    ).click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.context.close()


async def reviewed(office: Office, name: str) -> None:
    """A colleague reviews it."""
    await office.store.write("t", lambda c: cards.mark_reviewed(c, [name], "rep", office.at))


def test_escape_closes_a_menu_and_gives_the_focus_back(page: Page):
    panel = page.get_by_role("button", name="Show")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Slower than").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Filter"
    page.get_by_text("Filter", exact=True).click()
    page.get_by_role("heading", name="Flagged").click()
    expect(panel).to_be_hidden()


def test_what_cannot_be_taken_back_is_asked_about_first(browser: Browser, site: ConsoleSite):
    site.run(site.office.hire, f"{'maximiliana' * 14}@example.com", "rep")
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, site.url, "admin")
    page.goto(f"{site.url}/console/accounts")
    no_room = "a long name pushes no act out of sight"
    reset = page.get_by_role("button", name="New password for rep")
    assert page.locator(".scroll").evaluate("(e) => e.scrollWidth <= e.clientWidth"), no_room
    expect(reset).to_be_in_viewport()
    reset.click()
    asked = page.get_by_role("dialog", name="Give rep a new password?")
    asked.get_by_role("button", name="Leave it").click()
    expect(asked).to_be_hidden()
    expect(page.get_by_text("It is shown once")).to_be_hidden()
    page.get_by_role("button", name="Shut out rep").click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name="Shut out").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Let in rep").click()  # nothing is lost: not asked
    expect(page.get_by_role("button", name="Shut out rep")).to_be_visible()
    context.close()


def test_over_a_slow_line_a_form_is_sent_once_and_says_so(browser: Browser, site: ConsoleSite):
    page = browser.new_context().new_page()
    sign_in(page, site.url, "admin")
    page.goto(f"{site.url}/console/accounts")
    sent = list[str]()

    def unanswered(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/console/accounts", unanswered)
    page.get_by_label("Name to sign in with").fill("slow")
    for _ in range(2):
        page.get_by_role("button", name="Add").click()
        page.evaluate("Date.now = ((now) => () => now() + 10000)(Date.now)")
    expect(page.locator("#said")).to_contain_text("on its way")
    assert sent == ["POST"]
    page.context.close()


def test_on_a_small_screen_one_sees_in_which_room_one_is(browser: Browser, site: ConsoleSite):
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    sign_in(page, site.url, "admin")
    for path in ("/console/audit", "/console/queues/second-looks", "/console/criteria"):
        page.goto(site.url + path)
        for here in page.locator("[aria-current]").all():
            expect(here).to_be_in_viewport(ratio=0.95)
    page.goto(f"{site.url}/console/audit")
    row = page.locator("tbody tr").first
    expect(row.locator("td").first).to_be_in_viewport(ratio=0.95)
    assert row.evaluate("(row) => row.scrollWidth <= row.clientWidth")
    context.close()


def test_no_page_is_in_anybodys_way_or_scrolls_sideways(browser: Browser, site: ConsoleSite):
    context = browser.new_context(bypass_csp=True)
    made = context.new_page()
    made.goto(f"{site.url}/console/sign-in")
    found, wide = {"/console/sign-in": violations_by_day_and_night(made)}, []
    sign_in(made, site.url, "admin")
    for path in PAGES:
        made.goto(site.url + path)
        for width in (320, 390, 1280):
            made.set_viewport_size({"width": width, "height": 800})
            if made.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((path, width))
        found[path] = violations_by_day_and_night(made)
    context.close()
    assert wide == [] and not any(found.values()), found


def test_axe_sees_what_is_hard_to_read_in_the_dark_alone(browser: Browser):
    page = browser.new_page()
    page.set_content(
        "<html lang=en><title>Dark</title><meta name=color-scheme content='light dark'><style>"
        "@media (prefers-color-scheme: dark) { main { background: #111; color: #222 } }"
        "</style><main><h1>Read me</h1></main></html>"
    )
    (fault,) = violations_by_day_and_night(page)
    assert fault.startswith("dark: color-contrast")
    page.context.close()


def test_figures_say_what_they_count_when_asked(page: Page, site: ConsoleSite):
    page.goto(f"{site.url}/console/numbers")
    means = page.locator(".tile .means").first
    assert means.evaluate("(e) => e.offsetWidth") <= 1
    page.get_by_label("Say what each figure counts").check()
    assert means.evaluate("(e) => e.offsetWidth") > 60
    assert not violations(page)


def test_a_name_without_an_end_makes_no_page_scroll_sideways(page: Page, site: ConsoleSite):
    name, mail = "Wolfeschlegelsteinhausen" * 6, f"{'a' * 60}@{'b' * 60}.example"
    said = {"name": name, "company": f"{name} & Sons", "email": mail}
    signals = [
        SignalCaptured(f"z{n}", what, value, "positive", "stated", 0.9, value, 2, 0, 1)
        for n, (what, value) in enumerate(said.items())
    ]
    site.run(keep, site.office, [*facts(call_sid="CAlong"), *signals, ENDED], "long-name")
    page.goto(f"{site.url}/console/calls/long-name")
    person = page.locator("#call-title a").get_attribute("href") or ""
    for path in ("/console/calls/long-name", person, "/console/people", "/console/queues/all"):
        page.goto(site.url + path)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_a_promised_call_that_was_settled_by_mistake_is_put_back_at_once(page: Page):
    page.goto(page.url.replace("/flagged", "/callbacks?owner=all"))
    rows = page.locator("tbody tr:has(button)")
    before = rows.count()
    assert before, "somebody was promised a call"
    name = rows.first.locator("th a").first.inner_text()
    rows.first.get_by_role("button", name="Not needed").click()
    expect(rows).to_have_count(before - 1)
    expect(page.locator(".notice[role=status]:visible")).to_contain_text(f"{name}: not needed.")
    assert not violations(page)
    page.get_by_role("button", name="Take it back").click()
    expect(rows).to_have_count(before)
    expect(page.locator(".notice:visible").get_by_text("not needed")).to_have_count(0)


def test_a_queue_on_paper_is_its_rows_without_what_is_pressed(page: Page):
    page.emulate_media(media="print")
    expect(page.locator("[data-row]").first).to_be_visible()
    for pressed in (".side", ".tools", ".search", ".choose input", ".bar"):
        expect(page.locator(pressed).first).to_be_hidden()
