"""A real Radicale server for one test: two people with a calendar each, on a free port."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import httpx

from tests.fakes.ports import free_port
from voice_agent.adapters.caldav_wire import Target

ask = partial(httpx.request, verify=False)
"""Over plain HTTP; httpx would otherwise read all certificate authorities, 20 ms a request."""


@dataclass(frozen=True, slots=True)
class Radicale:
    """The server; `people` have a calendar each, named work."""

    url: str
    people: tuple[str, ...]

    def target(self, person: str) -> Target:
        return Target(f"{self.url}/{person}/work/", person, "s3cret:" + person)

    def put(self, person: str, name: str, *lines: str) -> None:
        """Store an event as the person's own client would."""
        target = self.target(person)
        event = ["BEGIN:VEVENT", f"UID:{name}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]
        text = "\r\n".join(
            ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//phone//EN", *event, "END:VCALENDAR", ""]
        )
        auth = target.user, target.password
        ask("PUT", f"{target.url}{name}.ics", content=text, auth=auth).raise_for_status()

    def texts(self, person: str) -> list[str]:
        """Every object of a person's calendar, as the server stores them."""
        target = self.target(person)
        auth = target.user, target.password
        body = (
            '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>'
            "<D:getetag/></D:prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter>"
            "</C:calendar-query>"
        )
        found = ask("REPORT", target.url, content=body, auth=auth, headers={"Depth": "1"})
        paths = [p.split("</href>")[0] for p in found.text.split("<href>")[1:]]
        return [ask("GET", self.url + path, auth=auth).text for path in paths]

    def rewrite(self, person: str, uid: str, *changes: tuple[str, str]) -> None:
        """Change a meeting of ours as the person's client would."""
        target = self.target(person)
        auth = target.user, target.password
        url = f"{target.url}{uid.replace('@', '%40')}.ics"
        text = ask("GET", url, auth=auth).text
        for old, new in changes:
            assert old in text, f"{old} in {text}"
            text = text.replace(old, new)
        ask("PUT", url, content=text, auth=auth).raise_for_status()

    def empty(self) -> None:
        """Empty everybody's calendar."""
        for person in self.people:
            target = self.target(person)
            auth = target.user, target.password
            ask("DELETE", target.url, auth=auth)
            ask("MKCALENDAR", target.url, auth=auth).raise_for_status()

    def close(self, person: str) -> None:
        """Delete a person's calendar."""
        target = self.target(person)
        ask("DELETE", target.url, auth=(target.user, target.password)).raise_for_status()

    def remove(self, person: str, uid: str) -> None:
        target = self.target(person)
        url = f"{target.url}{uid.replace('@', '%40')}.ics"
        ask("DELETE", url, auth=(target.user, target.password)).raise_for_status()


@contextmanager
def radicale(folder: Path, *people: str) -> Iterator[Radicale]:
    """A running server, stopped afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    users = folder / "users"
    users.write_text("".join(f"{p}:s3cret:{p}\n" for p in people))
    port = free_port()
    command = [
        sys.executable, "-m", "radicale", "--config", "", "--server-hosts", f"127.0.0.1:{port}",
        "--auth-type", "htpasswd", "--auth-htpasswd-filename", str(users),
        "--auth-htpasswd-encryption", "plain", "--auth-delay", "0",
        "--storage-filesystem-folder", str(folder / "collections"), "--logging-level", "error",
    ]  # fmt: skip
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    made = Radicale(f"http://127.0.0.1:{port}", people)
    try:
        _wait(made.url, running)
        made.empty()
        yield made
    finally:
        running.terminate()
        running.wait(10)


def _wait(url: str, running: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + 30
    while monotonic() < until:
        assert running.poll() is None, "radicale did not start"
        try:
            ask("GET", f"{url}/.web/")
            return
        except httpx.TransportError:
            sleep(0.1)
    raise AssertionError("radicale does not answer")
