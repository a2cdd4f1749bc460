"""Criteria changed in a real browser: edited, saved, corrected, previewed and published."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from knowledge.load import load
from tests.browser.accessible import violations
from tests.browser.chromium import chromium, faults_of, needs_chromium
from tests.browser.console_site import ConsoleSite, lumo_site, sign_in

pytestmark = [pytest.mark.slow, pytest.mark.real_clock, needs_chromium]
ROOM = "/console/criteria"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    with lumo_site(tmp_path_factory.mktemp("site")) as up:
        yield up


@pytest.fixture
def page(browser: Browser, site: ConsoleSite) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    made = context.new_page()
    faults = faults_of(made)
    sign_in(made, site.url, "boss")
    made.goto(site.url + ROOM)
    yield made
    assert faults == []
    context.close()


def test_a_criterion_is_changed_mended_tried_and_put_in_force(page: Page, site: ConsoleSite):
    folder: Path = site.office.company
    page.keyboard.press("e")
    box = page.locator('[name="segments.0.criteria.0.at_least"]')
    box.fill("many")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.get_by_role("button", name="Save the draft").click()
    wrong = page.locator('[name="segments.0.criteria.0.at_least"][aria-invalid="true"]')
    expect(wrong).to_be_visible()
    expect(wrong).to_have_attribute("aria-describedby", re.compile("fault-"))
    found = {"with faults": violations(page)}
    wrong.fill("80")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_text("conversations would come out otherwise")).to_be_visible()
    found["preview"] = violations(page)
    page.goto(f"{site.url}{ROOM}/text/segments")
    page.locator("#text").fill("segments:\n  - id: all\n   label: x\n")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="line 3").click()
    chosen = "document.activeElement.value.slice(document.activeElement.selectionStart).trim()"
    assert page.evaluate(chosen) == "label: x"
    found["text"] = violations(page)
    page.goto(f"{site.url}{ROOM}/hours")
    page.locator('[name="hours.week.sat"]').fill("9am-1pm")
    ada = page.locator("details.rule-card", has_text="Ada A")
    ada.locator("summary").first.click()
    expect(page.locator('[name="team.0.week.mon"]')).to_be_hidden()
    ada.get_by_label("Hours of their own").check()
    page.locator('[name="team.0.week.mon"]').fill("10-16")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator('[name="hours.week.sat"]')).to_have_value("09:00-13:00")
    expect(ada.get_by_text("Mon 10:00-16:00")).to_be_visible()
    found["hours"] = violations(page)
    page.goto(f"{site.url}{ROOM}/preview")
    page.get_by_label("Why").fill("smaller deals lose money")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Rules, version 2")).to_be_visible()
    assert load(folder).company.segments[0].criteria[0].at_least == 80
    assert load(folder).company.team[0].hours is not None
    page.goto(f"{site.url}{ROOM}/history/1")
    found["version"] = violations(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not any(found.values()), found
