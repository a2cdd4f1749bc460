"""Turns proposals into draft articles: new ones, next versions, or nothing if unchanged. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import yaml
from rapidfuzz import fuzz

from knowledge.article_file import parse_article
from knowledge.article_text import REVIEW, content_hash, front_of
from knowledge.entry import Passage
from knowledge.governance.lifecycle import Act, Record, as_draft
from knowledge.importing.proposal import Proposal, Said, slug

_ALIKE = 60
"""A passage this similar (0..100) to an earlier one keeps its buyers' wordings."""

Outcome = Literal["new", "changed", "unchanged", "edited"]


@dataclass(frozen=True, slots=True)
class Import:
    """Who imports, when, and on whose behalf."""

    actor: str
    owner: str
    now: datetime
    today: date


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of a proposal. `act` is None if nothing needs doing."""

    article: str
    outcome: Outcome
    place: str
    act: Act | None = None


def origin(text: str | None) -> dict[str, Any]:
    """The `source` of an article's text; empty when it was not imported."""
    source = front_of(text).get("source") if text else None
    return source if isinstance(source, dict) else {}


def draft(proposal: Proposal, record: Record, given: Import) -> Drafted:
    """What to do with a proposal for the article of `record`, new or existing."""
    place = proposal.place
    if proposal.sha256 in (origin(record.draft).get("sha256"), origin(record.live).get("sha256")):
        return Drafted(record.article, "unchanged", place)
    if record.draft is not None and not _untouched(record):
        return Drafted(record.article, "edited", place)
    before = record.draft or record.live
    version = record.next_version
    if record.draft is not None:
        version = int(front_of(record.draft).get("version", version))
    text = as_draft(_text(proposal, record.article, before, given), version, given.actor)
    act = Act("imported", version, content_hash(text), place, draft=text)
    return Drafted(record.article, "changed" if before else "new", place, act)


def _untouched(record: Record) -> bool:
    """Whether the draft is unchanged since an import, so that a later import may replace it."""
    last = record.entries[-1] if record.entries else None
    return bool(
        last and record.draft and last.action == "imported"
        and last.content == content_hash(record.draft)
    )  # fmt: skip


def _text(proposal: Proposal, article: str, before: str | None, given: Import) -> str:
    """The draft's text; what people added to an earlier version is kept."""
    front: dict[str, Any] = {
        "id": article,
        "version": 1,
        "type": proposal.type,
        "title": proposal.title,
        "topics": list(proposal.topics) or [proposal.title.lower()],
        "owner": given.owner,
        "status": "draft",
        "valid_from": given.today,
        "review_by": given.today + REVIEW,
        "policy": proposal.policy,
    }
    front |= front_of(before) if before else {}
    if proposal.facts:
        front["facts"] = dict(proposal.facts)
    front["source"] = {
        "from": proposal.place,
        "sha256": proposal.sha256,
        "imported_at": given.now.isoformat(timespec="seconds"),
    }
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=100)
    body = "\n".join(_body(proposal, _passages(before)))
    return f"---\n{head}---\n{body}"


def _passages(text: str | None) -> Sequence[Passage]:
    file = parse_article(text, "")[0] if text else None
    return file.article.passages if file else ()


def _body(proposal: Proposal, before: Sequence[Passage]) -> Iterator[str]:
    yield f"# Imported from {proposal.place}. Check every sentence, then submit."
    yield from (f"# {note}" for note in proposal.notes)
    for said in proposal.passages:
        yield said.text
        old = max(before, key=lambda p: fuzz.ratio(p.text, said.text), default=None)
        kept = old if old and fuzz.ratio(old.text, said.text) >= _ALIKE else None
        if kept and kept.spoken != kept.text:
            yield f"# spoken before: {kept.spoken}"
        yield from (f"> asked: {line}" for line in _asked(said, kept))
        yield ""


def _asked(said: Said, kept: Passage | None) -> list[str]:
    return list(dict.fromkeys((*said.asked, *(kept.asked if kept else ()))))


def article_for(proposal: Proposal, known: Mapping[str, str], taken: set[str]) -> str:
    """The id of the article imported from a proposal's place, else a new, free one."""
    if proposal.place in known:
        return known[proposal.place]
    document = proposal.place.split("#")[0].rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    wanted = slug(proposal.title)
    options = [wanted, slug(f"{document} {wanted}")]
    options += [f"{wanted}-{n}" for n in range(2, 1000)]
    return next(option for option in options if option not in taken)
