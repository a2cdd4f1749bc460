"""`node_provider(…)`: a third-party identity provider on a loopback port.

`npm install oidc-provider` in a folder, `apt install glewlwyd`, and then
`VOICE_AGENT_TEST_IDENTITY=FOLDER pytest tests/browser/test_identity_providers.py`. Nothing here
fetches them.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

HERE = Path(__file__).parent
FOLDER = os.environ.get("VOICE_AGENT_TEST_IDENTITY", "")  # noqa: TID251
"""Where `npm install oidc-provider` was run; empty: these tests are skipped."""
NODE = shutil.which("node")
PACKAGE = Path(FOLDER or "/nowhere") / "node_modules" / "oidc-provider"
CLIENT, SECRET = "console", "s3cret/with:odd+letters"
STARTS_S = 60


@contextmanager
def node_provider(port: int, redirect: str) -> Iterator[str]:
    """The certified npm package oidc-provider; yields its issuer."""
    issuer = f"http://127.0.0.1:{port}"
    command = [NODE or "node", str(HERE / "provider.mjs"), str(PACKAGE), str(port), redirect]
    with running(command, f"{issuer}/.well-known/openid-configuration"):
        yield issuer


@contextmanager
def running(command: Sequence[str], answers: str) -> Iterator[None]:
    """Run a program for as long as needed, ready once one of its addresses answers 200."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + STARTS_S
        while not _up(answers):
            assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
            assert time.monotonic() < until, f"{answers} does not answer"
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _up(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
