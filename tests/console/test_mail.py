"""Mail that waits for a person: drafts sent, changed and discarded, and mails left to somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from core.store.mail_tables import MailInRow, MailOutRow
from tests.console.calls import keep, seat, written
from tests.console.conftest import Office
from tests.fakes.a_call import AT

DRAFT = "va.reply.1@tideline.example"
HERE = "/console/calls/c1"
QUEUE = "/console/queues/mail"


@dataclass
class Desk:
    """Decides by the store alone; nothing is sent."""

    office: Office
    decided: list[tuple[str, ...]] = field(default_factory=list)

    async def approve(
        self, mail_id: str, text: str | None = None, subject: str | None = None
    ) -> bool:
        self.decided.append(("approve", mail_id, text or "", subject or ""))
        return await self.office.store.mails.change(mail_id, "draft", status="queued", text=text)

    async def edit(self, mail_id: str, text: str, subject: str | None = None) -> bool:
        return await self.office.store.mails.change(mail_id, "draft", text=text)

    async def reject(self, mail_id: str, why: str = "") -> bool:
        return await self.office.store.mails.change(mail_id, "draft", status="rejected", why=why)

    async def settle(self, key: str, why: str) -> bool:
        return await self.office.store.mails.release(key, why)


async def drafted(office: Office) -> Desk:
    """The office with a desk, and a draft that waits."""
    desk = Desk(office)
    office.desk = desk
    office.open()
    await keep(office, [*written("email")])
    draft = MailOutRow(
        id=DRAFT, conversation_id="c1", recipient="ana@ruiz.example", subject="Re: Prices",
        text="Hi Ana,\n\nStarter is $390 a month.\n", letter={"turn": 1}, status="draft",
        created_at=AT,
    )  # fmt: skip
    await office.store.mails.queue(draft)
    return desk


@pytest.fixture
async def desk(office: Office) -> Desk:
    return await drafted(office)


async def act(office: Office, does: str, said: Mapping[str, str], who: str = "rep") -> int:
    visitor = await seat(office, who)
    answer = await visitor.post(
        f"/console/mail/{DRAFT}", {"back": HERE, "act": does, **said}, on=HERE
    )
    return answer.status_code


async def test_a_draft_stands_in_its_queue_and_on_its_page_as_not_sent(office: Office, desk: Desk):
    rep = await seat(office, "rep")
    queue, page = (await rep.see(QUEUE)).text, (await rep.see(HERE)).text
    assert "ana@ruiz.example" in queue and "Re: Prices" in queue and f"{HERE}#mail" in queue
    assert "not sent yet" in page and "Starter is $390 a month." in page


async def test_a_draft_is_sent_with_the_words_of_the_form(office: Office, desk: Desk):
    said = {"text": "Hi Ana,\r\n\r\nIt is $390.", "subject": "Re: Prices"}
    assert await act(office, "send", said) == 303
    assert desk.decided == [("approve", DRAFT, "Hi Ana,\n\nIt is $390.", "Re: Prices")]
    rep = await seat(office, "rep")
    assert "on its way" in (await rep.see(HERE)).text
    assert "No draft waits" in (await rep.see(QUEUE)).text
    admin = await seat(office, "admin")
    assert "mail send" in (await admin.see("/console/audit")).text


async def test_words_are_kept_without_sending(office: Office, desk: Desk):
    assert await act(office, "save", {"text": "Later.", "subject": "Re: Prices"}) == 303
    row = await office.store.mails.out(DRAFT)
    assert row and (row.status, row.text) == ("draft", "Later.")


async def test_a_discarded_draft_says_who_and_why_and_is_decided_once(office: Office, desk: Desk):
    assert await act(office, "reject", {"why": "They called."}) == 303
    page = (await (await seat(office, "rep")).see(HERE)).text
    assert "not sent" in page and "rep: They called." in page and 'id="mail"' not in page
    assert await act(office, "send", {"text": "Hi", "subject": "Re"}, "manager") == 409


@pytest.mark.parametrize(
    "does, said, status",
    [
        ("send", {"text": " ", "subject": "Re"}, 422),
        ("send", {"text": "Hi"}, 422),
        ("burn", {"text": "Hi", "subject": "Re"}, 422),
    ],
)
async def test_what_makes_no_sense_leaves_the_draft(
    office: Office, desk: Desk, does: str, said: dict[str, str], status: int
):
    assert await act(office, does, said) == status
    row = await office.store.mails.out(DRAFT)
    assert row and row.status == "draft"


async def test_without_mail_nothing_is_decided_and_the_queue_says_so(office: Office):
    rep = await seat(office, "rep")
    assert "No mailbox is connected" in (await rep.see(QUEUE)).text
    assert (await rep.post(f"/console/mail/{DRAFT}", {"act": "send"})).status_code == 422


async def test_a_mail_left_to_a_person_is_opened_and_settled(office: Office, desk: Desk):
    raw = b"From: dana@northwind.example\nSubject: Contract\n\nPlease call me.\n"
    await office.store.mails.receive(
        MailInRow(
            key="k1", raw=raw, received_at=AT - timedelta(hours=1), status="held",
            why="left to a person", correspondent="dana@northwind.example", subject="Contract",
        )
    )  # fmt: skip
    rep = await seat(office, "rep")
    page = (await rep.see(QUEUE)).text
    assert "Contract" in page and "left to a person" in page
    mail = await rep.client.get("/console/mail/left/k1/mail.eml")
    assert mail.content == raw and "attachment" in mail.headers["content-disposition"]
    settled = "/console/mail/left/k1/settle"
    assert (await rep.post(settled, on=QUEUE)).status_code == 303
    assert "Contract" not in (await rep.see(QUEUE)).text
    assert (await rep.post(settled, on=QUEUE)).status_code == 409
    assert (await rep.client.get("/console/mail/left/k1/mail.eml")).status_code == 404
