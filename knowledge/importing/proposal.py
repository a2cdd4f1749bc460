"""The output of an importer: a possible article from part of a document. Pure."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from knowledge.article_file import MAX_PASSAGE_CHARS
from knowledge.entry import ArticleType, Policy
from knowledge.errors import KnowledgeError
from knowledge.retrieval.english import QUESTION, STOP

Format = Literal["markdown", "html", "pdf", "word", "slides", "prices", "call"]
"""The supported kinds of documents."""
MOST_SENTENCES = 3
"""Most sentences of a passage: what a listener takes in at once."""
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”')]*\s+(?=[A-Z0-9\"“'(])")
_EVERYDAY = QUESTION | STOP
_BLANK = re.compile(r"\s+")


class ImportFailed(KnowledgeError):
    """A document cannot be read; the message names it, the fault and the remedy."""

    code = "import-failed"


@dataclass(frozen=True, slots=True)
class Said:
    """A proposed passage: its text, and buyers' wordings for it."""

    text: str
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed article, and the part of a document it comes from."""

    place: str
    """Document and part, e.g. `pricing.csv#growth`."""
    title: str
    passages: tuple[Said, ...]
    type: ArticleType = "capability"
    policy: Policy = "paraphrase"
    topics: tuple[str, ...] = ()
    facts: tuple[tuple[str, str | int | float], ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)
    """For the editor of the draft: what was left out and why."""

    @property
    def sha256(self) -> str:
        """Hash of this part's content."""
        content = [self.title, [p.text for p in self.passages], list(self.facts)]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def slug(text: str, longest: int = 60) -> str:
    """`text` as an article id: `Why SSO?` becomes `why-sso`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return "-".join(words)[:longest].strip("-") or "article"


def id_of(question: str, taken: Collection[str]) -> str:
    """A free id of a question's telling words: `What's the fee for a second site?` becomes
    `fee-second-site`."""
    words = slug(re.sub(r"(?:n['’]t|['’]\w+)\b", "", question), 400).split("-")
    short = "-".join([word for word in words if word not in _EVERYDAY][:4] or words[:4])
    return next(one for one in (short, *(f"{short}-{n}" for n in range(2, 1000)))
                if one not in taken)  # fmt: skip


def passages_of(texts: Sequence[str]) -> list[str]:
    """Paragraphs split into passages: at most three sentences each, short enough to be spoken."""
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
