"""Processes forked from one that has imported the server once, saving two thirds of a start.

Each is a separate process in every way tests look at: it has its own environment, folder, signals
and end, and runs its module like `python -m`. `hostile/test_start.py` starts servers from scratch.
One nursery serves all workers of a run and ends with the last of them; a forked process ends when
the one that requested it does, through a process between the two that waits for either's end.
"""

import atexit
import errno
import gc
import json
import os
import runpy
import select
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LARGEST = 1 << 17


class Forked:
    """A process with the part of `subprocess.Popen` that tests need; its output is in `stdout`."""

    returncode: int | None = None

    def __init__(
        self, module: str, arguments: Sequence[str], env: Mapping[str, str], cwd: Path
    ) -> None:
        self._line, theirs = socket.socketpair()
        reading, writing = os.pipe()
        self.stdout = os.fdopen(reading, encoding="utf-8")
        told = json.dumps([module, list(arguments), dict(env), str(cwd)]).encode()
        with theirs:
            socket.send_fds(_nursery(), [told], [theirs.fileno(), writing])
        os.close(writing)
        self.pid = int(self._told())

    def _told(self) -> str:
        said = self._line.recv(20).decode()
        assert said, "the nursery is gone"
        return said

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises: subprocess.TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._line], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            self.returncode = int(self._told())
            self._line.close()
        return self.returncode

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it is known to be gone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it like a power cut."""
        self.send_signal(signal.SIGKILL)


def ended(module: str, *arguments: str) -> int:
    """The exit code of a module run in its own process; its output is the test's."""
    process = Forked(module, arguments, os.environ, ROOT)
    with process.stdout as told:
        print(told.read())
    return process.wait()


@cache
def _nursery() -> socket.socket:
    """The connection to this run's nursery, which the first request starts."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    address = f"\0voice-agent-nursery-{run}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        try:
            door.bind(address)
        except OSError:
            pass  # another process was first
        else:
            door.listen()
            _raise(door)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    atexit.register(line.close)
    while line.connect_ex(address) == errno.ECONNREFUSED:
        time.sleep(0.01)  # it exists, and is about to listen
    return line


def _raise(door: socket.socket) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.nursery", str(door.fileno())],
        cwd=ROOT, pass_fds=[door.fileno()], env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    atexit.register(process.wait)  # registered first, so called last


def main(fd: int) -> None:
    """Fork a process per request, until every connection has closed."""
    gc.disable()
    import alembic.command  # noqa: F401
    import dbos  # noqa: F401
    import openai  # noqa: F401

    import voice_agent.server.serving  # noqa: F401

    gc.freeze()
    gc.enable()
    lines = selectors.DefaultSelector()
    lines.register(socket.socket(fileno=fd), selectors.EVENT_READ, "door")
    while asked := _asked(lines):
        if os.fork() == 0:
            for held in [*lines.get_map().values()]:
                held.fileobj.close()  # type: ignore[union-attr]
            lines.close()
            return _attend(*asked)
        for each in asked[1:]:
            os.close(each)
        _reap()
    _reap()


def _asked(lines: selectors.BaseSelector) -> tuple[bytes, int, int] | None:
    """The next request and its two descriptors; None when no client is left."""
    while True:
        key, _ = lines.select()[0]
        line: socket.socket = key.fileobj  # type: ignore[assignment]
        if key.data == "door":
            lines.register(line.accept()[0], selectors.EVENT_READ)
            continue
        request, fds, *_ = socket.recv_fds(line, LARGEST, 2)
        if request:
            return request, fds[0], fds[1]
        lines.unregister(line)
        line.close()
        if len(lines.get_map()) == 1:
            return None


def _reap() -> None:
    """Reap ended processes, so that their CPU time counts among ours."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _attend(request: bytes, line: int, out: int) -> None:
    """Be the process in between, which reports the other's end; or the other."""
    pid = os.fork()
    if pid == 0:
        os.close(line)
        return _run(request, out)
    os.close(out)
    os.write(line, str(pid).encode())
    if line in select.select([line, os.pidfd_open(pid)], [], [])[0]:
        os.kill(pid, signal.SIGKILL)  # the process that requested it is gone
    _, status = os.waitpid(pid, 0)
    try:
        os.write(line, str(os.waitstatus_to_exitcode(status)).encode())
    except BrokenPipeError:
        pass
    os._exit(0)


def _run(request: bytes, out: int) -> None:
    module, arguments, env, cwd = json.loads(request)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    for standard in (1, 2):
        os.dup2(out, standard)
    os.close(out)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv[1:] = arguments
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
