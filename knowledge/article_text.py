"""An article's file as text: its two parts, its content hash, and edits of single keys."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import yaml

from knowledge.errors import KnowledgeError
from knowledge.yaml_text import plain


class NoFrontMatter(KnowledgeError):
    """The file is not an article: it does not begin with keys between `---` lines."""

    code = "no-front-matter"


class NoSuchPassage(KnowledgeError):
    """An article has fewer passages than expected."""

    code = "no-such-passage"


LIFECYCLE = ("status", "approved_by")
"""Keys for a version's status; everything else is its content."""
REVIEW = timedelta(days=365)
"""Time until the review of a new article."""
UNWRITTEN = "# Write the answer on the next line; until then this draft cannot be submitted."
"""In a draft begun for somebody else, marks where the answer belongs."""


def split_article(text: str) -> tuple[str, str, int] | None:
    """Front matter, body, and the 1-based line the body starts on; None without front matter."""
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != "---":
        return None
    for n, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            return "\n".join(lines[1:n]), "\n".join(lines[n + 1 :]), n + 2
    return None


def front_of(text: str) -> dict[str, Any]:
    """The front matter's keys as written; empty when it cannot be read."""
    parts = split_article(text)
    try:
        front = plain(parts[0]) if parts else None
    except (yaml.YAMLError, ValueError):
        return {}
    return {str(key): value for key, value in front.items()} if isinstance(front, dict) else {}


def version_of(text: str) -> int:
    """The version in the front matter; 1 when there is none."""
    version = front_of(text).get("version", 1)
    return version if isinstance(version, int) and version >= 1 else 1


def content_hash(text: str) -> str:
    """SHA-256 over everything an approval covers: every key but LIFECYCLE, and the whole body.

    Line ends, trailing blanks and the order of keys do not count.
    """
    front = {k: v for k, v in front_of(text).items() if k not in LIFECYCLE}
    return _digest(front, _body(text))


def _body(text: str) -> str:
    parts = split_article(text)
    body = parts[1] if parts else text
    return "\n".join(line.rstrip() for line in body.split("\n")).strip("\n")


def _digest(front: Mapping[str, Any], body: str) -> str:
    canonical = json.dumps(front, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(f"{canonical}\n{body}".encode()).hexdigest()


def with_keys(text: str, **values: object) -> str:
    """The text with top-level keys of its front matter set; None removes a key.

    Everything else stays as written. Values are single-line scalars. Raises: NoFrontMatter.
    """
    parts = split_article(text)
    if parts is None:
        raise NoFrontMatter(
            f"the article does not begin with keys between `---` lines, but with {text[:30]!r}; "
            "put them back, or `voice-agent knowledge restore` it"
        )
    head, body, _ = parts
    lines = head.split("\n")
    for key, value in values.items():
        lines = _set(lines, key, value)
    return "\n".join(["---", *lines, "---", body.rstrip("\n"), ""])


def with_asked(text: str, passage: int, wordings: Iterable[str]) -> str:
    """The text with buyers' wordings added to a passage (1-based), without duplicates.

    Raises: NoSuchPassage, NoFrontMatter.
    """
    whole = with_keys(text)
    parts = split_article(whole)
    lines = whole.rstrip("\n").split("\n")
    start = parts[2] - 1 if parts else 0
    last = _last_line(lines, start, passage)
    known = {m[1].strip().lower() for line in lines if (m := _ASKED.match(line))}
    plain = (" ".join(w.split()).rstrip(" ?.!").lower() for w in wordings)
    new = [w for w in dict.fromkeys(plain) if w and w not in known]
    return "\n".join([*lines[: last + 1], *(f"> asked: {w}" for w in new), *lines[last + 1 :], ""])


def asked_in(text: str) -> list[str]:
    """Buyers' wordings in an article's text, also in one that cannot be read otherwise yet."""
    return [m[1].strip() for line in text.split("\n") if (m := _ASKED.match(line))]


def _last_line(lines: Sequence[str], start: int, passage: int) -> int:
    """Where a passage ends: the last line of its block that is not a note."""
    number, last = 0, -1
    inside = False
    for n, raw in enumerate(lines[start:], start):
        line = raw.strip()
        if line.startswith("#"):
            continue
        number += bool(line) and not inside
        inside = bool(line)
        if inside and number == passage:
            last = n
    if last < 0:
        raise NoSuchPassage(f"there is no passage {passage}: the article has {number}")
    return last


_ASKED = re.compile(r"\s*> asked:(.*)")


def _set(lines: list[str], key: str, value: object) -> list[str]:
    out: list[str] = []
    place: int | None = None
    dropping = False
    for line in lines:
        if re.match(rf"{re.escape(key)}\s*:", line):
            place, dropping = len(out), True
        elif not (dropping and (line[:1] in " \t" or line.startswith("- "))):
            dropping = False
            out.append(line)
    if value is not None:
        out.insert(len(out) if place is None else place, f"{key}: {scalar(value)}")
    return out


def new_front(article: str, kind: str, title: str, owner: str, today: date) -> str:
    """The front matter of a new article's draft, between its `---` lines."""
    return f"""---
id: {article}
version: 1
type: {kind}
title: {scalar(title)}
topics: [{article.replace("-", " ")}]
owner: {owner}
status: draft
valid_from: {today}
review_by: {today + REVIEW}
policy: paraphrase
---
"""


def scalar(value: object) -> str:
    """A scalar or flow list in single-line YAML."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=100_000, sort_keys=False
    )
    return text.removesuffix("\n").removesuffix("\n...")
