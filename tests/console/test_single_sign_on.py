"""Signing in at an identity provider: the way there and back, and attacks on it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from core.store import accounts, audit
from core.store.identities import LASTS
from tests.console.conftest import PASSWORD, Office
from tests.fakes.browser import Visitor
from tests.fakes.keys import made_key
from tests.fakes.oidc_provider import CLIENT, SECRET, OidcProvider
from voice_agent.config import Settings
from voice_agent.console.oidc.doors import BACK, BEGIN
from voice_agent.console.oidc.provider import Provider
from voice_agent.console.oidc.terms import Terms, terms_of
from voice_agent.errors import ConfigError

pytestmark = pytest.mark.real_clock
ROLES = {"sales": "rep", "leads": "manager", "it": "admin"}


@pytest.fixture
def idp(office: Office) -> Iterator[OidcProvider]:
    with OidcProvider(lambda: office.at, f"http://agent{BACK}") as provider:
        use(office, provider)
        yield provider


def use(office: Office, idp: OidcProvider, **different: Any) -> None:
    terms = Terms(idp.url, CLIENT, SECRET, ROLES, domains=("example.com",))
    client = httpx.AsyncClient(timeout=5, trust_env=False, verify=False)
    office.provider = Provider(client, replace(terms, **different), lambda: office.at)
    office.__post_init__()


async def sent_to(visitor: Visitor, wanted: str = "") -> str:
    """Begin; the address at the provider that the browser is sent to."""
    answer = await visitor.see(BEGIN, params={"next": wanted} if wanted else {})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def back_from(address: str) -> str:
    """Sign in at the provider; the address it sends the browser back to."""
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        answer = await client.get(address)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def through(visitor: Visitor, wanted: str = "") -> httpx.Response:
    """The whole way."""
    return await visitor.see(await back_from(await sent_to(visitor, wanted)))


async def refusals(office: Office) -> list[str]:
    lines = await office.store.query(lambda c: audit.lines(c, act="sign-in refused"))
    return [line.detail.get("why", "") for line in lines]


async def test_a_colleague_signs_in_at_the_provider_and_gets_an_account_with_their_role(
    office: Office, idp: OidcProvider
):
    idp.person["email"] = office.services().company().company.team[0].email.upper()
    use(office, idp, domains=(idp.person["email"].partition("@")[2].lower(),))
    visitor = await office.browser()
    page = (await visitor.see("/console/sign-in?next=/console/queues/flagged")).text
    assert "Sign in with 127.0.0.1" in page and "/console/sign-in/oidc?next=/console/queues" in page
    answer = await through(visitor, "/console/queues/flagged?days=7")
    assert answer.headers["location"] == "/console/queues/flagged?days=7"
    me = await visitor.see("/console/me")
    assert "Dana Reyes" in me.text and "identity provider" in me.text
    assert (await visitor.see("/console/audit")).status_code == 403, "a rep"
    everyone = await office.store.query(accounts.everyone)
    (dana,) = [one for one in everyone if one.display == "Dana Reyes"]
    assert (dana.role, dana.password) == ("rep", "")
    assert dana.rep == office.services().company().company.team[0].id
    acts = [line.act for line in await office.store.query(lambda c: audit.lines(c))]
    assert acts == ["sign-in", "account added"]
    assert (await (await office.browser()).sign_in(dana.name, "")).status_code == 401
    left = await visitor.post("/console/sign-out")
    assert "Sign out of 127.0.0.1 too" in (await visitor.see(left.headers["location"])).text
    gone = await visitor.see("/console/sign-in/oidc/leave")
    assert gone.headers["location"] == f"{idp.url}/leave?from=console&client_id=console"


async def test_the_provider_says_the_role_anew_at_each_sign_in_and_the_session_is_short(
    office: Office, idp: OidcProvider
):
    visitor = await office.browser()
    await through(visitor)
    idp.person["groups"] = ["sales", "it"]
    await through(visitor)
    assert (await visitor.see("/console/accounts")).status_code == 200
    assert f"signs in at {idp.url}" in (await visitor.see("/console/accounts")).text
    idp.person["groups"] = ["everyone"]
    answer = await through(await office.browser())
    assert answer.status_code == 403 and "no role here" in answer.text
    assert (await visitor.see("/console/me")).status_code == 303, "what was open is over"
    idp.person["groups"] = "sales"
    await through(visitor)
    for _ in range(2):
        office.at += LASTS / 2 - timedelta(minutes=5)
        assert (await visitor.see("/console/me")).status_code == 200
    office.at += timedelta(minutes=11)
    assert (await visitor.see("/console/me")).status_code == 303


async def test_an_account_made_beforehand_is_taken_over_once_and_by_its_address_alone(
    office: Office, idp: OidcProvider
):
    known = await office.hire("dana@example.com", "manager")
    visitor = await office.browser()
    assert (await through(visitor)).status_code == 303
    found = await office.store.query(lambda c: accounts.by_id(c, known))
    assert found is not None and found.role == "rep", "the provider's word"
    assert (await (await office.browser()).sign_in("dana@example.com", PASSWORD)).status_code == 303
    idp.person["email"] = "dana.new@example.com"
    assert (await through(visitor)).status_code == 303
    everyone = await office.store.query(accounts.everyone)
    assert "dana.new@example.com" not in [one.name for one in everyone], "still the same person"
    idp.person |= {"sub": "u-2002", "email": "dana@example.com"}
    answer = await through(await office.browser())
    assert answer.status_code == 403 and "belongs to somebody else" in answer.text
    assert await refusals(office) == ["taken"]


async def test_who_is_shut_out_stays_out(office: Office, idp: OidcProvider):
    visitor = await office.browser()
    await through(visitor)
    dana = next(one for one in await office.store.query(accounts.everyone) if "dana" in one.name)
    admin = await office.browser("admin")
    await admin.post(f"/console/accounts/{dana.id}/disable")
    assert (await visitor.see("/console/me")).status_code == 303
    assert (await through(visitor)).status_code == 403
    gone = await office.hire("gone@example.com", "rep")
    await admin.post(f"/console/accounts/{gone}/disable")
    idp.person |= {"sub": "u-3", "email": "gone@example.com"}
    assert (await through(await office.browser())).status_code == 403
    assert await refusals(office) == ["disabled", "disabled"]


def unsigned(idp: OidcProvider, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", "none", {"kid": idp.kid})


def by_public_key(idp: OidcProvider, claims: dict[str, Any]) -> str:
    """HS256 with the public key as the secret, as a careless verifier would take it."""
    secret = idp.pem.replace(b"-----BEGIN", b"-----begin")  # the library refuses to sign with one
    return jwt.encode(claims, secret, "HS256", {"kid": idp.kid})


def by_another_key(idp: OidcProvider, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, made_key(90), "RS256", {"kid": idp.kid})


def with_a_key_of_its_own(idp: OidcProvider, claims: dict[str, Any]) -> str:
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(made_key(90).public_key(), as_dict=True)
    return jwt.encode(claims, made_key(90), "RS256", {"kid": "mine", "jwk": jwk})


def saying(**other: Any) -> Any:
    def forge(idp: OidcProvider, claims: dict[str, Any]) -> str:
        return idp.sign({k: v for k, v in (claims | other).items() if v is not None})

    return forge


ATTACKS = [
    (saying(aud="another-client"), "audience"),
    (saying(aud=[]), "audience"),
    (saying(aud=[CLIENT, "another"]), "authorised-party"),
    (saying(azp="another-client"), "authorised-party"),
    (saying(nonce="an older sign-in's"), "nonce"),
    (saying(nonce=None), "nonce"),
    (saying(iss="https://evil.example"), "issuer"),
    (saying(exp=1), "expired"),
    (saying(exp=None), "times"),
    (saying(exp=True), "times"),
    (saying(iat=9_999_999_999), "not-yet-valid"),
    (saying(sub=None), "subject"),
    (saying(sub=""), "subject"),
    (saying(email_verified=False), "email-unverified"),
    (saying(email_verified=None), "email-unverified"),
    (saying(email="dana@evil.example"), "domain"),
    (saying(email="dana@example.com.evil.example"), "domain"),
    (saying(email="dana@evil.example@example.com"), "no-email"),
    (saying(email=None), "no-email"),
    (unsigned, "algorithm"),
    (by_public_key, "algorithm"),
    (by_another_key, "signature"),
    (with_a_key_of_its_own, "unknown-key"),
    (lambda idp, claims: "not.a.token", "token"),
    (lambda idp, claims: idp.sign(claims)[:-6] + "AAAAAA", "signature"),
    (lambda idp, claims: idp.sign(claims, kid="seals"), "unknown-key"),
    (lambda idp, claims: None, "no-id-token"),
]  # fmt: skip


async def test_a_token_that_is_not_right_in_everything_lets_nobody_in(
    office: Office, idp: OidcProvider
):
    idp.said = {"userinfo_endpoint": ""}
    visitor = await office.browser()
    for idp.forge, _ in ATTACKS:
        assert (await through(visitor)).status_code == 403
        office.at += timedelta(seconds=20)
    assert "voice_agent_console" not in visitor.client.cookies
    assert (await refusals(office))[::-1] == [why for _, why in ATTACKS]
    assert len(await office.store.query(accounts.everyone)) == 3, "nobody was made an account"


async def test_clocks_may_differ_a_little(office: Office, idp: OidcProvider):
    ahead = int(office.at.timestamp()) + 50
    idp.forge = saying(iat=ahead, nbf=ahead)
    assert (await through(await office.browser())).status_code == 303
    idp.forge = saying(exp=int(office.at.timestamp()) - 50)
    assert (await through(await office.browser())).status_code == 303


async def test_a_sign_in_comes_back_once_to_the_browser_that_began_it(
    office: Office, idp: OidcProvider
):
    visitor, other = await office.browser(), await office.browser()
    back = await back_from(await sent_to(visitor))
    assert (await other.see(back)).status_code == 403, "a link that was slipped to somebody"
    await sent_to(other)
    assert (await other.see(back)).status_code == 403, "also who is on their own way"
    kept = visitor.client.cookies["voice_agent_oidc"]
    assert (await visitor.see(back)).status_code == 303
    assert "voice_agent_oidc" not in visitor.client.cookies
    visitor.client.cookies.set("voice_agent_oidc", kept, "agent.local", "/")
    assert (await visitor.see(back)).status_code == 403, "with the cookie put back"
    late = await back_from(await sent_to(visitor))
    office.at += timedelta(minutes=11)
    assert (await visitor.see(late)).status_code == 403, "too long ago"
    visitor.client.cookies.set("voice_agent_oidc", kept[:-1] + "0", "agent.local", "/")
    assert (await visitor.see(late)).status_code == 403, "a cookie of somebody's making"
    assert await refusals(office) == ["state", "state", "replay", "state", "state"]


async def test_a_session_planted_before_is_worth_nothing_and_nobody_is_led_elsewhere(
    office: Office, idp: OidcProvider
):
    visitor = await office.browser()
    visitor.client.cookies.set("voice_agent_console", "planted", "agent.local", "/")
    for wanted in ("https://evil.example/", "//evil.example", "/console/sign-in/oidc/leave"):
        answer = await through(visitor, wanted)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert visitor.client.cookies["voice_agent_console"] != "planted"


async def test_an_answer_of_another_provider_or_without_its_name_is_refused(
    office: Office, idp: OidcProvider
):
    for named in ("https://evil.example", None):
        idp.issuer_in_answer = named
        assert (await through(await office.browser())).status_code == 403
    state = parse_qs(urlsplit(await sent_to(visitor := await office.browser())).query)["state"][0]
    words = {"state": state, "iss": idp.url, "error": "x", "error_description": "Call 555 now"}
    answer = await visitor.see(BACK, params=words)
    assert answer.status_code == 403 and "did not sign you in" in answer.text
    assert "555" not in answer.text, "words of who made the link"
    assert await refusals(office) == ["declined", "issuer", "issuer"]


async def test_new_keys_are_looked_up_and_old_ones_are_not_asked_for_again(
    office: Office, idp: OidcProvider
):
    for _ in range(2):
        assert (await through(await office.browser())).status_code == 303
    assert idp.asked("/keys") == 1 and idp.asked("/.well-known/openid-configuration") == 1
    idp.generation = 1
    assert (await through(await office.browser())).status_code == 303
    assert idp.asked("/keys") == 2
    office.at += timedelta(hours=2)
    assert (await through(await office.browser())).status_code == 303
    assert idp.asked("/keys") == 3, "a key that was withdrawn is not believed for ever"


async def test_what_only_userinfo_tells_is_asked_there_and_of_nobody_else(
    office: Office, idp: OidcProvider
):
    idp.told_apart = ("email", "email_verified", "groups", "name")
    assert (await through(await office.browser())).status_code == 303
    assert idp.asked("/userinfo") == 1
    idp.forge = saying(sub="u-1")
    assert (await through(await office.browser())).status_code == 403
    assert await refusals(office) == ["other-subject"]


@pytest.mark.parametrize("decodes", [True, False])
async def test_a_secret_of_odd_letters_is_taken_by_providers_that_decode_it_and_that_do_not(
    office: Office, idp: OidcProvider, decodes: bool
):
    idp.decodes = decodes
    assert (await through(await office.browser())).is_redirect


async def test_a_secret_that_is_wrong_either_way_lets_nobody_in(office: Office, idp: OidcProvider):
    use(office, idp, client_secret="an/other")
    assert (await through(await office.browser())).status_code == 503


async def test_a_provider_that_is_away_leaves_the_passwords(office: Office, idp: OidcProvider):
    idp.fail("503", "openid-configuration")
    visitor = await office.browser()
    answer = await visitor.see(BEGIN)
    assert answer.status_code == 503 and "cannot be reached just now" in answer.text
    assert (await visitor.sign_in("rep", PASSWORD)).status_code == 303
    back = await back_from(await sent_to(visitor))
    idp.fail("reset", "/token")
    assert (await visitor.see(back)).status_code == 503
    idp.said = {"issuer": "https://evil.example"}
    office.at += timedelta(hours=2)
    assert (await visitor.see(BEGIN)).status_code == 503, "another one answers in its place"
    idp.said = {"token_endpoint": "http://evil.example/token"}
    assert (await visitor.see(BEGIN)).status_code == 503, "our secret goes nowhere in the clear"


async def test_trying_is_slowed_down(office: Office, idp: OidcProvider):
    visitor = await office.browser()
    seen = [(await visitor.see(BEGIN)).status_code for _ in range(21)]
    assert seen == [303] * 20 + [429]


def terms(**given: str) -> Terms | None:
    settings = Settings(_env_file=None, **{f"oidc_{k}": v for k, v in given.items()})  # type: ignore[call-arg,arg-type]
    return terms_of(settings)


def test_settings_that_let_in_the_wrong_people_stop_the_start():
    good = {"issuer": "https://id.example", "client_id": "c", "roles": "Sales Team=rep, it=admin"}
    made = terms(**good, claim="realm_access.roles")
    assert made is not None and terms() is None
    assert made.role_of({"realm_access": {"roles": ["it", "Sales Team"]}}) == "admin"
    assert made.role_of({"realm_access": "it"}) is None and made.role_of({}) is None
    for wrong, named in (
        ({"client_id": ""}, "CLIENT_ID"), ({"issuer": "http://id.example"}, "https"),
        ({"issuer": "https://"}, "https"), ({"roles": ""}, "ROLES"), ({"roles": "it=root"}, "root"),
        ({"roles": "it"}, "group=role"), ({"roles": "*=rep"}, "DOMAINS"),
        ({"roles": "it=rep,it=admin"}, "two roles"),
    ):  # fmt: skip
        with pytest.raises(ConfigError, match=named):
            terms(**good | wrong)
    everybody = terms(**good | {"roles": "*=rep", "domains": "@Example.com"})
    assert everybody is not None and everybody.takes("a@example.com")
    assert not everybody.takes("a@evil-example.com") and everybody.role_of({}) == "rep"
