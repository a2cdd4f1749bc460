"""The week's numbers by mail: subscribers get them once each Monday, and can stop by a link."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx
import pytest
from starlette.applications import Starlette

from core.store import audit, weekly
from tests.console.conftest import Office, office
from tests.console.test_queues import call
from tests.fakes.jobs import MemoryJobs
from voice_agent.channels.email.build import From
from voice_agent.channels.email.smtp import NotSent
from voice_agent.weekly_mail import WeeklyMail

__all__ = ["office"]
pytestmark = pytest.mark.real_clock
WEEK_S = 7 * 24 * 3600.0


class Posted:
    """A mail server that refuses as often as it is told to."""

    def __init__(self, *refusals: NotSent) -> None:
        self.refusals = list(refusals)
        self.mails: list[EmailMessage] = []

    async def send(self, raw: bytes, sender: str, recipient: str, *copies: str) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage) and mail["To"].addresses[0].addr_spec == recipient
        self.mails.append(mail)


async def begun(office: Office, posted: Posted, jobs: MemoryJobs) -> WeeklyMail:
    made = WeeklyMail(
        store=office.store, company=lambda: office.services().company().company, sender=posted,
        from_=From("agent@tideline.example", "Tideline"), jobs=jobs, secret=b"secret",
        public_url="https://agent.example", clock=jobs.clock,
    )  # fmt: skip
    await made.plan()
    return made


async def test_who_asked_gets_the_week_once_each_monday_at_eight_in_the_companys_zone(
    office: Office,
):
    await call(office.store, "a", called="+16175550142", at=office.at)
    rep, manager = await office.browser("rep"), await office.browser("manager")
    sofia = office.services().company().company.person("sofia-alvarez")
    assert sofia is not None
    assert f"mailed to {sofia.email}" in (await rep.see("/console/numbers")).text
    assert (await rep.post("/console/numbers/weekly", {"on": "yes"})).is_redirect
    assert (await rep.post("/console/numbers/weekly", {"on": "yes"})).is_redirect, "again"
    assert "Stop them" in (await rep.see("/console/numbers")).text
    assert (await manager.post("/console/numbers/weekly", {"on": "yes"})).status_code == 409
    posted, jobs = Posted(NotSent("greylisted", final=False)), MemoryJobs(office.at)
    await begun(office, posted, jobs)
    await begun(office, posted, jobs)
    await jobs.run(WEEK_S)
    (mail,) = posted.mails
    zone = office.services().company().company.timezone
    assert zone == "America/New_York" and "08:00:00 -0" in mail["Date"]
    assert "1 conversation," in mail["Subject"] and mail["Auto-Submitted"] == "auto-generated"
    plain, shown = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None and shown is not None
    assert "+1 617-555-0142: 1 conversation, " in plain.get_content()
    known, _, unknown = plain.get_content().partition("Not known yet:")
    assert "Came to the meeting: " in unknown and "Came to" not in known
    assert "unknown" not in known and "the week before" in known
    assert "<li>Came to the meeting: " in shown.get_content()
    assert "<th" in shown.get_content() and "/console/numbers?since=" in shown.get_content()
    await jobs.run(WEEK_S)
    assert len(posted.mails) == 2 and "0 conversations" in posted.mails[1]["Subject"]
    assert "the week before 1" in str(posted.mails[1].get_body(("plain",)))


async def test_the_link_in_it_stops_it_after_a_question_and_a_forged_one_does_nothing(
    office: Office,
):
    account = await office.hire("kim@example.com", "manager")
    await office.store.write("t", lambda c: weekly.want(c, account, office.at))
    posted, jobs = Posted(), MemoryJobs(office.at)
    made = await begun(office, posted, jobs)
    await jobs.run(WEEK_S)
    (mail,) = posted.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>").removeprefix("https://agent.example")
    app = Starlette(routes=[*made.routes()])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://agent"
    ) as browser:
        forged = link[:-1] + ("0" if link[-1] != "0" else "1")
        assert (await browser.post(forged)).status_code == 404
        assert "Stop the weekly numbers?" in (await browser.get(link)).text
        assert await office.store.query(lambda c: weekly.wants(c, account))
        assert (await browser.post(link)).status_code == 200
        assert (await browser.post(link)).status_code == 200, "twice does no harm"
    assert not await office.store.query(lambda c: weekly.wants(c, account))
    acts = [line.act for line in await office.store.query(lambda c: audit.lines(c))]
    assert acts.count("weekly mail off") == 1
    await jobs.run(WEEK_S)
    assert len(posted.mails) == 1


async def test_who_is_shut_out_gets_none_and_weeks_nobody_was_up_for_are_let_go(office: Office):
    account = await office.hire("kim@example.com", "manager")
    await office.store.write("t", lambda c: weekly.want(c, account, office.at))
    posted, jobs = Posted(), MemoryJobs(office.at)
    await begun(office, posted, jobs)
    jobs.now += timedelta(days=24)
    await jobs.run()
    assert not posted.mails, "the Monday is long past"
    admin = await office.browser("admin")
    await admin.post(f"/console/accounts/{account}/disable")
    await jobs.run(WEEK_S)
    assert not posted.mails
    await admin.post(f"/console/accounts/{account}/enable")
    posted.refusals = [NotSent("no such mailbox", final=True)]
    await jobs.run(2 * WEEK_S)
    assert len(posted.mails) == 1
