"""`read(content, document, …)`: any supported document as proposals for draft articles. Pure."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import get_args

from knowledge.entry import ArticleType
from knowledge.importing.hypertext import read_html, read_markdown
from knowledge.importing.office import read_slides, read_word
from knowledge.importing.pdf import read_pdf
from knowledge.importing.prices import read_prices
from knowledge.importing.proposal import Format, ImportFailed, Proposal
from knowledge.importing.transcripts import read_call

_BY_ENDING: dict[str, Format] = {
    ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".pdf": "pdf",
    ".docx": "word", ".pptx": "slides",
    ".csv": "prices", ".tsv": "prices", ".json": "call", ".txt": "call",
}  # fmt: skip


def read(
    content: bytes,
    document: str,
    *,
    form: Format | None = None,
    kind: ArticleType = "capability",
    currency: str = "",
    ours: Sequence[str] = (),
) -> list[Proposal]:
    """Proposals from a document's bytes. `document` names it in every proposal's place.

    Raises: ImportFailed naming the document, the fault and the remedy.
    """
    form = form or format_of(document)
    match form:
        case "pdf":
            return read_pdf(content, document, kind)
        case "word":
            return read_word(content, document, kind)
        case "slides":
            return read_slides(content, document, kind)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportFailed(f"{document}: is not UTF-8 text ({error}); save it as UTF-8") from error
    match form:
        case "markdown":
            return read_markdown(text, document, kind)
        case "html":
            return read_html(text, document, kind)
        case "prices":
            return read_prices(text, document, currency)
        case "call":
            return read_call(text, document, ours)


def format_of(document: str) -> Format:
    """The kind of document, from its file name extension. Raises: ImportFailed."""
    ending = PurePath(document.split("?")[0].split("#")[0]).suffix.lower()
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    if "://" in document:
        return "html"
    raise ImportFailed(
        f"{document}: cannot tell what it is by `{ending or 'its name'}`; "
        f"say --format {'|'.join(get_args(Format))}"
    )


def known_endings() -> tuple[str, ...]:
    """Extensions of the files that can be imported."""
    return tuple(_BY_ENDING)
