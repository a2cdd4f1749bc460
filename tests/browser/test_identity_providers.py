"""Signing in at third-party identity providers, through their own pages in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from core.clock import utc_now
from core.store import audit
from tests.browser.chromium import chromium, needs_chromium
from tests.browser.console_site import ConsoleSite, console_site
from tests.browser.identity.glewlwyd import PASSWORD, PROGRAM, glewlwyd
from tests.browser.identity.standing import CLIENT, FOLDER, NODE, PACKAGE, SECRET, node_provider
from tests.console.conftest import Office
from tests.fakes.ports import free_port
from voice_agent.console.oidc.doors import BACK
from voice_agent.console.oidc.provider import Provider
from voice_agent.console.oidc.terms import Terms

pytestmark = [
    pytest.mark.slow, pytest.mark.real_clock, pytest.mark.by_hand, needs_chromium,
]  # fmt: skip
ROLES = {"sales": "rep", "leads": "manager"}


@contextmanager
def console_at(folder: Path, issuer: str, client_id: str = CLIENT) -> Iterator[ConsoleSite]:
    """A console that sends people to this issuer."""
    client = httpx.AsyncClient(timeout=5, trust_env=False)

    async def before(office: Office) -> None:
        secret = SECRET if client_id == CLIENT else ""
        terms = Terms(issuer, client_id, secret, ROLES, domains=("example.com",))
        office.at = utc_now()
        office.provider = Provider(client, terms, utc_now)
        office.__post_init__()

    with console_site(folder, before=before) as up:
        yield up
        up.run(client.aclose)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


needs_oidc_provider = pytest.mark.skipif(
    NODE is None or not PACKAGE.is_dir(),
    reason="no oidc-provider here; VOICE_AGENT_TEST_IDENTITY is the folder npm put it in",
)
needs_glewlwyd = pytest.mark.skipif(
    PROGRAM is None or not FOLDER,
    reason="no glewlwyd here, which apt has, or VOICE_AGENT_TEST_IDENTITY is not set",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleSite]:
    port = free_port()
    with (
        console_at(tmp_path_factory.mktemp("site"), f"http://127.0.0.1:{port}") as up,
        node_provider(port, up.url + BACK),
    ):
        yield up


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser nobody has signed in with, at the provider or here."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def sign_in_at_the_provider(page: Page, site: ConsoleSite, name: str) -> None:
    """From a page of the console through the provider's own pages and back."""
    page.goto(f"{site.url}/console/queues/all?channel=chat")
    page.get_by_role("link", name="Sign in with 127.0.0.1").click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def refusals(site: ConsoleSite) -> list[str]:
    lines = site.run(site.office.store.query, lambda c: audit.lines(c, act="sign-in refused"))
    return [line.detail.get("why", "") for line in lines]


@needs_oidc_provider
def test_oidc_provider_signs_a_colleague_in_where_they_wanted_to_go(page: Page, site: ConsoleSite):
    sign_in_at_the_provider(page, site, "dana")
    expect(page).to_have_url(f"{site.url}/console/queues/all?channel=chat")
    expect(page.get_by_text("Export CSV")).to_be_visible()  # a manager, by their group
    page.goto(f"{site.url}/console/me")
    expect(page.get_by_text("Dana Reyes").first).to_be_attached()
    spent = page.context.request.get(f"{site.url}{BACK}?code=x&state=y", max_redirects=0)
    assert spent.status == 403, "no sign-in of this browser comes back here"


@needs_oidc_provider
def test_oidc_provider_is_signed_out_of_as_well(page: Page, site: ConsoleSite):
    sign_in_at_the_provider(page, site, "dana")
    page.locator("summary").filter(has_text="Dana").first.click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name=re.compile("Sign out of 127.0.0.1 too")).click()
    expect(page.get_by_text("Do you want to sign-out")).to_be_visible()
    page.get_by_role("button", name=re.compile("Yes")).click()
    page.goto(f"{site.url}/console/sign-in/oidc")
    expect(page.locator("input[name=login]")).to_be_visible()


@needs_oidc_provider
@pytest.mark.parametrize(
    ("name", "told", "why"),
    [("eve", "has no role here", "no-role"), ("mallory", "not verified", "email-unverified")],
)
def test_oidc_provider_vouches_in_vain_for_who_has_no_role_or_no_verified_address(
    page: Page, site: ConsoleSite, name: str, told: str, why: str
):
    sign_in_at_the_provider(page, site, name)
    expect(page.get_by_role("alert")).to_contain_text(told)
    assert refusals(site)[0] == why


@needs_oidc_provider
def test_oidc_provider_signs_in_at_a_public_client_by_a_curve_and_pkce_alone(
    page: Page, tmp_path: Path
):
    port = free_port()
    with (
        console_at(tmp_path, f"http://127.0.0.1:{port}", "public") as up,
        node_provider(port, up.url + BACK),
    ):
        sign_in_at_the_provider(page, up, "dana")
        expect(page).to_have_url(f"{up.url}/console/queues/all?channel=chat")


@needs_oidc_provider
def test_who_declines_at_the_provider_is_back_at_our_sign_in(page: Page, site: ConsoleSite):
    page.goto(f"{site.url}/console/sign-in/oidc")
    page.get_by_role("link", name=re.compile("Cancel")).click()
    expect(page.get_by_role("alert")).to_contain_text("did not sign you in")
    assert refusals(site)[0] == "declined"


@needs_glewlwyd
def test_glewlwyd_signs_a_colleague_in_and_not_one_of_an_unverified_address(
    browser: Browser, tmp_path: Path
):
    port = free_port()
    with (
        console_at(tmp_path, f"http://127.0.0.1:{port}/api/oidc") as up,
        glewlwyd(tmp_path, port, up.url + BACK),
    ):
        for name in ("dana", "mallory"):
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{up.url}/console/queues/all?channel=chat")
            page.get_by_role("link", name="Sign in with 127.0.0.1").click()
            page.locator("#username").fill(name)
            page.locator("#password").fill(PASSWORD)
            page.keyboard.press("Enter")
            for scope in ("email", "profile"):
                page.locator(f"#grant-{scope}").check()
            page.get_by_role("button", name="Grant access").click()
            expect(page.get_by_text("What do you wish for?")).to_be_visible()
            page.get_by_text("Continue").first.click()
            if name == "dana":
                expect(page).to_have_url(f"{up.url}/console/queues/all?channel=chat")
                expect(page.get_by_text("Export CSV")).to_be_visible()
            else:
                expect(page.get_by_role("alert")).to_contain_text("not verified")
            context.close()
        assert refusals(up) == ["email-unverified"]
