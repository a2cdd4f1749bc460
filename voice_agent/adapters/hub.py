"""A model hub's files: lists a repository, and fetches one file with resume.

Speaks the Hugging Face Hub's HTTP API, so any mirror of it will do.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from voice_agent.errors import ServiceError

CONNECT_S, SILENCE_S = 10.0, 30.0
TRIES, PAUSE_S = 5, 2.0
Progress = Callable[[int], None]
"""Called with the number of bytes fetched so far."""


class HubFailed(ServiceError):
    """The hub was unreachable, lacks the file, or sent something unexpected."""

    code = "hub-failed"


class WrongContent(HubFailed):
    """A file does not match its pin."""

    code = "model-not-as-pinned"
    retryable = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a repository; `sha256` if the hub gives it, as for large files."""

    path: str
    size: int
    sha256: str


class Hub:
    """One hub's client, blocking, for a command that does nothing else: `with Hub(url) as hub`."""

    def __init__(
        self, url: str, token: str = "", pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._pause = pause
        self._url = url.rstrip("/")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(
            headers=headers, follow_redirects=True,
            timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S),
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._client.close()

    def listing(self, repo: str, revision: str = "main") -> tuple[str, list[Listed]]:
        """The commit a revision points to now, and its files. Raises: HubFailed."""
        url = f"{self._url}/api/models/{quote(repo)}/revision/{quote(revision, safe='')}"
        try:
            answer = self._client.get(url, params={"blobs": "true"})
            _refuse(answer, repo)
            told = answer.json()
            return str(told["sha"]), [_listed(row) for row in told["siblings"]]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise HubFailed(f"{url}: {type(error).__name__}: {error}") from error

    def fetch(
        self, repo: str, revision: str, listed: Listed, place: Path, progress: Progress
    ) -> str:
        """Fetch a file to `place`, verified; returns its SHA-256. Raises: HubFailed, WrongContent.

        An earlier, partial fetch is beside it as `.part` and is resumed.
        """
        part = place.with_name(place.name + ".part")
        place.parent.mkdir(parents=True, exist_ok=True)
        url = f"{self._url}/{quote(repo)}/resolve/{revision}/{quote(listed.path)}"
        for n in range(TRIES):
            try:
                self._more(url, listed, part, progress)
                break
            except httpx.HTTPError as error:
                if n + 1 == TRIES:
                    raise HubFailed(
                        f"{url}: {type(error).__name__}: {error}; run it again to go on"
                    ) from error
                self._pause(PAUSE_S)
        digest = sha256_of(part)
        size = part.stat().st_size
        if size != listed.size or (listed.sha256 and digest != listed.sha256):
            part.unlink()
            raise WrongContent(
                f"{repo} {listed.path} is not what was expected: {size} bytes, SHA-256 {digest}; "
                f"expected {listed.size} bytes, {listed.sha256 or 'any'}. Nothing of it is kept"
            )
        part.replace(place)
        return digest

    def _more(self, url: str, listed: Listed, part: Path, progress: Progress) -> None:
        """The rest of a file; all of it if the hub does not serve ranges."""
        have = part.stat().st_size if part.exists() else 0
        if have > listed.size:
            part.unlink()
            have = 0
        if have == listed.size and part.exists():
            return progress(have)
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        with self._client.stream("GET", url, headers=headers) as answer:
            _refuse(answer, url)
            if have and answer.status_code != 206:
                have = 0
            with part.open("ab" if have else "wb") as file:
                for block in answer.iter_raw():
                    have += len(block)
                    if have > listed.size:
                        break  # longer than it should be: it will not verify
                    file.write(block)
                    progress(have)
        if have < listed.size:
            raise httpx.ReadError(f"{have} of {listed.size} bytes came")


def sha256_of(path: Path) -> str:
    """A file's SHA-256, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse(answer: httpx.Response, what: str) -> None:
    if answer.status_code >= 500 or answer.status_code == 429:
        raise httpx.ReadError(f"the hub answered {answer.status_code}")
    if answer.status_code >= 400:
        raise HubFailed(f"{what}: the hub answered {answer.status_code}; is the name right?")


def _listed(row: dict[str, Any]) -> Listed:
    large = row.get("lfs") or {}
    size = large.get("size", row.get("size"))
    return Listed(str(row["rfilename"]), int(size or 0), str(large.get("sha256", "")))
