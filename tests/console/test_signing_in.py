"""Sign-in, sessions and their tokens; attackers' attempts are refused."""

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

import anyio
import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.websockets import WebSocket

from core.errors import StoreFailed
from core.store import accounts, audit
from core.store.accounts import IDLE, LONGEST
from core.store.audit import Audited
from core.store.console_tables import ConsoleAccountRow
from core.store.store import Store
from tests.console.conftest import HASHER, PASSWORD, Office
from tests.core.talk import sample
from tests.fakes.browser import token
from tests.fakes.telephone import dial_asgi
from voice_agent.console.access import next_place
from voice_agent.console.doors import SocketDoor
from voice_agent.console.files import Files
from voice_agent.console.frame import Frame
from voice_agent.console.passwords import Passwords, fault, made_up
from voice_agent.console.sign_in import SignIn
from voice_agent.emulator.socket import SocketClosed

pytestmark = pytest.mark.real_clock


async def audited(office: Office) -> list[Audited]:
    return await office.store.query(lambda c: audit.lines(c))


async def test_signing_in_leads_where_one_wanted_to_go_and_is_audited(office: Office):
    visitor = await office.browser()
    away = await visitor.see("/console/audit?act=play")
    assert away.headers["location"] == "/console/sign-in?next=/console/audit%3Fact%3Dplay"
    answer = await visitor.sign_in(" Manager ", PASSWORD, "/console/audit?act=play")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/audit?act=play")
    assert (await visitor.see("/console/audit")).status_code == 200
    (line,) = await audited(office)
    assert (line.account, line.act, line.detail) == ("manager", "sign-in", {"how": "password"})


async def test_the_bare_address_leads_to_the_console(office: Office):
    answer = await (await office.browser()).see("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")


def test_a_moment_of_a_call_is_a_place_to_go_after_signing_in():
    assert next_place("/console/calls/c1?queue=all#t=62.0") == "/console/calls/c1?queue=all#t=62.0"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/console", "/\\evil.example", "/console\\..\\x",
     "/consolex", "javascript:alert(1)", "/console//evil.example", "/console/../api",
     "\x01/console", "/console/sign-in?next=/console/sign-in", "", "https:/console", "/console/\n"],
)  # fmt: skip
def test_nobody_is_led_out_of_the_console(wanted: str):
    assert next_place(wanted) == "/console"


async def test_a_wrong_password_an_unknown_name_and_a_disabled_account_are_answered_alike(
    office: Office,
):
    gone = await office.hire("gone", "rep")
    visitor = await office.browser("admin")
    await visitor.post(f"/console/accounts/{gone}/disable")
    told = set()
    for name, password in (("rep", "wrong-wrong-wrong"), ("who", PASSWORD), ("gone", PASSWORD)):
        answer = await (await office.browser()).sign_in(name, password)
        assert answer.status_code == 401
        told.add(answer.text.split('role="alert">')[1].split("<")[0])
    assert len(told) == 1
    assert [line.account for line in await audited(office)][:3] == ["gone", "", "rep"]


async def test_guessing_is_slowed_down_and_the_owner_elsewhere_is_not_locked_out(office: Office):
    visitor = await office.browser()
    seen = [(await visitor.sign_in("rep", f"guess-number-{n}")).status_code for n in range(7)]
    assert seen == [401] * 6 + [429]
    late = await visitor.sign_in("rep", PASSWORD)
    assert late.status_code == 429 and int(late.headers["retry-after"]) <= 31
    office.at += timedelta(seconds=31)
    assert (await visitor.sign_in("rep", PASSWORD)).status_code == 303


async def test_who_guesses_without_end_from_one_address_locks_nobody_out_elsewhere(
    office: Office,
):
    frame = Frame(office.store, sample, lambda: office.at, b"secret", "", [], Files())
    limits = SignIn(frame, Passwords(HASHER))
    at = 0.0
    for _ in range(400):
        limits._wait_s("admin", "203.0.113.9", at)
        at += 1.0
    assert limits._wait_s("admin", "203.0.113.9", at) > 0
    assert limits._wait_s("admin", "198.51.100.7", at) == 0


async def test_new_passwords_of_one_account_use_up_no_other_ones_tries(office: Office):
    form = {"old": "x", "new": "y", "again": "z"}
    for name in range(4):
        await office.hire(f"rep{name}", "rep")
        visitor = await office.browser(f"rep{name}")
        for _ in range(5):
            assert (await visitor.post("/console/me", form)).status_code == 422
    assert (await (await office.browser("admin")).post("/console/me", form)).status_code == 422


@pytest.mark.parametrize(
    "revoke",
    [
        lambda c, account, at: accounts.disable(c, account, at),
        lambda c, account, at: accounts.sign_out_everywhere(c, account),
        lambda c, account, at: accounts.set_role(c, account, "rep", None),
    ],
)
async def test_an_open_line_ends_with_the_right_to_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, revoke: Callable[..., None]
):
    monkeypatch.setattr("voice_agent.console.frame.LOOK_S", 0.02)
    left = anyio.Event()

    async def listening(page: WebSocket, account: ConsoleAccountRow) -> None:
        await page.accept()
        try:
            while True:
                await page.send_text(f'{{"hear": "{account.name}"}}')
                await anyio.sleep(0.01)
        except RuntimeError:  # it was closed meanwhile
            pass
        finally:
            left.set()

    frame = Frame(office.store, sample, lambda: office.at, b"secret", "", [], Files())
    app = Starlette(routes=[frame.route(SocketDoor("/line", listening, "manager"))])
    visitor = await office.browser("manager")
    cookie = visitor.client.cookies["voice_agent_console"]
    page = {"cookie": f"voice_agent_console={cookie}", "origin": "http://agent", "host": "agent"}
    async with dial_asgi(app)("ws://agent/line", page) as socket:
        for _ in range(20):
            assert await socket.receive() == '{"hear": "manager"}'
        (account,) = [one for one in await office.store.query(accounts.everyone)
                      if one.name == "manager"]  # fmt: skip
        await office.store.write("t", lambda c: revoke(c, account.id, office.at))
        with anyio.fail_after(10), pytest.raises(SocketClosed) as closed:
            while True:
                await socket.receive()
        assert closed.value.status == 4403
        with anyio.fail_after(10):
            await left.wait()


async def test_a_session_planted_before_signing_in_is_worth_nothing(office: Office):
    visitor = await office.browser()
    visitor.client.cookies.set("voice_agent_console", "planted", "agent.local", "/")
    await visitor.sign_in("rep", PASSWORD)
    first = visitor.client.cookies["voice_agent_console"]
    assert first != "planted"
    await visitor.sign_in("rep", PASSWORD)
    assert visitor.client.cookies["voice_agent_console"] != first
    other = await office.browser()
    other.client.cookies.set("voice_agent_console", first)
    assert (await other.see("/console/me")).status_code == 303, "the session before is over"


async def test_what_the_database_holds_opens_nothing(office: Office):
    visitor = await office.browser("admin")
    rows = await office.store.query(
        lambda c: c.execute(sa.text("SELECT id FROM console_session")).scalars().all()
    )
    thief = await office.browser()
    thief.client.cookies.set("voice_agent_console", rows[0])
    assert (await thief.see("/console/me")).status_code == 303
    assert (await visitor.see("/console/me")).status_code == 200


async def test_what_an_open_page_asks_by_itself_keeps_no_session_from_ending(office: Office):
    visitor = await office.browser("rep")
    unasked = {"headers": {"x-unasked": "yes"}}
    office.at += IDLE - timedelta(minutes=30)
    assert (await visitor.see("/console/me", **unasked)).status_code == 200
    office.at += timedelta(hours=1)
    assert (await visitor.see("/console/me")).status_code == 303


async def test_sessions_end_when_unused_when_old_and_by_signing_out(office: Office):
    visitor = await office.browser("rep")
    for _ in range(int(LONGEST / IDLE) + 1):
        assert (await visitor.see("/console/me")).status_code == 200
        office.at += IDLE - timedelta(minutes=30)
    office.at += timedelta(hours=8)
    assert (await visitor.see("/console/me")).status_code == 303, "after a week"
    visitor = await office.browser("rep")
    kept = visitor.client.cookies["voice_agent_console"]
    await visitor.post("/console/sign-out")
    thief = await office.browser()
    thief.client.cookies.set("voice_agent_console", kept)
    assert (await thief.see("/console/me")).status_code == 303
    visitor = await office.browser("rep")
    office.at += IDLE
    assert (await visitor.see("/console/me")).status_code == 303, "unused"


async def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(office: Office):
    visitor = await office.browser("admin")
    form = {"name": "mallory", "role": "admin"}
    other = token((await (await office.browser("manager")).see("/console/me")).text)
    tried: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}), ({"csrf": ""}, {}), ({"csrf": other}, {}),
    ]  # fmt: skip
    own = {"csrf": token((await visitor.see("/console/me")).text)}
    for headers in (
        {"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):  # fmt: skip
        tried.append((own, headers))
    for csrf, headers in tried:
        answer = await visitor.client.post("/console/accounts", data=form | csrf, headers=headers)
        assert answer.status_code == 403, (csrf, headers)
    assert "mallory" not in (await visitor.see("/console/accounts")).text
    visitor.client.headers["origin"] = "http://agent"
    assert "mallory" in (await visitor.post("/console/accounts", form)).text


async def test_nobody_can_be_signed_in_by_another_site(office: Office):
    visitor = await office.browser()
    page = await (await office.browser()).see("/console/sign-in")
    stolen = {"csrf": token(page.text), "name": "rep", "password": PASSWORD}
    assert (await visitor.client.post("/console/sign-in", data=stolen)).status_code == 403
    assert "voice_agent_console" not in visitor.client.cookies


async def test_a_role_opens_its_doors_and_no_others(office: Office):
    asked = {
        "rep": {"/console/me": 200, "/console/accounts": 403, "/console/audit": 403},
        "manager": {"/console/me": 200, "/console/accounts": 403, "/console/audit": 200},
        "admin": {"/console/me": 200, "/console/accounts": 200, "/console/audit": 200},
    }
    for role, doors in asked.items():
        visitor = await office.browser(role)
        for path, status in doors.items():
            assert (await visitor.see(path)).status_code == status, (role, path)
    rep = await office.browser("rep")
    admin_id = (await office.store.query(
        lambda c: c.execute(sa.text("SELECT id FROM console_account WHERE name = 'admin'")).scalar()
    ))  # fmt: skip
    for path in ("/console/accounts", f"/console/accounts/{admin_id}/reset",
                 f"/console/accounts/{admin_id}/role"):  # fmt: skip
        assert (await rep.post(path, {"role": "rep", "name": "x1"})).status_code == 403
    assert await office.browser("admin"), "the admin's password is as it was"


async def test_a_taken_away_role_is_gone_at_once(office: Office):
    await office.hire("second", "admin")
    visitor, second = await office.browser("admin"), await office.browser("second")
    page = (await visitor.see("/console/accounts")).text
    which = page.split(">second")[1].split("/console/accounts/")[1].split("/")[0]
    await visitor.post(f"/console/accounts/{which}/role", {"role": "rep"})
    assert (await second.see("/console/accounts")).status_code == 403
    await visitor.post(f"/console/accounts/{which}/disable")
    assert (await second.see("/console/me")).status_code == 303


async def test_somebody_of_the_team_is_called_by_their_name_unless_another_is_given(office: Office):
    visitor = await office.browser("admin")
    tom = {"name": "tom@example.com", "role": "rep", "rep": "tom-beckett"}
    page = (await visitor.post("/console/accounts", tom)).text
    assert ">Tom Beckett<span" in page
    told = re.sub(r"<[^>]+>", "", page)
    invited = re.search(r"Sign in at (\S+) as (\S+) with the password (\S+)", told)
    assert invited is not None
    place, name, password = invited.groups()
    assert (place.endswith("/console"), name) == (True, "tom@example.com")
    assert (await (await office.browser()).sign_in(name, password)).status_code == 303
    page = (await visitor.post("/console/accounts", {**tom, "name": "t2", "display": "TB"})).text
    assert ">TB<span" in page
    which = page.split(">admin</th>")[1].split("/console/accounts/")[1].split("/")[0]
    maya = {"role": "admin", "rep": "maya-lindqvist"}
    await visitor.post(f"/console/accounts/{which}/role", maya)
    assert ">Maya Lindqvist</summary>" in (await visitor.see("/console/me")).text


async def test_the_last_admin_cannot_be_lost(office: Office):
    visitor = await office.browser("admin")
    page = (await visitor.see("/console/accounts")).text
    which = page.split(">admin</th>")[1].split("/console/accounts/")[1].split("/")[0]
    for act, form in (("disable", {}), ("role", {"role": "manager"})):
        answer = await visitor.post(f"/console/accounts/{which}/{act}", form)
        assert answer.status_code == 409
    assert (await visitor.see("/console/accounts")).status_code == 200


async def test_a_password_is_chosen_by_who_knows_the_present_one_and_ends_other_sessions(
    office: Office,
):
    visitor, elsewhere = await office.browser("rep"), await office.browser("rep")
    new = "a-better-one-than-that"
    for given in ({"old": "no", "new": new, "again": new}, {"old": PASSWORD, "new": "short"},
                  {"old": PASSWORD, "new": new, "again": "other"}):  # fmt: skip
        assert (await visitor.post("/console/me", given)).status_code == 422
    done = await visitor.post("/console/me", {"old": PASSWORD, "new": new, "again": new})
    assert done.headers["location"] == "/console/me?changed"
    assert (await visitor.see("/console/me")).status_code == 200
    assert (await elsewhere.see("/console/me")).status_code == 303
    assert (await (await office.browser()).sign_in("rep", new)).status_code == 303


async def test_every_answer_forbids_scripts_frames_and_caching(office: Office):
    visitor = await office.browser("rep")
    pages: list[httpx.Response] = [
        await visitor.see(path)
        for path in ("/console/me", "/console/nowhere", "/console/sign-in", "/console/accounts")
    ]
    for page in pages:
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy and page.headers["cache-control"] == "no-store"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert " style=" not in page.text and "onclick" not in page.text
    assert pages[1].status_code == 404


async def test_behind_tls_cookies_are_for_tls_alone(store: Store):
    office = Office(store, "https://agent.example")
    await office.hire("rep", "rep")
    visitor = await office.browser()
    answer = await visitor.sign_in("rep", PASSWORD)
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if "console" in c]
    assert cookie.startswith("__Host-voice_agent_console=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "max-age" in (await visitor.see("/console/me")).headers["strict-transport-security"]


@pytest.mark.parametrize("name", ["..%2f..%2fdoors.py", "%2e%2e/doors.py", "doors.py", "", "."])
async def test_no_file_but_the_consoles_own_is_served(office: Office, name: str):
    answer = await (await office.browser()).see(f"/console/static/{name}")
    assert answer.status_code in (303, 404) and "import" not in answer.text


async def test_a_script_is_told_in_json_that_it_is_signed_out(office: Office):
    visitor = await office.browser()
    headers = {"sec-fetch-mode": "cors", "accept": "application/json"}
    answer = await visitor.see("/console/me", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signed-out")


async def test_who_posts_when_signed_out_is_led_back_to_where_they_were(office: Office):
    visitor = await office.browser()
    for came, back in (
        ("http://agent/console/people?q=x", "/console/people%3Fq%3Dx"),
        ("http://evil/elsewhere", "/console"), ("http://[", "/console"), ("", "/console"),
    ):  # fmt: skip
        headers = {"sec-fetch-mode": "navigate", "referer": came}
        answer = await visitor.client.post("/console/views", headers=headers)
        assert answer.status_code == 401 and "data-refused" in answer.text
        assert f'href="/console/sign-in?next={back}"' in answer.text


async def test_the_database_refuses_to_change_the_audit(both: Store):
    line = Audited(Office(both).at, "rep", "play", "conversation:c1", {"from_ms": 5})
    await both.write("t", lambda c: audit.record(c, line))
    for statement in ("UPDATE audit SET account = 'nobody'", "DELETE FROM audit"):
        with pytest.raises(StoreFailed, match="append-only"):
            await both.write("t", lambda c, s=statement: c.execute(sa.text(s)))  # type: ignore[misc]
    (kept,) = await both.query(lambda c: audit.lines(c))
    assert (kept.account, kept.act, kept.detail) == ("rep", "play", {"from_ms": 5})


@pytest.mark.parametrize("given", ["short", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_a_poor_password_is_refused(given: str):
    assert fault(given, "rep")


def test_a_made_up_password_is_a_good_one_and_never_the_same():
    assert not fault(made_up(), "rep") and made_up() != made_up()


async def test_files_of_this_version_are_kept_for_good_and_others_for_minutes(office: Office):
    browser = await office.browser("rep")
    page = (await browser.see("/console/queues/all")).text
    named = re.search(r"/console/static/queue\.js\?[0-9a-f]+", page)
    assert named is not None
    kept = (await browser.see(named[0])).headers["cache-control"]
    assert "immutable" in kept
    for other in ("/console/static/queue.js?0", "/console/static/queue.js"):
        assert (await browser.see(other)).headers["cache-control"] == "public, max-age=300"


async def test_the_sheets_of_a_page_are_all_the_style_its_policy_lets_apply(office: Office):
    answer = await (await office.browser()).see("/console/sign-in")
    (sheet,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    (policy,) = re.findall(r"style-src ([^;]*)", answer.headers["content-security-policy"])
    assert f"'sha256-{digest}'" in policy.split()
    assert all(allowed.startswith("'sha256-") for allowed in policy.split())
