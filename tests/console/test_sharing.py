"""Links for people without an account: they open what they were made for, for a while."""

import re
from datetime import timedelta

import pytest

from core.store import audit, reviews
from tests.console.calls import keep, record, seat
from tests.console.conftest import Office
from voice_agent.console.sharing import BURST

pytestmark = pytest.mark.real_clock
HERE = "/console/calls/c1"
LISTEN = "c" * 24


async def link(office: Office, **form: str) -> str:
    """A link made by a rep, as it is shown to them."""
    rep = await seat(office, "rep")
    answer = await rep.post(f"{HERE}/shares", {"days": "7", "note": "Jane's boss", **form})
    assert answer.status_code == 303, answer.text
    office.at += timedelta(seconds=1)  # the latest stands first
    return re.findall(r'value="[^"]*(/shared/[^"]+)"', (await rep.see(HERE)).text)[0]


async def lines(office: Office) -> list[tuple[str, str]]:
    told = await office.store.query(lambda c: audit.lines(c))
    return [(line.account, line.act) for line in told if line.act != "sign-in"]


async def test_a_link_shows_what_was_said_and_nothing_else_of_the_call(office: Office):
    await keep(office)
    record(office)
    rep = await seat(office, "rep")
    await rep.post(f"{HERE}/comment", {"key": "a" * 32, "text": "Do not trust him"})
    url = await link(office)
    outsider = await office.browser()
    page = await outsider.see(url)
    assert page.status_code == 200 and "we have twenty people" in page.text
    for inside in ("Do not trust", "ualified", "+1", "4155550123", "Gate", "snowflake@2", "audio",
                   "Sofia", "Verdict", "/console/calls", "csrf", "Jane's boss", "420 ms",
                   "price without a source"):  # fmt: skip
        assert inside not in re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL), inside
    assert (
        page.headers["referrer-policy"] == "no-referrer"
        and "noindex" in page.headers["x-robots-tag"]
    )
    assert (await outsider.see(f"{url}/audio?listen={LISTEN}")).status_code == 403
    assert (await outsider.see(f"{url}/peaks?level=2")).status_code == 403
    assert (await outsider.see(HERE)).status_code == 303  # the console itself stays shut
    assert await lines(office) == [("", "share-opened"), ("rep", "share"), ("rep", "comment")]


async def test_a_link_with_sound_plays_and_every_listening_is_audited_once(office: Office):
    await keep(office)
    record(office)
    url = await link(office, audio="yes")
    outsider = await office.browser()
    page = (await outsider.see(url)).text
    assert f"{url}/audio?listen=" in page
    for _ in range(3):
        got = await outsider.see(f"{url}/audio?listen={LISTEN}", headers={"Range": "bytes=44-99"})
        assert got.status_code == 206 and len(got.content) == 56
    assert (await outsider.see(f"{url}/peaks?level=2")).status_code == 200
    assert [act for who, act in await lines(office) if not who] == ["play", "share-opened"]


async def test_a_link_expires_and_can_be_revoked_by_who_made_it_or_a_manager(office: Office):
    await keep(office)
    record(office)
    url, other = await link(office, audio="yes"), await link(office, audio="yes")
    outsider = await office.browser()
    (mine, theirs) = (await office.store.query(lambda c: reviews.review_of(c, "c1"))).shares
    await office.hire("else", "rep")
    stranger = await seat(office, "else")
    assert (await stranger.post(f"{HERE}/shares/{mine.id}/revoke")).status_code == 403
    manager = await seat(office, "manager")
    gone = url if url.split("/")[2].startswith(mine.id) else other
    assert (await manager.post(f"{HERE}/shares/{mine.id}/revoke")).status_code == 303
    for path in (gone, f"{gone}/audio?listen={LISTEN}", f"{gone}/peaks?level=2"):
        assert (await outsider.see(path)).status_code == 410
    kept = other if gone == url else url
    assert (await outsider.see(kept)).status_code == 200
    office.at += timedelta(days=7)
    assert (await outsider.see(kept)).status_code == 410
    assert theirs.id in kept


async def test_a_link_that_was_tampered_with_opens_nothing(office: Office):
    await keep(office)
    await link(office)
    url = await link(office)
    tokens = re.findall(r"/shared/([^\"]+)", (await (await seat(office, "rep")).see(HERE)).text)
    (share_id, signature), (_, others) = (token.rsplit(".", 1) for token in tokens)
    flipped = f"{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}"
    outsider = await office.browser()
    for tried in (f"{share_id}.{flipped}", f"{share_id[1:]}A.{signature}", f"{share_id}.{others}",
                  share_id, f"{share_id}.", f"..%2Fconsole%2F{tokens[0]}", "é.ü"):  # fmt: skip
        answer = await outsider.see(f"/shared/{tried}")
        assert answer.status_code == 404 and "twenty people" not in answer.text, tried
    assert (await outsider.see(url)).status_code == 200


async def test_an_erasure_closes_the_links_and_leaves_no_words_of_the_review(office: Office):
    await keep(office)
    record(office)
    url = await link(office, audio="yes")
    rep = await seat(office, "rep")
    await rep.post(f"{HERE}/comment", {"key": "b" * 32, "text": "Jane again"})
    await rep.see(f"{HERE}/peaks?level=2")
    changed = await office.store.write("t", lambda c: reviews.forget_review(c, "c1"))
    assert changed == 2
    assert (await (await office.browser()).see(url)).status_code == 410
    told = await office.store.query(lambda c: reviews.review_of(c, "c1"))
    assert [c.text for c in told.comments] == ["[erased]"]
    assert await office.store.query(lambda c: reviews.peaks(c, "c1")) is None
    assert await office.store.write("t", lambda c: reviews.forget_review(c, "c1")) == 0


async def test_links_are_not_guessed_at_speed(office: Office):
    await keep(office)
    url = await link(office)
    outsider = await office.browser()
    told = [(await outsider.see(f"/shared/guess.{n}")).status_code for n in range(BURST + 6)]
    assert told[:BURST] == [404] * BURST and 429 in told[BURST:]
    late = await outsider.see(url)
    assert late.status_code in (200, 429)
    if late.status_code == 429:
        assert int(late.headers["retry-after"]) >= 1
