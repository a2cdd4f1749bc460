"""Vectors of texts on disk, by the texts' hashes, so that only new texts are embedded.

One file per model and company, replaced atomically: servers that share the folder at worst embed a
text twice.
"""

import hashlib
import logging
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from knowledge.retrieval.meaning import Vector, Vectors

log = logging.getLogger(__name__)
_FILES = "embeddings-"
_KEPT = 4
"""Files kept, most recently used first: returning to a model or company costs nothing."""


class VectorCache:
    """The vectors of one identity: service address, model and company."""

    def __init__(self, folder: Path, *identity: str) -> None:
        self.path = folder / f"{_FILES}{_digest(chr(0).join(identity))[:16]}.npz"

    def read(self, texts: tuple[str, ...]) -> dict[str, Vector]:
        """The known vectors of these texts. An unreadable file counts as missing."""
        if not self.path.exists():
            return {}
        try:
            with self.path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                keys, rows = stored["keys"], stored["vectors"]
            if rows.ndim != 2 or len(keys) != len(rows) or not np.isfinite(rows).all():
                raise ValueError("its content is no table of vectors")
            rows = rows.astype(np.float32)
            at = {str(key): n for n, key in enumerate(keys)}
        except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
            log.warning("the cache %s is of no use and made anew: %s", self.path, error)
            return {}
        hashes = {text: _digest(text) for text in texts}
        return {text: rows[at[key]] for text, key in hashes.items() if key in at}

    def write(self, vectors: Vectors) -> None:
        """Keep exactly these vectors. Logs when the folder cannot be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self.path, {_digest(text): vector for text, vector in vectors.items()})
            _prune(self.path.parent, self.path)
        except OSError as error:
            log.warning("vectors cannot be kept in %s: %s", self.path, error)


def _replace(path: Path, by_hash: Mapping[str, Vector]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{_FILES}", suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, keys=np.asarray(list(by_hash)), vectors=np.stack(list(by_hash.values())))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _prune(folder: Path, used: Path) -> None:
    files = sorted(folder.glob(f"{_FILES}*.npz"), key=lambda file: file.stat().st_mtime)
    for old in [file for file in files if file != used][: -(_KEPT - 1)]:
        old.unlink(missing_ok=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
