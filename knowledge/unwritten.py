"""Published articles that still wait for the company's own words."""

from collections.abc import Iterable
from pathlib import Path

from knowledge.entry import Article

MARK = "# TO DO"
"""In an article's file; `voice-agent new` writes it above what is to be replaced."""


def unwritten(folder: Path, articles: Iterable[Article]) -> list[Article]:
    """The published articles whose file in the company folder still has the mark."""
    return [one for one in articles if one.status == "published" and MARK in _text(folder, one)]


def _text(folder: Path, article: Article) -> str:
    path = folder / article.source
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
