"""A real IMAP server on loopback (Dovecot), with one mailbox. Tests that need it skip without it."""  # noqa: E501

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.ports import free_port

PROGRAM = shutil.which("dovecot") or (
    "/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None
)
USER, PASSWORD = "sales", "secret"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_login_user = {login}
default_internal_group = {group}
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@dataclass(frozen=True)
class MailServer:
    """`deliver` puts a mail in the mailbox like a mail server; `folder` is where it is."""

    port: int
    folder: Path
    owner: pwd.struct_passwd

    def deliver(self, raw: bytes, name: str) -> None:
        written = self.folder / "mail" / "tmp" / name
        written.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(written, self.owner.pw_uid, self.owner.pw_gid)
        written.rename(self.folder / "mail" / "new" / name)

    def lock(self, name: str) -> None:
        """Make a delivered mail one that the server itself cannot read."""
        (self.folder / "mail" / "new" / name).chmod(0)

    def renumber(self) -> None:
        """Renumber all mails, as after restoring a mailbox."""
        for path in (self.folder / "mail").glob("dovecot*"):
            path.unlink()


@contextmanager
def dovecot(password: str = PASSWORD) -> Iterator[MailServer]:
    """The running server. Skips the test where Dovecot is not installed."""
    if PROGRAM is None:
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
    root = os.getuid() == 0  # it refuses to serve as root: then its own users do
    owner = pwd.getpwnam("dovecot") if root else pwd.getpwuid(os.getuid())
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    folder.chmod(0o755)
    for name in ("mail", "mail/new", "mail/cur", "mail/tmp", "run", "state"):
        (folder / name).mkdir()
        os.chown(folder / name, owner.pw_uid, owner.pw_gid)
    port = free_port()
    config = folder / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            folder=folder, user=owner.pw_name, login="dovenull" if root else owner.pw_name,
            group=grp.getgrgid(owner.pw_gid).gr_name, uid=owner.pw_uid, gid=owner.pw_gid,
            password=password, port=port,
        )
    )  # fmt: skip
    running = subprocess.Popen([PROGRAM, "-F", "-c", str(config)])
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert running.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield MailServer(port, folder, owner)
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder, ignore_errors=True)
