"""A fleet on one machine: network namespaces as hosts, servers in them, a balancer in front.

Each host is a network namespace with its own name and folder; they share PostgreSQL, the folder of
recordings and the engines' stub, which they reach over their only link. Needs root, `ip`, `unshare`
and haproxy; everything is removed on exit.
"""

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.fakes.ports import free_port
from tests.hostile.process import ROOT, ServerProcess, command, environment, eventually

CONFIG = ROOT / "deploy" / "haproxy" / "haproxy.cfg"
NET = "10.77"
PORT = 8080
AUTH_TOKEN = "a-fleet-of-servers"
SHARED = """
listen {name}
    mode tcp
    timeout client 1h
    timeout server 1h
    {binds}
    server one {target}
"""
"""What servers in namespaces reach on loopback, through their links."""
TOLD = "    http-response add-header X-Served-By %s\n"
"""Lets a bench tell who answered; not for production."""


@dataclass(frozen=True)
class Host:
    """One namespace: `gate` is the machine's end of its link, `address` its own."""

    number: int

    @property
    def name(self) -> str:
        return f"voice{self.number}"

    @property
    def gate(self) -> str:
        return f"{NET}.{self.number}.1"

    @property
    def address(self) -> str:
        return f"{NET}.{self.number}.2"

    def up(self) -> None:
        """Create it. Raises: CalledProcessError."""
        self.down()
        link, mine = f"va{self.number}", f"vb{self.number}"
        for line in (
            f"netns add {self.name}",
            f"link add {link} type veth peer name {mine} netns {self.name}",
            f"addr add {self.gate}/24 dev {link}",
            f"link set {link} up",
            f"-n {self.name} addr add {self.address}/24 dev {mine}",
            f"-n {self.name} link set {mine} up",
            f"-n {self.name} link set lo up",
        ):
            _ip(line)

    def down(self) -> None:
        """Remove it, if it exists; its link goes with it."""
        _ip(f"netns del {self.name}", check=False)

    def inside(self, *arguments: str) -> list[str]:
        """A command run on this host, under the host's own name."""
        named = f'hostname {self.name} && exec "$@"'
        within = ["ip", "netns", "exec", self.name, "unshare", "--uts"]
        return [*within, "sh", "-c", named, "sh", *arguments]


def _ip(line: str, *, check: bool = True) -> None:
    subprocess.run(["ip", *line.split()], check=check, capture_output=True, text=True)


@dataclass
class HostedServer(ServerProcess):
    """A server process on a host of the fleet."""

    host: Host = field(default_factory=lambda: Host(1))

    def command(self) -> list[str]:
        """The command that starts it."""
        return self.host.inside(*command("serve"))

    @property
    def label(self) -> str:
        """Its name at the balancer."""
        return ("one", "two")[self.host.number - 1]


@dataclass
class Fleet:
    """Two hosts behind a balancer at `url`."""

    folder: Path
    database_url: str
    engines_url: str
    company: Path
    hosts: tuple[Host, Host] = (Host(1), Host(2))
    url: str = ""

    def server(self, host: Host) -> HostedServer:
        """A server on that host, to be entered; its folder outlives it, as a disk does."""
        var = self.folder / host.name
        var.mkdir(exist_ok=True)
        at_gate = f"@{host.gate}:"
        env = environment(
            var, f"http://{host.gate}:9000/v1", HOST=host.address, PORT=str(PORT),
            DATABASE_URL=re.sub(r"@[^/]+:", at_gate, self.database_url),
            RECORDINGS=str(self.folder / "recordings"), COMPANY=str(self.company),
            PUBLIC_URL=self.url, TWILIO_AUTH_TOKEN=AUTH_TOKEN, MAX_CALLS="100",
            TTS="openai", TTS_BASE_URL=f"http://{host.gate}:9000/v1",
            LLM="openai", LLM_BASE_URL=f"http://{host.gate}:9000/v1",
            DRAIN_NOTICE_S="4", OPENAI_API_KEY="sk-bench",
        )  # fmt: skip
        return HostedServer(env, self.folder, host=host)


@contextmanager
def fleet(folder: Path, database_url: str, engines_url: str, company: Path) -> Iterator[Fleet]:
    """Hosts and balancer; the caller starts the servers."""
    made = Fleet(folder, database_url, engines_url, company)
    try:
        for host in made.hosts:
            host.up()
        with balancer(made) as url:
            made.url = url
            yield made
    finally:
        for host in made.hosts:
            host.down()


@contextmanager
def balancer(made: Fleet) -> Iterator[str]:
    """haproxy with the shipped configuration, and routes from the hosts to what they share."""
    port = free_port()
    shared = {"database": ("5432", "127.0.0.1:5432"), "engines": ("9000", _target(made))}
    text = CONFIG.read_text("utf-8").replace("    use_backend", TOLD + "    use_backend", 1)
    for name, (at, target) in shared.items():
        binds = "\n    ".join(f"bind {host.gate}:{at}" for host in made.hosts)
        text += SHARED.format(name=name, binds=binds, target=target)
    with tempfile.NamedTemporaryFile("w", suffix=".cfg", dir=made.folder, delete=False) as file:
        file.write(text)
    env = {
        **os.environ, "LISTEN": f"127.0.0.1:{port}",
        **{f"SERVER_{host.number}": f"{host.address}:{PORT}" for host in made.hosts},
    }  # fmt: skip
    with (made.folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen(
            ["haproxy", "-db", "-f", file.name], env=env, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            eventually(lambda: _answers(url), 20, "haproxy answers")
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _target(made: Fleet) -> str:
    return httpx.URL(made.engines_url).netloc.decode()


def _answers(url: str) -> bool:
    try:
        httpx.get(f"{url}/healthz", trust_env=False, timeout=2)
    except httpx.HTTPError:
        return False
    return True
