"""`voice-agent knowledge import`: fetches documents, and reports what became of each part."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from knowledge.governance.office import Office
from knowledge.importing.proposal import ImportFailed, Proposal
from knowledge.importing.reader import known_endings, read

MOST_BYTES = 20_000_000
PATIENCE_S = 20.0
_TOLD = {
    "new": "new draft",
    "changed": "next version drafted",
    "unchanged": "unchanged",
    "edited": "left alone: its draft was edited since; publish it or remove it, then import again",
}


def take_in(office: Office, given: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Draft articles from every document; one that fails does not stop the others."""
    failed, counts = 0, Counter[str]()
    for document, content in _documents(given.documents):
        name = given.source or document
        try:
            if isinstance(content, ImportFailed):
                raise content
            proposals = read(content, name, form=given.format, kind=given.type,
                             currency=given.currency, ours=given.ours)  # fmt: skip
        except ImportFailed as error:
            say(str(error))
            failed += 1
            continue
        if given.dry_run:
            _show(proposals, say)
            continue
        for done in office.take_in(proposals, given.actor, given.owner or given.actor):
            counts[done.outcome] += 1
            say(f"{done.article}: {_TOLD[done.outcome]}  ({done.place})")
        for article in office.gone(name, proposals):
            say(f"{article}: is no longer in {name}; retire it if it no longer holds")
    if not given.dry_run:
        made = counts["new"] + counts["changed"]
        say(f"{made} drafts; read each, then `voice-agent knowledge submit`" if made else
            "nothing to draft")  # fmt: skip
    return 1 if failed else 0


def _show(proposals: list[Proposal], say: Callable[[str], None]) -> None:
    for proposal in proposals:
        say(f"{proposal.title}  ({proposal.type}, {proposal.place})")
        for said in proposal.passages:
            say(f"  {said.text}")
            for asked in said.asked:
                say(f"    asked: {asked}")


def _documents(names: list[str]) -> Iterator[tuple[str, bytes | ImportFailed]]:
    """Each document's name and bytes, or why it cannot be fetched."""
    for name in names:
        if name.startswith(("http://", "https://")):
            yield name, _fetched(name)
            continue
        path = Path(name)
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in known_endings())
        if path.is_dir() and not inside:
            yield name, ImportFailed(f"{name}: no {', '.join(known_endings())} in this folder")
        for file in inside if path.is_dir() else [path]:
            document = str(file.relative_to(path)) if path.is_dir() else file.name
            yield document, _read(file)


def _read(path: Path) -> bytes | ImportFailed:
    try:
        if path.stat().st_size > MOST_BYTES:
            return ImportFailed(f"{path}: larger than {MOST_BYTES // 1_000_000} MB; split it")
        return path.read_bytes()
    except OSError as error:
        return ImportFailed(f"{path}: {error.strerror or error}")


def _fetched(url: str) -> bytes | ImportFailed:
    content = bytearray()
    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=PATIENCE_S) as response:
            response.raise_for_status()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MOST_BYTES:
                    return ImportFailed(f"{url}: larger than {MOST_BYTES // 1_000_000} MB")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return ImportFailed(f"{url}: {error}; save the page and import the file with --source")
    return bytes(content)
