"""A PostgreSQL server for one bench, so that its write-ahead log is the bench's alone."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.ports import free_port
from tests.hostile.process import eventually

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
}
SHIPPED = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@contextmanager
def cluster(**settings: str) -> Iterator[str]:
    """The URL of an empty database on a server of its own, with PostgreSQL's defaults."""
    with tempfile.TemporaryDirectory(prefix="cluster") as temporary:
        folder, port = Path(temporary) / "data", free_port()
        if os.getuid() == 0:  # PostgreSQL does not run as root
            owner = pwd.getpwnam("postgres")
            os.chown(temporary, owner.pw_uid, owner.pw_gid)
        _run("initdb", "-D", str(folder), "-U", "postgres", "--auth=trust", "--no-sync")
        given = {**SETTINGS, "port": str(port), **settings}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [_tool("postgres"), "-D", str(folder), *options], user=_user(), cwd=temporary,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            ready = [_tool("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            eventually(lambda: subprocess.run(ready, check=False).returncode == 0, 30)
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def commits_a_second(url: str, script: str, clients: int, seconds: int) -> float:
    """What pgbench reaches with a script of SQL."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [_tool("pgbench"), "-n", "-f", file.name, "-c", str(clients), "-j", "2", "-T",
             str(seconds), url],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


def _run(tool: str, *arguments: str) -> None:
    subprocess.run(
        [_tool(tool), *arguments], check=True, user=_user(), cwd="/", capture_output=True
    )


def _user() -> str | None:
    return "postgres" if os.getuid() == 0 else None


def _tool(name: str) -> str:
    """The path of a tool: from the newest PostgreSQL on this machine, else from PATH."""
    there = [folder / name for folder in SHIPPED if (folder / name).exists()]
    return str(there[-1]) if there else shutil.which(name) or name
