"""Word documents and PowerPoint slides as headings, paragraphs and list items.

Both are ZIP files of XML (ECMA-376). A Word heading is recognised by its style's name, which is
English in every language; a slide's, by the title placeholder.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from knowledge.entry import ArticleType
from knowledge.importing.hypertext import Block, sections
from knowledge.importing.proposal import ImportFailed, Proposal

MOST_XML_BYTES = 30_000_000
"""Largest unpacked part: real documents are far smaller."""
MOST_SLIDES = 500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")
_HEADING = re.compile(r"heading ([1-6])")
_BREAKS = {f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_A}br"}
_FAULTS = (
    BadZipFile, zlib.error, ElementTree.ParseError, KeyError, ValueError, RuntimeError, EOFError,
    OSError,
)  # fmt: skip
"""Errors from a file of another type, damaged, or protected by a password."""


def read_word(content: bytes, document: str, kind: ArticleType) -> list[Proposal]:
    """The sections of a .docx. Raises: ImportFailed."""
    try:
        with ZipFile(BytesIO(content)) as parts:
            body = _part(parts, "word/document.xml").find(f"{_W}body")
            levels = _levels(parts)
            blocks = [*_of_word(body, levels)] if body is not None else []
    except _FAULTS as error:
        raise ImportFailed(f"{document}: cannot be read as a Word document ({error})") from error
    return sections(blocks, document, kind)


def read_slides(content: bytes, document: str, kind: ArticleType) -> list[Proposal]:
    """A section for each slide of a .pptx that has text. Raises: ImportFailed."""
    try:
        with ZipFile(BytesIO(content)) as parts:
            names = [m for name in parts.namelist() if (m := _SLIDE.fullmatch(name))]
            if len(names) > MOST_SLIDES:
                raise ImportFailed(f"{document}: {len(names)} slides; split it into parts")
            ordered = sorted(names, key=lambda m: int(m[1]))
            blocks = [b for m in ordered for b in _of_slide(_part(parts, m[0]))]
    except _FAULTS as error:
        raise ImportFailed(f"{document}: cannot be read as slides ({error})") from error
    return sections(blocks, document, kind)


def _part(parts: ZipFile, name: str) -> ElementTree.Element:
    """One part as XML; entity declarations are not expanded, so none can grow."""
    with parts.open(name) as file:
        text = file.read(MOST_XML_BYTES + 1)
    if len(text) > MOST_XML_BYTES or b"<!DOCTYPE" in text:
        raise ValueError("a part is too large, or declares what no document does")
    return ElementTree.fromstring(text)


def _levels(parts: ZipFile) -> dict[str, int]:
    """Which styles are headings, by style id."""
    if "word/styles.xml" not in parts.namelist():
        return {}
    found: dict[str, int] = {}
    for style in _part(parts, "word/styles.xml").iter(f"{_W}style"):
        named = style.find(f"{_W}name")
        name = (named.get(f"{_W}val") or "").lower() if named is not None else ""
        match = _HEADING.fullmatch(name)
        if match or name == "title":
            found[style.get(f"{_W}styleId") or ""] = int(match[1]) if match else 1
    return found


def _of_word(body: ElementTree.Element, levels: dict[str, int]) -> Iterator[Block]:
    for child in body:
        if child.tag == f"{_W}tbl":
            yield Block("left_out", "a table")
        if child.tag == f"{_W}p" and (text := _text(child, _W)):
            style = child.find(f"{_W}pPr/{_W}pStyle")
            level = levels.get(style.get(f"{_W}val") or "", 0) if style is not None else 0
            listed = child.find(f"{_W}pPr/{_W}numPr") is not None
            yield Block("heading" if level else "item" if listed else "text", text, level)


def _of_slide(slide: ElementTree.Element) -> Iterator[Block]:
    """The title first, wherever it is, then the paragraphs of each shape in order."""
    bodies: list[Block] = []
    title = ""
    for shape in slide.iter(f"{_P}sp"):
        place = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
        kind = place.get("type", "") if place is not None else ""
        told = [text for p in shape.iter(f"{_A}p") if (text := _text(p, _A))]
        if kind in ("title", "ctrTitle"):
            title = title or " ".join(told)
        elif kind not in ("sldNum", "ftr", "dt"):
            bodies += [Block("text", t) for t in told[:1] if len(told) == 1]
            bodies += [Block("item", t) for t in told if len(told) > 1]
    if any(True for _ in slide.iter(f"{_A}tbl")):
        bodies.append(Block("left_out", "a table"))
    if title:
        yield Block("heading", title, 1)
    yield from bodies


def _text(paragraph: ElementTree.Element, space: str) -> str:
    """Its words; Word keeps text deleted under review under another name."""
    found = (
        " " if part.tag in _BREAKS else part.text or ""
        for part in paragraph.iter()
        if part.tag in _BREAKS or part.tag == f"{space}t"
    )
    return re.sub(r"\s+", " ", "".join(found)).strip()
