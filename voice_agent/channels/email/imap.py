"""Reads new mail from a mailbox over IMAP, by the server's own numbering.

Another reader of the mailbox makes us miss nothing: what counts is not the flag "seen" but the UID,
which only grows. The last UID read is kept in the database, and advances only once a mail is
stored. A mail read twice, say after a crash, is recognised by its key. When the server renumbers
(UIDVALIDITY), everything that arrived since the mailbox was first read is fetched again.
"""

import base64
import imaplib
import logging
import re
import ssl
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import anyio
from anyio import from_thread, to_thread

from core.clock import Clock
from core.errors import StoreFailed
from core.store.mail_tables import MailboxRow
from core.store.mails import Mails
from voice_agent.channels.email.settings import Account

log = logging.getLogger(__name__)
POLL_S = 15.0
LONGEST_PAUSE_S = 300.0
TIMEOUT_S = 60.0
AT_ONCE = 50
"""Mails fetched per look, so that a full mailbox does not hold up the rest."""
MOST_REFUSALS = 5
"""Looks, some minutes with their pauses, at which a mail cannot be fetched; then it is left."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_UID = re.compile(rb"UID (\d+)")

Receive = Callable[[bytes], Coroutine[Any, Any, object]]


class MailboxFailed(Exception):
    """The mail server refused or was unreachable."""


class MailRefused(MailboxFailed):
    """The mail server gives out no mail of a UID: it refuses, or hangs up as Dovecot does for a
    mail it cannot read itself."""


@dataclass(slots=True)
class Mailbox:
    """One folder of one account, read until cancelled. `largest`: bytes; of a larger mail only the
    headers are kept, and a person looks at it."""

    account: Account
    mails: Mails
    receive: Receive
    clock: Clock
    largest: int
    poll_s: float = POLL_S
    _refusals: Counter[int] = field(default_factory=Counter)
    """How often each mail was refused, by UID."""

    async def watch(self) -> None:
        """Poll for new mail; failures are logged and retried with growing pauses."""
        pause = self.poll_s
        while True:
            try:
                taken = await to_thread.run_sync(self._look, abandon_on_cancel=True)
                pause = 0.0 if taken == AT_ONCE else self.poll_s
            except (MailboxFailed, StoreFailed) as error:
                pause = min(max(pause, 1.0) * 2, LONGEST_PAUSE_S)
                log.warning("the mailbox is read again in %d s: %s", pause, error)
            except Exception:
                pause = LONGEST_PAUSE_S
                log.exception("reading the mailbox fell over, tried again in %d s", pause)
            await anyio.sleep(pause)

    @property
    def name(self) -> str:
        """The mailbox's name in the database."""
        account = self.account
        return f"{account.user}@{account.host}:{account.port}/{self._folder}"

    @property
    def _folder(self) -> str:
        return self.account.folder or "INBOX"

    def _look(self) -> int:
        """One poll, in a thread; returns how many mails it fetched. Raises: MailboxFailed."""
        try:
            with _signed_in(self.account) as server:
                return self._read(server)
        except (imaplib.IMAP4.error, OSError, ValueError) as error:
            raise MailboxFailed(f"{type(error).__name__}: {error}") from error

    def _read(self, server: imaplib.IMAP4) -> int:
        _select(server, self._folder)
        validity = int(_response(server, "UIDVALIDITY"))
        known = from_thread.run(self.mails.mailbox, self.name)
        if known is None:
            log.info("the mailbox is read from now on; what lay in it is left alone")
            self._mark(validity, max(_after(server, 0), default=0), self.clock())
            return 0
        if known.validity != validity:
            return self._again(server, validity, known.since)
        new = list(_after(server, known.uid))[:AT_ONCE]
        for uid in new:
            try:
                self._take(server, uid)
            except MailRefused:
                if self._given_up(uid):  # it must not keep all later ones from being read
                    self._mark(validity, uid, known.since)
                raise
            self._mark(validity, uid, known.since)
        return len(new)

    def _again(self, server: imaplib.IMAP4, validity: int, since: datetime) -> int:
        """Fetch everything that arrived since the mailbox was first read. The UID is saved only at
        the end, as halfway through nothing distinguishes old mails from new ones."""
        log.warning("the mail server renumbered the mailbox: it is looked through again")
        uid = 0
        for uid in _after(server, 0):
            if self._given_up(uid):
                continue
            about = _fetched(server, uid, "(INTERNALDATE)")
            arrived = imaplib.Internaldate2tuple(about[0]) if about else None
            at = datetime(*arrived[:6]).astimezone(UTC) if arrived else None
            if at is not None and at >= since.replace(microsecond=0):  # servers give whole seconds
                self._take(server, uid)
        self._mark(validity, uid, since)
        return 0

    def _take(self, server: imaplib.IMAP4, uid: int) -> None:
        """Store one mail, then flag it as seen. Raises: MailRefused."""
        try:
            self._keep(server, uid)
        except MailRefused as error:
            self._refusals[uid] += 1
            if self._given_up(uid):
                log.error("%s; it is left in %s, look at it there", error, self.name)
            raise

    def _given_up(self, uid: int) -> bool:
        return self._refusals[uid] >= MOST_REFUSALS

    def _keep(self, server: imaplib.IMAP4, uid: int) -> None:
        about = _fetched(server, uid, "(RFC822.SIZE)")
        if about is None:
            return  # somebody has removed it
        size = _SIZE.search(about[0])
        whole = size is None or int(size[1]) <= self.largest
        got = _fetched(server, uid, "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])")
        if got is None:
            return
        if not whole:
            log.warning(
                "a mail of %s bytes is kept by its headers alone", size and size[1].decode()
            )
        from_thread.run(self.receive, got[1])
        server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _mark(self, validity: int, uid: int, since: datetime) -> None:
        row = MailboxRow(name=self.name, validity=validity, uid=uid, since=since)
        from_thread.run(self.mails.mark_read, row)


def tried(account: Account) -> None:
    """Sign in and open the folder without reading any mail. Blocks. Raises: MailboxFailed."""
    try:
        with _signed_in(account) as server:
            _select(server, account.folder or "INBOX")
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise MailboxFailed(f"{type(error).__name__}: {error}") from error


@contextmanager
def _signed_in(account: Account) -> Iterator[imaplib.IMAP4]:
    if account.tls == "tls":
        context = ssl.create_default_context()
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            account.host, account.port, ssl_context=context, timeout=TIMEOUT_S
        )
    else:
        server = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT_S)
    try:
        if account.tls == "starttls":
            server.starttls(ssl.create_default_context())
        _sign_in(server, account)
        yield server
    finally:
        _leave(server)


def _sign_in(server: imaplib.IMAP4, account: Account) -> None:
    if f"{account.user}{account.password}".isascii():
        server.login(account.user, account.password)
    else:  # LOGIN knows no other letters (RFC 3501, 6.2.3)
        told = f"\0{account.user}\0{account.password}".encode()
        server.authenticate("PLAIN", lambda _: told)


def _select(server: imaplib.IMAP4, folder: str) -> None:
    quoted = _utf7(folder).replace("\\", "\\\\").replace('"', '\\"')
    status, _ = server.select(f'"{quoted}"')
    if status != "OK":
        raise MailboxFailed(f"there is no folder {folder}: correct VOICE_AGENT_EMAIL_IMAP")


def _utf7(folder: str) -> str:
    """A folder's name as IMAP writes it (RFC 3501, 5.1.3); one in ASCII is taken as written so."""
    if folder.isascii():
        return folder

    def run(found: re.Match[str]) -> str:
        packed = base64.b64encode(found[0].encode("utf-16-be")).decode()
        return f"&{packed.rstrip('=').replace('/', ',')}-"

    return re.sub(r"[^\x20-\x7e]+", run, folder.replace("&", "&-"))


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (imaplib.IMAP4.error, OSError):
        with suppress(OSError):
            server.shutdown()


def _response(server: imaplib.IMAP4, name: str) -> str:
    _, data = server.response(name)
    value = data[0] if data else None
    if not isinstance(value, bytes):
        raise MailboxFailed(f"the server tells no {name}")
    return value.decode("ascii", "replace")


def _after(server: imaplib.IMAP4, uid: int) -> Iterator[int]:
    """UIDs above one, in order. `*` means the newest, so that one is returned even when known."""
    status, data = server.uid("SEARCH", f"UID {uid + 1}:*")
    if status != "OK":
        raise MailboxFailed("the search was refused")
    found = (data[0] or b"").split() if data else []
    yield from sorted(n for n in map(int, found) if n > uid)


def _fetched(server: imaplib.IMAP4, uid: int, what: str) -> tuple[bytes, bytes] | None:
    """`(about, bytes)` of a mail; None when it is gone. Responses about other mails are skipped.
    Raises: MailRefused."""
    try:
        status, data = server.uid("FETCH", str(uid), what)
    except imaplib.IMAP4.error as error:
        raise MailRefused(f"mail {uid} cannot be fetched: {error}") from error
    if status != "OK":
        raise MailRefused(f"mail {uid} cannot be fetched: {status} {data}")
    for item in data:
        about, raw = item if isinstance(item, tuple) else (item, b"")
        found = _UID.search(about) if isinstance(about, bytes) else None
        if found and int(found[1]) == uid:
            return about, raw
    return None
