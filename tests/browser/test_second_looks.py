"""Second looks in a real browser: a queue worked off by single keys, and shown in Numbers."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from core.events import MeetingRecorded
from core.store import reviews
from tests.browser.accessible import violations
from tests.browser.chromium import chromium, faults_of, needs_chromium
from tests.browser.console_site import ConsoleSite, console_site, sign_in
from tests.console.conftest import Office
from tests.console.test_queues import call
from tests.console.test_second_looks import DRAWN, judged
from tests.fakes.a_call import AT

pytestmark = [pytest.mark.slow, pytest.mark.real_clock, needs_chromium]
REJECT, FIT, OTHER = DRAWN[:3]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


async def filled(office: Office) -> None:
    met = MeetingRecorded("b", "booked", "sofia-alvarez", "i", (AT - timedelta(days=1)).isoformat(),
                          AT.isoformat(), "", "u", 0, 5)  # fmt: skip
    for n, (name, result) in enumerate(((REJECT, "nurture"), (FIT, "qualified"),
                                        (OTHER, "disqualified"))):  # fmt: skip
        await call(office.store, name, [judged(result), met], at=AT - timedelta(minutes=n))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    with console_site(tmp_path_factory.mktemp("site"), before=filled) as up:
        yield up


@pytest.fixture
def page(browser: Browser, site: ConsoleSite) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    made = context.new_page()
    faults = faults_of(made)
    sign_in(made, site.url)
    yield made
    context.close()
    assert not faults


def test_each_is_judged_by_one_key_and_the_next_opens(page: Page, site: ConsoleSite):
    page.goto(f"{site.url}/console/queues/second-looks")
    page.locator(f"a[href^='/console/calls/{REJECT}']").first.click()
    expect(page.locator("#second-look")).to_be_visible()
    assert not violations(page)
    page.keyboard.press("2")  # it did not ask
    expect(page).to_have_url(re.compile(f"/console/calls/{FIT}"))
    page.keyboard.press("y")
    expect(page).to_have_url(re.compile(f"/console/calls/{OTHER}"))
    page.keyboard.press("w")
    expect(page.locator("#look-wrong textarea")).to_be_focused()
    page.keyboard.type("They said 400 people.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()

    def kept(name: str) -> list[tuple[str, str]]:
        found = site.run(site.office.store.query, lambda c: reviews.review_of(c, name))
        return [(o.result, o.reason) for o in found.overrides]

    assert kept(REJECT) == [("qualified", "It did not ask.")]
    assert kept(FIT) == [("qualified", "")]
    assert kept(OTHER) == [("qualified", "They said 400 people.")]
    page.goto(f"{site.url}/console/numbers?since=2025-03-01&until=2025-03-05")
    expect(page.get_by_role("img", name="Is the score to be taken at its word?")).to_be_visible()
    expect(page.get_by_text("about 2 missed")).to_be_visible()
    assert not violations(page)


def test_a_button_that_says_what_it_sends_sends_it_without_leaving_the_page(
    page: Page, site: ConsoleSite
):
    page.goto(f"{site.url}/console/calls/{FIT}")
    page.get_by_role("button", name="It was held").click()
    expect(page.locator("#next")).to_contain_text("The meeting took place.")
