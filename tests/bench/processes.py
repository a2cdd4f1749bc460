"""The processes a bench measures: a server, a stub of its engines, and their resource use.

Each is started on a free port, waited for, and ended by its own id. Sizes and times come from
`/proc`, children included.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from tests.bench.rig import BENCH_VAR, ROOT
from tests.fakes.ports import free_port

READY_S = 240.0
END_S = 30.0
TOKEN = "bench"
MAX_CALLS = 1000
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True)
class Running:
    """A server process that is ready."""

    url: str
    pid: int
    var: Path

    def metrics(self) -> dict[str, float]:
        """Every sample of `/metrics` by its name with labels."""
        text = httpx.get(f"{self.url}/metrics", trust_env=False, timeout=30).text
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and line[0] != "#"]
        return {name: float(value) for name, value in lines}

    def cpu_s(self) -> float:
        """CPU seconds used so far by the server and its children."""
        return sum(_ticks(pid) for pid in family(self.pid)) / TICKS

    def family_mb(self) -> float:
        """Resident memory of the server and its workers; shared pages count twice."""
        sizes = [Path(f"/proc/{pid}/statm") for pid in family(self.pid)]
        pages = sum(int(size.read_text().split()[1]) for size in sizes if size.exists())
        return pages * PAGE_KB / 1024

    def rss_mb(self) -> float:
        """Resident memory of the server alone; workers hold models, not calls."""
        fields = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * PAGE_KB / 1024


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for one in found:
        tasks = Path(f"/proc/{one}/task")
        for task in tasks.iterdir() if tasks.exists() else ():
            try:
                found += [int(child) for child in (task / "children").read_text().split()]
            except OSError:
                continue
    return found


def others_s() -> float:
    """CPU seconds of the whole machine, stolen time included, without our own."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    busy = sum(int(field) for field in (*fields[:3], *fields[5:8]))
    return (busy - sum(_ticks(pid) for pid in family(os.getpid()))) / TICKS


def _ticks(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0
    fields = stat.rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def server(name: str, *, source: Path = ROOT, **settings: str) -> Iterator[Running]:
    """`voice-agent serve` on a free port with a folder of its own; SIGTERM ends it.

    `source`: the checkout of the server, this one unless another release is compared.
    The recogniser's cache is kept between benches, as between a server's starts.
    """
    var = BENCH_VAR / name
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    (BENCH_VAR / "cache").mkdir(exist_ok=True)
    (var / "cache").symlink_to(BENCH_VAR / "cache")
    port = free_port()
    own = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "VAR": str(var),
        "API_TOKEN": TOKEN,
        "MAX_CALLS": str(MAX_CALLS),
        "LAG_LIMIT_MS": "0",  # measures what a server can do, not what it admits
        "BUSY_LIMIT_PCT": "0",
        **{key.upper(): value for key, value in settings.items()},
    }
    with (var / "server.log").open("wb") as log:
        process = _started(["-m", "voice_agent", "serve"], own, log, var, source)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_ready(process, url, var / "server.log")
            yield Running(url, process.pid, var)
        finally:
            end(process)


@contextmanager
def stub(*options: str) -> Iterator[str]:
    """The stub of all three engines as its own process; gives its base URL."""
    port = free_port()
    BENCH_VAR.mkdir(parents=True, exist_ok=True)
    with (BENCH_VAR / "stub.log").open("wb") as log:
        process = _started(["-m", "tests.bench.stub", "--port", str(port), *options], {}, log, ROOT)
        try:
            _wait_ready(process, f"http://127.0.0.1:{port}", BENCH_VAR / "stub.log", "/v1/models")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            end(process)


def remote_engines(url: str) -> dict[str, str]:
    """Settings that point recognition, wording and voice at one service."""
    doors = {f"{door}_base_url": url for door in ("stt", "llm", "tts")}
    return {"stt": "openai", "llm": "openai", "tts": "openai", **doors}


def embedded_engines() -> dict[str, str]:
    """Settings that need nothing but this machine."""
    return {"stt": "sphinx", "llm": "embedded", "tts": "espeak"}


def _started(
    arguments: list[str],
    settings: Mapping[str, str],
    log: IO[bytes],
    folder: Path,
    source: Path = ROOT,
) -> "subprocess.Popen[bytes]":
    theirs = ("VOICE_AGENT_", "TWILIO_", "OPENAI_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(theirs)}
    environment |= {f"VOICE_AGENT_{key}": value for key, value in settings.items()}
    environment["PYTHONPATH"] = str(source)
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _wait_ready(
    process: "subprocess.Popen[bytes]", url: str, log: Path, door: str = "/readyz"
) -> None:
    give_up = time.monotonic() + READY_S
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            if httpx.get(url + door, trust_env=False, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not become ready; see {log}:\n{log.read_text()[-2000:]}")


def end(process: "subprocess.Popen[bytes]") -> None:
    """SIGTERM, then SIGTERM again if it is draining, then SIGKILL."""
    for number, wait_s in ((signal.SIGTERM, END_S), (signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0)):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            continue
