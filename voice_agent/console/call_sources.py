"""The source of each sentence: the approved passage, its version, and who approved it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from knowledge.article_file import parse_article
from knowledge.article_text import version_of
from knowledge.errors import KnowledgeError
from knowledge.governance.lifecycle import Record
from knowledge.governance.office import Office
from knowledge.governance.trail import TrailEntry

CITATION = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)@(\d{1,6})#(\d{1,4})")
APPROVING = ("approved", "adopted", "published", "published-override", "published-emergency")


@dataclass(frozen=True, slots=True)
class Source:
    """One citation, resolved."""

    citation: str
    article: str
    version: int
    title: str = ""
    text: str = ""
    spoken: str = ""
    approved_by: str = ""
    approved_at: str = ""
    owner: str = ""
    live_version: int | None = None
    """The version in use today; None when the article was retired."""

    @property
    def current(self) -> bool:
        """Whether what was said is still what is approved."""
        return self.live_version == self.version


def sources(folder: Path, now: datetime, citations: Iterable[str]) -> dict[str, Source]:
    """Every citation resolved; blocking. One that cannot be found has neither title nor text."""
    office = Office(folder, now)
    trail = office.vault.trail()
    found: dict[str, Source] = {}
    for citation in sorted(set(citations)):
        match = CITATION.fullmatch(citation)
        if match is None:
            continue
        article, version, number = match[1], int(match[2]), int(match[3])
        try:
            found[citation] = _opened(office.record(article, trail), citation, version, number)
        except (KnowledgeError, OSError):
            found[citation] = Source(citation, article, version)
    return found


def _opened(record: Record, citation: str, version: int, number: int) -> Source:
    article, live = record.article, record.live_version
    if live is None and record.live and not record.entries:
        live = version_of(record.live)  # a hand-written folder without a trail
    text = record.live if live == version else record.kept.get(version)
    file = parse_article(text, article)[0] if text else None
    if file is None:
        return Source(citation, article, version, live_version=live)
    passages = {p.number: p for p in file.article.passages}
    passage = passages.get(number)
    entry = _approval(record.entries, version)
    return Source(
        citation, article, version, file.article.title,
        passage.text if passage else "", passage.spoken if passage else "",
        file.article.approved_by or (entry.actor if entry else ""), entry.at[:10] if entry else "",
        file.article.owner, live,
    )  # fmt: skip


def _approval(entries: Iterable[TrailEntry], version: int) -> TrailEntry | None:
    mine = [e for e in entries if e.version == version and e.action in APPROVING]
    return mine[-1] if mine else None
