"""Verifies a trail against the files: the chain, the kept versions, and what is live."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.article_text import content_hash
from knowledge.governance.trail import RULES, Trail, TrailEntry, published
from knowledge.governance.vault import HISTORY, PROFILE, TRAIL, Vault, profile_of


@dataclass(frozen=True, slots=True)
class Verified:
    """The result; all is well when there are no `faults`."""

    lines: int
    kept: int
    """How many versions in history match the trail."""
    head: str
    faults: tuple[str, ...]


def verify(vault: Vault, head: str = "") -> Verified:
    """Check the whole trail and every kept version. `head` is a hash that must be in the chain."""
    trail = vault.trail()
    faults: list[str] = []
    if trail.broken is not None:
        faults.append(f"{TRAIL}:{trail.broken.line}: {trail.broken.reason}")
    if head and not any(entry.hash.startswith(head) for entry in trail.entries):
        faults.append(f"{TRAIL}: no line has the hash {head}: lines were cut off or rewritten")
    kept, more = _kept(vault, trail)
    return Verified(len(trail.entries), kept, trail.head, (*faults, *more))


def _kept(vault: Vault, trail: Trail) -> tuple[int, list[str]]:
    """How many kept versions match the trail, and which do not."""
    kept, faults = 0, []
    for place, entry in _places(trail):
        text = vault.text(place)
        if text is None:
            faults.append(f"{place}: is missing; trail line {entry.seq} published it")
        elif content_hash(text) != entry.content:
            faults.append(f"{place}: is not what trail line {entry.seq} published")
        else:
            kept += 1
    return kept, faults


def _places(trail: Trail) -> Iterator[tuple[str, TrailEntry]]:
    """The file of each version that was ever in force, with its trail entry."""
    for name in sorted({entry.article for entry in trail.entries}):
        for version, entry in sorted(published(trail.of(name)).items()):
            yield f"{HISTORY}/{name}/{version}.md", entry
    for entry in trail.of(PROFILE):
        if entry.action in RULES:
            yield profile_of(entry.version), entry
