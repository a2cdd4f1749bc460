"""Processes forked from one that has imported the server once: two thirds of a start's work.

Each is a process of its own in all that tests look at: it has its own environment, folder, signals
and end, and it runs its module as `python -m` does. `hostile/test_start.py` starts servers from
nothing. All end with whoever raised the nursery; between it and each process stands one that waits
for either end.
"""

import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LARGEST = 1 << 17


class Forked:
    """A process as `subprocess.Popen` has it, as far as tests ask; its output is in `stdout`."""

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
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)


def ended(module: str, *arguments: str) -> int:
    """The exit code of a module run in a process of its own; its output is the test's."""
    process = Forked(module, arguments, os.environ, ROOT)
    with process.stdout as told:
        print(told.read())
    return process.wait()


@cache
def _nursery() -> socket.socket:
    """The line to this process's nursery, which is started for it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery", str(theirs.fileno())],
            cwd=ROOT, pass_fds=[theirs.fileno()], env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    atexit.register(process.wait)
    atexit.register(ours.close)  # first, for the last registered is the first called
    return ours


def main(fd: int) -> None:
    """Fork a process for each request, until the line closes."""
    gc.disable()
    import alembic.command  # noqa: F401
    import dbos  # noqa: F401
    import openai  # noqa: F401

    import voice_agent.serving  # noqa: F401

    gc.freeze()
    gc.enable()
    with socket.socket(fileno=fd) as line:
        while told := socket.recv_fds(line, LARGEST, 2):
            request, fds, *_ = told
            if not request:
                break
            if os.fork() == 0:
                line.close()
                return _attend(request, *fds)
            for each in fds:
                os.close(each)
            _reap()
    _reap()


def _reap() -> None:
    """Take leave of what has ended, so that its computing is counted among ours."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _attend(request: bytes, line: int, out: int) -> None:
    """Be the process between, which tells of the other's end; or the other."""
    pid = os.fork()
    if pid == 0:
        os.close(line)
        return _run(request, out)
    os.close(out)
    os.write(line, str(pid).encode())
    if line in select.select([line, os.pidfd_open(pid)], [], [])[0]:
        os.kill(pid, signal.SIGKILL)  # whoever asked for it is gone
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
