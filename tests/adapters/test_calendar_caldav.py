"""CalDAV on a real server: what is stored, what errors say, whose account opens what."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from core.errors import CalendarFailed
from core.scheduling.ports import CalendarEntry
from knowledge.profile import Rep
from tests.contracts.desk import COMPANY, MAYA, NOW
from tests.fakes.radicale import Radicale, radicale
from voice_agent.adapters.caldav_wire import CalDav, Target
from voice_agent.adapters.calendar_caldav import CalDavDiary
from voice_agent.adapters.calendars import caldav_targets
from voice_agent.errors import ConfigError

pytestmark = pytest.mark.real_clock
ENTRY = CalendarEntry(
    "b1@tideline.voice-agent", 0, MAYA.id, "Intro with jane@acme.example", "What was said.",
    NOW, NOW + timedelta(minutes=30), "jane@acme.example",
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale(tmp_path_factory.mktemp("radicale"), MAYA.id) as running:
        yield running


async def test_a_meeting_is_stored_with_its_zone_and_guest_and_no_mail_is_asked_for(server):
    async with httpx.AsyncClient() as client:
        diary = CalDavDiary(CalDav(client), server.target(MAYA.id), lambda: NOW)
        assert await diary.add(MAYA, ENTRY) and not await diary.add(MAYA, ENTRY)
    (text,) = (t.replace("\r\n ", "") for t in server.texts(MAYA.id))
    assert f"DTSTART;TZID={MAYA.timezone}:" in text and "mailto:jane@acme.example" in text
    assert text.count("SCHEDULE-AGENT=CLIENT") == 2 and "METHOD" not in text


async def test_errors_name_the_remedy(server):
    good = server.target(MAYA.id)
    wrong = {
        "CALDAV_ACCOUNTS": replace(good, password="old"),
        "`calendar` of the rep": replace(good, url=f"{server.url}/{MAYA.id}/none/"),
    }
    async with httpx.AsyncClient() as client:
        for remedy, target in wrong.items():
            with pytest.raises(CalendarFailed) as failed:
                await CalDav(client).between(target, NOW, NOW + timedelta(days=1))
            assert remedy in str(failed.value) and not failed.value.retryable
            assert good.password not in str(failed.value)
        diary = CalDavDiary(CalDav(client), good, lambda: NOW)
        assert await diary.tried(MAYA) == good.url
        home = CalDavDiary(
            CalDav(client), replace(good, url=f"{server.url}/{MAYA.id}/"), lambda: NOW
        )
        with pytest.raises(CalendarFailed, match="no calendar that can be written"):
            await home.tried(MAYA)


def test_accounts_are_given_to_reps_with_an_address_and_mistakes_are_named():
    address = "https://dav.example/maya/work"
    team = tuple(at_address(r, address if r.id == MAYA.id else r.calendar) for r in COMPANY.team)
    company = COMPANY.model_copy(update={"team": team})
    found = caldav_targets(company, "*=sales:p%3Aw maya-lindqvist=maya:s%20p")
    assert found == {MAYA.id: Target(address + "/", "maya", "s p")}
    assert caldav_targets(company, "*=sales:p%3Aw")[MAYA.id].password == "p:w"
    for wrong in ("maya-lindqvist", "=a:b", "maya-lindqvist=justauser", "nobody=a:b"):
        with pytest.raises(ConfigError, match="rep=user:password"):
            caldav_targets(company, wrong)
    plain = COMPANY.model_copy(update={"team": (at_address(MAYA, "http://dav.example/maya"),)})
    with pytest.raises(ConfigError, match="in the clear"):
        caldav_targets(plain, "*=a:b")


def at_address(rep: Rep, calendar: str | None) -> Rep:
    return rep.model_copy(update={"calendar": calendar})


async def test_an_event_can_be_changed_behind_a_proxy_that_compresses():
    """Compressing makes an ETag weak (RFC 9110, 8.8.3), and a weak one matches nothing."""

    def proxied(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            weak = "W/" if "gzip" in request.headers["accept-encoding"] else ""
            return httpx.Response(200, headers={"ETag": f'{weak}"1"'}, text="BEGIN:VCALENDAR")
        return httpx.Response(204 if request.headers["if-match"] == '"1"' else 412)

    target = Target("https://dav.example/maya/", "maya", "secret")
    async with httpx.AsyncClient(transport=httpx.MockTransport(proxied)) as client:
        stored = await CalDav(client).find(target, ENTRY.uid)
        assert stored is not None and await CalDav(client).put_over(target, stored, "BEGIN")


async def test_a_server_is_left_alone_as_long_as_it_asks():
    busy = httpx.Response(503, headers={"Retry-After": "120"})
    target = Target("https://dav.example/maya/", "maya", "secret")
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: busy)) as client:
        with pytest.raises(CalendarFailed) as failed:
            await CalDav(client).between(target, NOW, NOW + timedelta(days=1))
    assert failed.value.retryable and failed.value.after_s == 120
