"""What an importer hands over: an article somebody may make of a part of a document. Pure."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from knowledge.article_file import MAX_PASSAGE_CHARS
from knowledge.entry import ArticleType, Policy
from knowledge.errors import KnowledgeError

Format = Literal["markdown", "html", "pdf", "word", "slides", "prices", "call"]
"""Kinds of documents that are read."""
MOST_SENTENCES = 3
"""Sentences of a passage: what a listener takes in at once."""
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”')]*\s+(?=[A-Z0-9\"“'(])")
_BLANK = re.compile(r"\s+")


class ImportFailed(KnowledgeError):
    """A document cannot be read; the text names it, what is wrong and what to do."""

    code = "import-failed"


@dataclass(frozen=True, slots=True)
class Said:
    """A passage to be: its words, and how buyers ask for them."""

    text: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An article to be, with the part of a document it comes from."""

    place: str
    """Document and part, as `pricing.csv#growth`."""
    title: str
    passages: tuple[Said, ...]
    type: ArticleType = "capability"
    policy: Policy = "paraphrase"
    topics: tuple[str, ...] = ()
    facts: tuple[tuple[str, str | int | float], ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)
    """For whoever edits the draft: what was left out and why."""

    @property
    def sha256(self) -> str:
        """Hash of what the document says here."""
        content = [self.title, [p.text for p in self.passages], list(self.facts)]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def slug(text: str) -> str:
    """`text` as an article id: `Why SSO?` becomes `why-sso`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return "-".join(words)[:60].strip("-") or "article"


def passages_of(texts: Sequence[str]) -> list[str]:
    """Paragraphs as passages: at most three sentences each, and short enough to be spoken."""
    return [passage for text in texts for passage in _cut(_BLANK.sub(" ", text).strip())]


def _cut(text: str) -> Iterator[str]:
    taken: list[str] = []
    for sentence in (s for s in _SENTENCE.split(text.lstrip("#> -*•")) if s.strip()):
        if taken and (
            len(taken) == MOST_SENTENCES or len(" ".join((*taken, sentence))) > MAX_PASSAGE_CHARS
        ):
            yield " ".join(taken)
            taken = []
        taken.append(sentence.strip())
    if taken:
        yield " ".join(taken)
