"""Live content must equal approved content: checks published files against the trail. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from knowledge.article_text import content_hash
from knowledge.entry import Article
from knowledge.errors import Problem
from knowledge.governance.trail import PUBLISHING, Trail, TrailEntry, last_live
from knowledge.governance.vault import ARTICLES, HISTORY, TRAIL, Vault

_FROM = re.compile(r"^valid_from:\s*['\"]?(\d{4}-\d{2}-\d{2})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Versions that were live before one that was published ahead of its first day."""

    published_at: str
    """UTC instant at which the current version was published."""
    texts: tuple[str, ...]
    """Newest first."""


def broken(articles: Sequence[tuple[Article, str]], trail: Trail) -> Iterator[Problem]:
    """Articles that are live without approval, or not live although the trail says so.

    `articles` come with their file's text.
    """
    if trail.broken is not None:
        remedy = "Restore the file from version control, then `voice-agent knowledge audit`."
        found = trail.broken.reason
        yield Problem(TRAIL, trail.broken.line, "", "an unbroken audit trail", found, remedy)
        return
    live = {name: entry for name in _names(trail) if (entry := last_live(trail.of(name)))}
    for article, text in articles:
        if article.status == "published":
            yield from _unapproved(article, text, live.pop(article.id, None))
        elif article.status == "retired":
            live.pop(article.id, None)  # unpublishing by hand is safe
    for name, entry in sorted(live.items()):
        remedy = f"`voice-agent knowledge restore {name}`, or take it out with `retire`."
        expected = f"version {entry.version}, published {entry.at[:10]}"
        yield Problem(f"{ARTICLES}/{name}.md", 0, "", expected, "no published article", remedy)


def _unapproved(article: Article, text: str, entry: TrailEntry | None) -> Iterator[Problem]:
    if entry is None:
        remedy = f"Move it to drafts/, then `voice-agent knowledge submit {article.id}`."
        found = "a published article that nobody approved"
        yield Problem(article.source, 0, "status", "an entry in the audit trail", found, remedy)
    elif entry.content != content_hash(text):
        remedy = (
            f"`voice-agent knowledge restore {article.id}` puts the approved text back and keeps "
            "the change as a draft."
        )
        expected = f"version {entry.version} as approved (trail line {entry.seq})"
        yield Problem(article.source, 0, "", expected, "a text changed since", remedy)


def _names(trail: Trail) -> set[str]:
    return {entry.article for entry in trail.entries}


def earlier(vault: Vault, trail: Trail, texts: Mapping[str, str]) -> dict[str, Earlier]:
    """For each article published ahead of its first day, by id: what stays in force until then."""
    found: dict[str, Earlier] = {}
    for name, text in texts.items():
        entries = trail.of(name)
        live, starts = last_live(entries), _FROM.search(text)
        if live is None or starts is None or starts[1] <= live.at[:10]:
            continue
        since = max((e.seq for e in entries if e.action == "retired"), default=0)
        past = [e for e in entries if since < e.seq < live.seq and e.action in PUBLISHING]
        texts_of = ((vault.text(f"{HISTORY}/{name}/{e.version}.md"), e) for e in reversed(past))
        whole = [t for t, e in texts_of if t and content_hash(t) == e.content]
        found[name] = Earlier(live.at, tuple(whole))
    return found


def in_force(
    live: Article, before: Sequence[Article], published_at: str, zone: tzinfo
) -> list[Article]:
    """The earlier versions, each ending the day before its successor begins."""
    published_on = datetime.fromisoformat(published_at).astimezone(zone).date()
    bridges: list[Article] = []
    next_from: date = live.valid_from
    for article in before:
        if next_from <= published_on:
            break
        if article.valid_from < next_from:
            last = min(article.review_by, next_from - timedelta(days=1))
            bridges.append(replace(article, status="published", review_by=last))
            next_from = article.valid_from
    return bridges
