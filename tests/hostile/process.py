"""A real server process, `voice-agent serve`, with engines on loopback HTTP."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.nursery import ROOT, Forked
from voice_agent.config import SAMPLE_COMPANY

API_TOKEN = "hostile-api-token"
SECRET_KEY = "hostile-secret-key"
READY_S = 120.0
PLAIN: dict[str, Any] = {"trust_env": False, "verify": False}
"""For loopback HTTP: httpx would read all certificate authorities per request, taking 20 ms."""


def environment(var: Path, stt_url: str = "", **more: str) -> dict[str, str]:
    """Settings of a server that uses `stt_url`, speaks with espeak, and needs no model."""
    ours = {
        "VAR": str(var), "STT": "openai", "STT_BASE_URL": stt_url, "TTS": "espeak",
        "LLM": "embedded", "API_TOKEN": API_TOKEN, "SECRET_KEY": SECRET_KEY, "PORT": "0",
        "LAG_LIMIT_MS": "0", "BUSY_LIMIT_PCT": "0",  # tests share their machine
    } | more  # fmt: skip
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VOICE_AGENT_", "TWILIO_"))}
    kept.pop("OPENAI_API_KEY", None)
    named = {
        k if k.startswith(("TWILIO_", "OPENAI_")) else f"VOICE_AGENT_{k}": v
        for k, v in ours.items()
    }
    return kept | named | {"COLUMNS": "200", "NO_COLOR": "1"}


def brisk_company(folder: Path, rate: float = 1.95) -> Path:
    """The sample company with a faster voice, so that calls are short."""
    copied = shutil.copytree(SAMPLE_COMPANY, folder)
    settings = copied / "company.yaml"
    slow = settings.read_text(encoding="utf-8")
    brisk = slow.replace("speaking_rate: 1.0", f"speaking_rate: {rate}")
    settings.write_text(brisk, "utf-8")
    return copied


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "voice_agent", *arguments]


def run(
    *arguments: str, env: Mapping[str, str], cwd: Path, within_s: float = 60
) -> tuple[int, str]:
    """Exit code and full output of a command that ends by itself."""
    done = subprocess.run(
        command(*arguments), env={**env, "PYTHONPATH": str(ROOT)}, cwd=cwd, timeout=within_s,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@dataclass
class ServerProcess:
    """`with ServerProcess(env) as server:`; its output is in `output`."""

    env: dict[str, str]
    cwd: Path
    url: str = ""
    lines: list[str] = field(default_factory=list)

    def __enter__(self) -> "ServerProcess":
        self.process = self.started()
        self._up = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        if not self._up.wait(READY_S) or not self.url:
            self.__exit__()
            raise AssertionError(f"the server did not start:\n{self.output}")
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(r"answers at (http://\S+)", line):
                self.url = found[1]
            if "API token" in line or "/api/v1/calls" in line:
                self._up.set()
        self._up.set()

    def started(self) -> "subprocess.Popen[str] | Forked":
        """Its process."""
        return subprocess.Popen(
            self.command(), env={**self.env, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            cwd=self.cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def command(self) -> list[str]:
        """The command that starts it."""
        return command("serve")

    @property
    def output(self) -> str:
        return "".join(self.lines)

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """End it like a power cut."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self, within_s: float) -> int:
        return self.process.wait(within_s)

    # --- looked at from outside ------------------------------------------------------------------

    def get(self, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {API_TOKEN}"}
        return httpx.get(self.url + path, headers=headers, timeout=10, **PLAIN)

    def post(self, path: str, form: Mapping[str, str], **headers: str) -> httpx.Response:
        return httpx.post(self.url + path, data=form, headers=headers, timeout=10, **PLAIN)

    def document(self, call_sid: str) -> dict[str, Any] | None:
        answer = self.get(f"/api/v1/calls/{call_sid}")
        return answer.json() if answer.status_code == 200 else None

    def metric(self, line: str) -> float:
        rows = self.get("/metrics").text.splitlines()
        return next((float(row.split()[-1]) for row in rows if row.startswith(line + " ")), 0.0)

    @property
    def active(self) -> int:
        return int(self.get("/readyz").json()["calls"])

    @property
    def descriptors(self) -> list[str]:
        """Its open files: files by path, sockets by number."""
        folder = Path(f"/proc/{self.pid}/fd")
        return sorted(filter(None, map(_target, folder.iterdir())))

    @property
    def sockets(self) -> int:
        """TCP connections at its listening port, in whatever state."""
        port = f":{int(self.url.rpartition(':')[2]):04X}"
        rows = Path(f"/proc/{self.pid}/net/tcp").read_text().splitlines()[1:]
        mine = set(re.findall(r"socket:\[(\d+)\]", " ".join(self.descriptors)))
        fields = [row.split() for row in rows]
        return sum(f[1].endswith(port) and f[3] != "0A" and f[9] in mine for f in fields)

    @property
    def memory_mb(self) -> float:
        """Resident memory."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class ForkedServer(ServerProcess):
    """A server forked rather than started from scratch, for tests not about starting."""

    def started(self) -> Forked:
        return Forked("voice_agent", ["serve"], self.env, self.cwd)


def _target(link: Path) -> str:
    try:
        return os.readlink(link)
    except OSError:
        return ""


def eventually(holds: Any, within_s: float = 10.0, what: str = "") -> Any:
    """Poll another process until this is true; returns its value. There is no event to wait for."""
    ends = time.monotonic() + within_s
    while not (value := holds()):
        assert time.monotonic() < ends, f"never came true: {what or holds}"
        time.sleep(0.05)
    return value
