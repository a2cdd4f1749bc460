"""A real mailbox: nothing is lost to other readers, renumbering, crashes or a mail's size."""

import imaplib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import anyio
import pytest
from anyio import to_thread

from core.clock import utc_now
from core.errors import StoreFailed
from core.store.store import Store
from tests.channels.email.mails import COST, buyer_mail
from tests.fakes.dovecot import PASSWORD, USER, MailServer, dovecot
from voice_agent.channels.email.imap import (
    MOST_REFUSALS,
    Mailbox,
    MailboxFailed,
    MailRefused,
)
from voice_agent.channels.email.settings import Account

pytestmark = pytest.mark.real_clock


@pytest.fixture
def server() -> Iterator[MailServer]:
    with dovecot() as running:
        yield running


@dataclass
class Taken:
    """What was read; the first `failing` tries cannot be stored."""

    mails: list[bytes] = field(default_factory=list)
    failing: int = 0

    async def __call__(self, raw: bytes) -> None:
        if self.failing:
            self.failing -= 1
            raise StoreFailed("away")
        self.mails.append(raw)

    def subjects(self) -> list[str]:
        lines = [line for raw in self.mails for line in raw.decode().splitlines()]
        return [line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: ")]


def box(server: MailServer, store: Store, taken: Taken, **changes: object) -> Mailbox:
    account = Account("127.0.0.1", server.port, "none", USER, PASSWORD)
    made = Mailbox(account, store.mails, taken, utc_now, 1_000_000, poll_s=0.05)
    return replace(made, **changes)  # type: ignore[arg-type]


async def look(mailbox: Mailbox) -> None:
    await to_thread.run_sync(mailbox._look)


def delivered(server: MailServer, *names: str) -> None:
    for name in names:
        server.deliver(buyer_mail(COST, subject=name), name)


def other_reader(server: MailServer) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", server.port)
    client.login(USER, PASSWORD)
    client.select("INBOX")
    return client


async def test_what_lay_there_before_is_left_alone_and_what_comes_is_taken_once(
    server: MailServer, store: Store
):
    taken = Taken()
    delivered(server, "old")
    await look(box(server, store, taken))
    delivered(server, "one", "two")
    for _ in range(3):
        await look(box(server, store, taken))
    assert taken.subjects() == ["one", "two"]


async def test_a_mail_another_reader_has_seen_is_taken_all_the_same(
    server: MailServer, store: Store
):
    taken = Taken()
    await look(box(server, store, taken))
    delivered(server, "one")
    client = other_reader(server)
    client.store("1", "+FLAGS", r"(\Seen)")
    client.logout()
    await look(box(server, store, taken))
    assert taken.subjects() == ["one"]


async def test_a_mail_that_could_not_be_stored_is_read_again(server: MailServer, store: Store):
    taken = Taken(failing=1)
    await look(box(server, store, taken))
    delivered(server, "one", "two")
    with pytest.raises(StoreFailed):
        await look(box(server, store, taken))
    client = other_reader(server)
    assert client.search(None, "SEEN")[1] == [b""], "it is not marked before it is stored"
    client.logout()
    await look(box(server, store, taken))
    assert taken.subjects() == ["one", "two"]


async def test_a_renumbered_mailbox_loses_nothing_and_brings_back_nothing_old(
    server: MailServer, store: Store
):
    taken = Taken()
    delivered(server, "old")
    await anyio.sleep(1.1)  # the server tells arrivals by the second
    await look(box(server, store, taken))
    delivered(server, "one")
    await look(box(server, store, taken))
    server.renumber()
    delivered(server, "two")
    await look(box(server, store, taken))
    await look(box(server, store, taken))
    assert "old" not in taken.subjects()
    assert set(taken.subjects()) == {"one", "two"}, "one may come twice: it is known by its key"


async def test_a_mail_the_server_cannot_read_keeps_no_later_one_from_being_read(
    server: MailServer, store: Store
):
    taken = Taken()
    mailbox = box(server, store, taken)
    await look(mailbox)
    delivered(server, "broken", "later")
    server.lock("broken")
    for _ in range(MOST_REFUSALS):
        assert not taken.mails, "it may be a passing fault"
        with pytest.raises(MailRefused):
            await look(mailbox)
    await look(mailbox)
    assert taken.subjects() == ["later"]


async def test_a_folder_may_have_any_name(server: MailServer, store: Store):
    client = other_reader(server)
    client.create('"Entw&APw-rfe &- Eing&AOQ-nge"')
    client.logout()
    made = box(server, store, Taken())
    for folder in ("Entwürfe & Eingänge", "Entw&APw-rfe &- Eing&AOQ-nge"):
        await look(replace(made, account=replace(made.account, folder=folder)))


async def test_a_password_may_have_any_letters(store: Store):
    with dovecot(password="größer") as server:
        made = box(server, store, Taken())
        await look(replace(made, account=replace(made.account, password="größer")))


async def test_of_a_huge_mail_the_headers_are_kept(server: MailServer, store: Store):
    taken = Taken()
    await look(box(server, store, taken, largest=2_000))
    server.deliver(buyer_mail("x\n" * 5_000, subject="huge"), "huge")
    await look(box(server, store, taken, largest=2_000))
    assert taken.subjects() == ["huge"] and len(taken.mails[0]) < 2_000


@asynccontextmanager
async def watching(mailbox: Mailbox) -> AsyncIterator[None]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(mailbox.watch)
        yield
        tasks.cancel_scope.cancel()


async def test_mail_is_watched_for(server: MailServer, store: Store):
    taken = Taken()
    await look(box(server, store, taken))
    async with watching(box(server, store, taken)):
        delivered(server, "one")
        with anyio.fail_after(20):
            while not taken.mails:  # noqa: ASYNC110
                await anyio.sleep(0.05)


@pytest.mark.parametrize("changes", [{"port": 1}, {"password": "wrong"}, {"folder": "Nowhere"}])
async def test_a_wrong_account_says_what_is_wrong(
    server: MailServer, store: Store, changes: dict[str, object]
):
    made = box(server, store, Taken())
    account = replace(made.account, **changes)  # type: ignore[arg-type]
    with pytest.raises(MailboxFailed):
        await look(replace(made, account=account))
