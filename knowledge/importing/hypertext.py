"""Parses HTML and Markdown into headings, paragraphs and list items, then into proposals. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

from knowledge.entry import ArticleType
from knowledge.importing.proposal import ImportFailed, Proposal, Said, passages_of, slug

Kind = Literal["heading", "text", "item", "left_out"]

_LEFT_OUT = {"table": "a table", "pre": "a block of code", "figure": "a picture"}
_SILENT = {"script", "style", "nav", "footer", "aside", "form", "noscript", "template", "svg",
           "button", "select", "head", "iframe"}  # fmt: skip
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 6, "dt": 6}
_TEXTS = {"p", "dd", "blockquote", "div", "section", "article", "main", "td", "figcaption", "body"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "source", "wbr"}
_FEW = 8
"""A list item of at most this many words is merged into a sentence."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a document, in reading order. `level`: 1..6 for headings."""

    kind: Kind
    text: str
    level: int = 0


def read_html(text: str, document: str, kind: ArticleType) -> list[Proposal]:
    """The sections of a page. Raises: ImportFailed when it has no text."""
    reader = _Reader("<main" in text.lower())
    reader.feed(text)
    reader.close()
    reader.flush()
    return sections(reader.blocks, document, kind, reader.title)


def read_markdown(text: str, document: str, kind: ArticleType) -> list[Proposal]:
    """The sections of a Markdown document. Raises: ImportFailed."""
    from markdown_it import MarkdownIt

    body = re.sub(r"\A\ufeff?---\r?\n.*?\n---\r?\n", "", text, flags=re.DOTALL)
    return read_html(MarkdownIt().enable("table").render(body), document, kind)


class _Reader(HTMLParser):
    """Collects blocks; skips navigation, scripts and forms."""

    def __init__(self, only_main: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.title = ""
        self._only_main, self._main, self._silent = only_main, 0, 0
        self._skipped: list[str] = []
        self._kind: Kind = "text"
        self._level = self._items = 0
        self._words: list[str] = []
        self._titled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._titled = tag == "title"
        if tag == "main":
            self._main += 1
        if tag in _VOID:
            self._words.append(" ")
        elif self._skipped or tag in _SILENT or tag in _LEFT_OUT:
            if tag in _SILENT or tag in _LEFT_OUT:
                self.flush()
                self._skipped.append(tag)
        elif tag in _HEADINGS or tag in _TEXTS or tag == "li":
            self.flush()
            self._items += tag == "li"
            self._kind = "heading" if tag in _HEADINGS else self._usual()
            self._level = _HEADINGS.get(tag, 0)

    def _usual(self) -> Kind:
        return "item" if self._items else "text"

    def handle_endtag(self, tag: str) -> None:
        self._titled = False
        if tag == "main":
            self.flush()
            self._main -= 1
        if self._skipped and tag in self._skipped:
            while self._skipped.pop() != tag:
                pass
            if tag in _LEFT_OUT and not self._skipped and self._wanted():
                self.blocks.append(Block("left_out", _LEFT_OUT[tag]))
        elif tag in _HEADINGS or tag in _TEXTS or tag in ("li", "ul", "ol"):
            self.flush()
            self._items = 0 if tag in ("ul", "ol") else self._items - (tag == "li")
            self._kind, self._level = self._usual(), 0

    def handle_data(self, data: str) -> None:
        if self._titled:
            self.title += data
        elif not self._skipped and self._wanted():
            self._words.append(data)

    def _wanted(self) -> bool:
        return self._main > 0 or not self._only_main

    def flush(self) -> None:
        """End the current block."""
        text = re.sub(r"\s+", " ", "".join(self._words)).strip()
        self._words = []
        if text:
            self.blocks.append(Block(self._kind, text, self._level))


def sections(
    blocks: Sequence[Block], document: str, kind: ArticleType, title: str = ""
) -> list[Proposal]:
    """One proposal for each heading with text under it."""
    found: list[Proposal] = []
    path: list[tuple[int, str]] = []
    inside: list[Block] = []
    heading = title.strip() or document
    places: set[str] = set()

    def end() -> None:
        if any(block.kind != "left_out" for block in inside):
            names = [slug(name) for _, name in path] or [slug(heading)]
            place = unique(f"{document}#{'/'.join(names)}", places)
            places.add(place)
            found.append(_proposal(heading, inside, place, kind))

    for block in blocks:
        if block.kind != "heading":
            inside.append(block)
            continue
        end()
        inside = []
        path = [*(p for p in path if p[0] < block.level), (block.level, block.text)]
        heading = block.text
    end()
    if not found:
        raise ImportFailed(f"{document}: no text found; is it the right file?")
    return found


def unique(name: str, taken: set[str]) -> str:
    """`name`, with a number appended if it is taken."""
    number, wanted = 2, name
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _proposal(title: str, blocks: Sequence[Block], place: str, kind: ArticleType) -> Proposal:
    texts = passages_of(list(_paragraphs(blocks)))
    asked = (title.rstrip("? ").lower(),) if title.endswith("?") else ()
    said = [Said(text, asked if n == 0 else ()) for n, text in enumerate(texts)]
    left = [block.text for block in blocks if block.kind == "left_out"]
    notes = tuple(f"Left out here: {what}. Say it in a sentence." for what in dict.fromkeys(left))
    return Proposal(place, title.rstrip(":"), tuple(said), kind, topics=(title.rstrip("?: ").lower(),), notes=notes)  # fmt: skip  # noqa: E501


def _paragraphs(blocks: Sequence[Block]) -> Iterator[str]:
    """Paragraphs; short list items after a colon are joined into its sentence."""
    waiting, items = "", list[str]()
    for block in [*blocks, Block("text", "")]:
        if block.kind == "item":
            items.append(block.text)
            continue
        if block.kind == "left_out":
            continue
        if items:
            yield from _listed(waiting, items)
        elif waiting:
            yield waiting
        waiting, items = block.text, []


def _listed(lead: str, items: list[str]) -> Iterator[str]:
    if lead.endswith(":") and all(len(item.split()) <= _FEW for item in items):
        names = [item.rstrip(".;,") for item in items]
        joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        yield f"{lead} {joined}."
        return
    if lead:
        yield lead.removesuffix(":") + ("." if lead.endswith(":") else "")
    yield " ".join(item if item[-1] in ".!?" else f"{item}." for item in items)
