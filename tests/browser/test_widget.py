"""The chat widget in a real browser, on a site of another origin under a strict policy."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.accessible import violations
from tests.browser.chromium import needs_chromium
from tests.browser.sites import Site
from tests.hostile.process import API_TOKEN, ServerProcess

pytestmark = [pytest.mark.slow, needs_chromium]
SNOWFLAKE = "Do you integrate with Snowflake?"
WAIT_MS = 20_000
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}

Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, elsewhere: Site, running: ServerProcess) -> Iterator[Visit]:
    """Opens the site in a browser of its own; any script error fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def visiting(url: str = elsewhere.origin, **options: object) -> Page:
        context = browser.new_context(timezone_id="America/Chicago", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        return page

    yield visiting
    for context in contexts:
        context.close()
    assert not errors


def opened(page: Page) -> Page:
    page.get_by_role("button", name="Chat with us").click()
    expect(page.get_by_role("log")).to_contain_text("AI assistant", timeout=WAIT_MS)
    return page


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your message").fill(text)
    page.keyboard.press("Enter")


def ours(page: Page) -> Locator:
    return page.locator(".msg.agent .text")


def theirs(page: Page) -> list[str]:
    return page.locator(".msg.caller:not(.unsent) .text").all_inner_texts()


def document(server: ServerProcess, page: Page) -> dict:
    kept = page.evaluate(
        "Object.values(localStorage).map(v => JSON.parse(v).conversation_id).filter(v => v)"
    )
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    answer = httpx.get(
        f"{server.url}/api/v1/conversations/{kept[0]}", headers=headers, trust_env=False
    )
    return dict(answer.json())


def test_a_meeting_is_booked_on_another_companys_site(
    visit: Visit, running: ServerProcess, elsewhere: Site
):
    page = opened(visit())
    say(page, SNOWFLAKE)
    expect(ours(page).last).to_contain_text("connects natively to Snowflake", timeout=WAIT_MS)
    source = page.get_by_role("link", name="Snowflake")
    assert source.get_attribute("href") == "https://tideline.example/integrations/snowflake"
    say(page, "We are 300 people. Can I book a demo?")
    times = page.get_by_role("group", name="Suggested replies").get_by_role("button")
    expect(times.last).to_have_text("Another time", timeout=WAIT_MS)
    times.first.click()
    expect(ours(page).last).to_contain_text("email", timeout=WAIT_MS)
    say(page, "ann@harbor.example")
    expect(ours(page).last).to_contain_text("ooked", timeout=WAIT_MS)
    page.reload()  # the panel is open again, with everything in it
    expect(ours(page).last).to_contain_text("ooked", timeout=WAIT_MS)
    assert len(theirs(page)) == 4 and SNOWFLAKE in theirs(page)[0]
    booked = document(running, page)
    assert booked["channel"] == "chat" and booked["booking"]["status"] == "booked"


def test_a_server_killed_mid_answer_loses_and_repeats_nothing(visit: Visit, running: ServerProcess):
    page = opened(visit())
    say(page, SNOWFLAKE)
    page.wait_for_function(
        "() => document.querySelector('voice-agent-chat').shadowRoot"
        ".querySelector('.log').textContent.includes('connects natively to')"
    )
    running.kill()
    try:
        half = ours(page).last.inner_text()
        lost = page.get_by_role("status").first
        expect(lost).to_contain_text("Connection lost", timeout=WAIT_MS)
        say(page, "And do you support SSO?")
    finally:
        running.__exit__()
        running.__enter__()
    assert half.endswith("in both directions."), "the second sentence was still to come"
    expect(ours(page)).to_have_count(3, timeout=40_000)
    expect(ours(page).last).to_contain_text("single sign-on", timeout=WAIT_MS)
    expect(page.get_by_role("status").first).to_be_hidden(timeout=WAIT_MS)
    whole = ours(page).nth(1).inner_text()
    assert len(whole) > len(half) and whole.count("connects natively") == 1
    assert theirs(page) == [SNOWFLAKE, "And do you support SSO?"]
    page.reload()
    expect(ours(page)).to_have_count(3, timeout=WAIT_MS)
    expect(ours(page).nth(1)).to_be_visible(timeout=WAIT_MS)
    assert ours(page).nth(1).inner_text() == whole and len(theirs(page)) == 2


def test_what_is_being_written_is_there_on_the_next_page(visit: Visit):
    page = opened(visit())
    box = page.get_by_role("textbox", name="Your message")
    box.fill("We are a bakery with")
    page.get_by_role("link", name="Next page").click()
    expect(box).to_have_value("We are a bakery with", timeout=WAIT_MS)
    box.press("Enter")
    expect(page.locator(".msg.caller")).to_have_count(1)
    page.reload()
    expect(box).to_have_value("")


def test_what_is_written_offline_is_sent_once_later(visit: Visit):
    page = opened(visit())
    say(page, SNOWFLAKE)
    expect(ours(page).last).to_contain_text("natively", timeout=WAIT_MS)
    page.context.set_offline(True)
    expect(page.get_by_role("status").first).to_contain_text("offline", timeout=WAIT_MS)
    say(page, "And BigQuery?")
    expect(page.locator(".unsent")).to_have_count(1)
    page.context.set_offline(False)
    expect(page.locator(".unsent")).to_have_count(0, timeout=WAIT_MS)
    expect(ours(page).filter(has_text="BigQuery").last).to_be_visible(timeout=WAIT_MS)
    assert theirs(page) == [SNOWFLAKE, "And BigQuery?"]


def test_both_tabs_of_a_browser_show_the_same(visit: Visit, elsewhere: Site):
    page = opened(visit())
    say(page, SNOWFLAKE)
    expect(ours(page).last).to_contain_text("natively", timeout=WAIT_MS)
    other = page.context.new_page()
    other.goto(elsewhere.origin)
    other.get_by_role("button", name="Chat with us").click()
    expect(ours(other).last).to_contain_text("natively", timeout=WAIT_MS)
    say(page, "And BigQuery?")
    expect(ours(other).filter(has_text="BigQuery").last).to_be_visible(timeout=WAIT_MS)
    expect(ours(page).filter(has_text="BigQuery").last).to_be_visible(timeout=WAIT_MS)
    assert ours(page).all_inner_texts() == ours(other).all_inner_texts()


def test_markup_is_shown_as_text_and_does_nothing(visit: Visit):
    page = opened(visit())
    hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> SSO?'
    say(page, hostile)
    expect(ours(page).nth(1)).to_be_visible(timeout=WAIT_MS)
    assert theirs(page) == [hostile]
    assert page.evaluate("window.hacked") is None
    assert page.locator(".msg img, .msg script").count() == 0


def test_a_call_is_asked_for_by_form(visit: Visit):
    page = opened(visit())
    page.get_by_role("button", name="Ask for a call").click()
    number = page.get_by_label("Phone number")
    expect(number).to_be_focused()
    number.fill("123")
    page.get_by_role("button", name="Call me").click()
    expect(page.get_by_role("alert")).to_contain_text("whole phone number", timeout=WAIT_MS)
    number.fill("(617) 555-0123")
    page.get_by_label("When").select_option("tomorrow morning")
    page.get_by_role("button", name="Call me").click()
    expect(ours(page).last).to_contain_text("617-555-0123", timeout=WAIT_MS)
    expect(number).to_have_count(0)
    assert theirs(page) == ["Please call me tomorrow morning on +1 617-555-0123."]


def test_a_new_conversation_begins_empty_and_the_old_one_is_over(
    visit: Visit, running: ServerProcess, elsewhere: Site
):
    page = opened(visit())
    say(page, SNOWFLAKE)
    expect(ours(page).last).to_contain_text("natively", timeout=WAIT_MS)
    first = document(running, page)
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("button", name="Keep this one").click()
    assert theirs(page) == [SNOWFLAKE], "a slip ends nothing"
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("button", name="Begin anew").click()
    expect(ours(page)).to_have_count(1, timeout=WAIT_MS)
    assert theirs(page) == []
    say(page, SNOWFLAKE)
    expect(ours(page)).to_have_count(2, timeout=WAIT_MS)
    assert document(running, page)["id"] != first["id"]


def test_a_site_that_is_not_on_the_list_is_told_so(
    visit: Visit, elsewhere: Site, running: ServerProcess
):
    site = elsewhere.origin.replace("127.0.0.1", "localhost")
    page = visit(site)
    warned: list[str] = []
    page.on("console", lambda m: warned.append(m.text) if m.type == "warning" else None)
    page.reload()
    page.get_by_role("button", name="Chat with us").click()
    told = page.get_by_role("status").first
    expect(told).to_have_text("The chat is not available on this page.", timeout=WAIT_MS)
    (line,) = {*warned}  # that of the page before the reload may be among them
    assert "not among chat.origins" in line and f"Add {site} there." in line


# --- for everyone ----------------------------------------------------------------------------


def focused(page: Page) -> str:
    return str(
        page.evaluate(
            "(() => { const e = document.activeElement.shadowRoot?.activeElement;"
            " return e ? e.getAttribute('aria-label') || e.textContent : ''; })()"
        )
    )


def test_it_is_used_by_keyboard_alone(visit: Visit):
    page = visit()
    page.get_by_role("link", name="Next page").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Chat with us"
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert focused(page) == "Your message"
    expect(page.get_by_role("log")).to_contain_text("AI assistant", timeout=WAIT_MS)
    page.keyboard.type("Do you support SSO?")
    page.keyboard.press("Enter")
    expect(ours(page).last).to_contain_text("single sign-on", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert focused(page) == "Chat with us"


def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus(visit: Visit):
    page = opened(visit(reduced_motion="reduce", **PHONE))  # it rises into place
    panel = page.get_by_role("dialog")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert panel.get_attribute("aria-modal") == "true"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert focused(page), "Tab stays inside"
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(visit: Visit, scheme: str, tmp_path: Path):
    page = opened(visit(color_scheme=scheme))
    say(page, SNOWFLAKE)
    expect(ours(page).last).to_contain_text("natively", timeout=WAIT_MS)
    page.screenshot(path=tmp_path / f"{scheme}.png")
    for selector, behind in (
        (".agent .text", ".agent .text"),
        (".caller .text", ".caller .text"),
        (".who p", "header"),
        (".note", ".panel"),
        (".sources", ".panel"),
    ):
        ink = _colour(page.locator(selector).last, "color")
        paper = _colour(page.locator(behind).last, "backgroundColor")
        assert _contrast(ink, paper) >= 4.5, (selector, ink, paper)


def test_nothing_moves_for_who_wants_it_still(visit: Visit):
    page = opened(visit(reduced_motion="reduce"))
    assert page.locator(".panel").evaluate("e => getComputedStyle(e).animationName") == "none"


def _colour(found: Locator, name: str) -> list[int]:
    value = found.evaluate("(e, name) => getComputedStyle(e)[name]", name)
    return [int(part) for part in re.findall(r"\d+", value)[:3]]


def _contrast(one: list[int], other: list[int]) -> float:
    """WCAG 2.2, contrast ratio."""

    def light(colour: list[int]) -> float:
        parts = [c / 255 for c in colour]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_a_colleague_takes_a_chat_over_in_the_console_and_gives_it_back(
    visit: Visit, running: ServerProcess, tmp_path: Path
):
    buyer = opened(visit())
    say(buyer, SNOWFLAKE)
    expect(ours(buyer)).to_have_count(2, timeout=WAIT_MS)
    colleague = visit(f"{running.url}/console/sign-in?next=/console/accounts", bypass_csp=True)
    (password,) = re.findall(r"sign in as admin with (\S+)", running.output)
    colleague.get_by_label("Name").fill("admin")
    colleague.get_by_label("Password").fill(password)
    colleague.keyboard.press("Enter")
    colleague.get_by_label("Who of the team admin is").select_option("sofia-alvarez")
    with colleague.expect_navigation():
        colleague.get_by_role("button", name="Save").click()
    colleague.goto(f"{running.url}/console/live")
    colleague.get_by_role("link", name="Chats").click()
    colleague.locator("a.live-link").first.click()
    expect(colleague.locator("#transcript")).to_contain_text("Snowflake")
    colleague.get_by_role("button", name="Take over").click()
    expect(colleague.locator("#floor")).to_have_text("You are writing with the buyer")
    colleague.get_by_label("Write as Sofia").fill("Hi, Sofia here. I can help.")
    colleague.keyboard.press("Enter")
    expect(buyer.get_by_role("log")).to_contain_text("Hi, Sofia here.", timeout=WAIT_MS)
    expect(buyer.get_by_role("log")).to_contain_text("Sofia Alvarez")
    said = ours(buyer).count()
    say(buyer, "Great. Do you support SSO?")
    expect(colleague.locator("#transcript")).to_contain_text("Do you support SSO?")
    colleague.screenshot(path=tmp_path / "chat.png", full_page=True)
    assert ours(buyer).count() == said, "the agent is silent"
    colleague.get_by_role("button", name="Hand back").click()
    expect(colleague.locator("#floor")).to_have_text("The agent is writing with the buyer")
    agents = colleague.locator("#transcript .from-agent")
    before = agents.count()
    say(buyer, SNOWFLAKE)
    expect(agents).not_to_have_count(before, timeout=WAIT_MS)
    assert not violations(colleague)
