"""A PDF's text as headings and paragraphs, with headings recognised by larger letters."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from knowledge.entry import ArticleType
from knowledge.importing.hypertext import Block, sections
from knowledge.importing.proposal import ImportFailed, Proposal

MOST_PAGES = 500
_LARGER = 1.12
"""Font size of a heading relative to most of the text."""
_BULLET = re.compile(r"^[•◦▪–*·-]\s+")
_LONGEST_HEADING = 100


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    gap: bool
    """Whether the space above exceeds the line spacing of a paragraph."""


def read_pdf(content: bytes, document: str, kind: ArticleType) -> list[Proposal]:
    """The sections of a PDF with a text layer. Raises: ImportFailed."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(content))
        if len(reader.pages) > MOST_PAGES:
            raise ImportFailed(f"{document}: {len(reader.pages)} pages; split it into parts")
        lines = [line for page in reader.pages for line in _lines(page)]
        title = (reader.metadata.title or "") if reader.metadata else ""
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ImportFailed(f"{document}: cannot be read as a PDF ({error})") from error
    if not lines:
        raise ImportFailed(f"{document}: has no text, only pictures; run it through OCR first")
    return sections(_blocks(lines), document, kind, title)


def _lines(page: Any) -> list[_Line]:
    """The lines of a page in reading order, with their font size."""
    parts: list[tuple[float, float, str]] = []

    def see(text: str, user: Any, matrix: Any, _font: Any, size: float) -> None:
        if text.strip():
            scale = abs(matrix[3] or matrix[0]) * abs(user[3] or 1.0)
            parts.append((matrix[5] * (user[3] or 1.0) + user[5], size * (scale or 1.0), text))

    page.extract_text(visitor_text=see)
    lines: list[_Line] = []
    last: float | None = None
    for height, size, text in parts:
        words = re.sub(r"\s+", " ", text).strip()
        if last is not None and abs(last - height) < size * 0.5 and lines:
            before = lines.pop()
            lines.append(_Line(f"{before.text} {words}", max(before.size, size), before.gap))
        else:
            lines.append(_Line(words, size, last is None or abs(last - height) > size * 1.7))
        last = height
    return [line for line in lines if not line.text.isdecimal()]  # page numbers


def _blocks(lines: Sequence[_Line]) -> list[Block]:
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    usual = sizes.most_common(1)[0][0]
    larger = sorted({round(n.size, 1) for n in lines if n.size > usual * _LARGER}, reverse=True)
    blocks: list[Block] = []
    for line in lines:
        size = round(line.size, 1)
        if size in larger and len(line.text) <= _LONGEST_HEADING:
            level = min(larger.index(size) + 1, 6)
            blocks.append(Block("heading", line.text, level))
        elif _BULLET.match(line.text):
            blocks.append(Block("item", _BULLET.sub("", line.text)))
        elif blocks and blocks[-1].kind in ("text", "item") and not line.gap:
            before = blocks.pop()
            joined = _joined(before.text, line.text)
            blocks.append(Block(before.kind, joined))
        else:
            blocks.append(Block("text", line.text))
    return blocks


def _joined(before: str, after: str) -> str:
    """Two lines of a paragraph joined; a word hyphenated at the line's end is made whole."""
    if re.search(r"[a-z]-$", before) and after[:1].islower():
        return before[:-1] + after
    return f"{before} {after}"
