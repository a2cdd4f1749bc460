"""Replaces a section's value in its text, touching as few lines as possible. Pure.

Unchanged lines keep their comments, order and style. A YAML library that keeps comments ties each
to what stands above it, so that removing a criterion would also remove the comment above the next
one; here lines are cut and inserted instead, and the result is parsed to verify it.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import yaml

from knowledge.article_text import scalar
from knowledge.yaml_text import QUICK, plain

Edit = tuple[int, int, str]
"""Replaces the text between two positions."""
_LONG = 40
"""Lists longer than this as text are written one item per line."""


class CannotAmend(ValueError):
    """A section is written in a style that cannot be edited in place."""


def amended(text: str, name: str, wanted: Any) -> str:
    """The section `name` with `wanted` as its value. Raises: CannotAmend."""
    root = yaml.compose(text, Loader=QUICK) if text.strip() else None
    if root is None:
        return "\n".join(_entry(name, wanted, 0)) + "\n"
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise CannotAmend(f"`{name}` has to stand at the beginning of a line")
    old = plain(text)
    edits = list(_Amending(text).mapping(root, old, {**old, name: wanted}))
    for start, end, new in reversed(sorted(edits, key=lambda edit: edit[:2])):
        text = text[:start] + new + text[end:]
    try:
        right = plain(text) == {**old, name: wanted}
    except yaml.YAMLError:
        right = False
    if not right:
        raise CannotAmend(
            f"`{name}` is written in a way that cannot be changed here: edit its text"
        )
    return text


class _Amending:
    """The edits that turn one composed text into another value."""

    def __init__(self, text: str) -> None:
        self._text = text

    def mapping(
        self, node: yaml.MappingNode, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Iterator[Edit]:
        """Edits inside a mapping with one key per line."""
        there = [(str(key.value), key, value) for key, value in node.value]
        places = {key: n for n, (key, _, _) in enumerate(there)}
        column = node.value[0][0].start_mark.column
        for n, (key, at, value) in enumerate(there):
            if key not in new:
                yield self._dropped(there, n)
            elif old[key] != new[key]:
                yield from self._changed(at, value, old[key], new[key])
        after = -1
        for key, value in new.items():
            if key in places:
                after = places[key]
                continue
            _, at, stands = there[max(after, 0)]
            yield self._below(self._end(at, stands), _entry(key, value, column))

    def _changed(self, key: yaml.Node, node: yaml.Node, old: Any, new: Any) -> Iterator[Edit]:
        """Edits that change the value of a key."""
        if isinstance(node, yaml.MappingNode) and not node.flow_style and _is_map(new):
            yield from self.mapping(node, old, new)
        elif isinstance(node, yaml.SequenceNode) and not node.flow_style and _is_list(new) and new:
            yield from self._sequence(node, old, new)
        elif _is_list(new) and any(isinstance(item, dict) for item in new):
            column = key.start_mark.column
            written = "\n" + "\n".join(_items(new, column + 2))
            yield self._colon(key), self._end(key, node), written
        else:
            block = isinstance(node, yaml.CollectionNode) and not node.flow_style
            start = self._colon(key) if block or _empty(node) else node.start_mark.index
            blank = " " if block or _empty(node) else ""
            yield start, self._end(key, node), blank + _inline(new, node)

    def _sequence(
        self, node: yaml.SequenceNode, old: Sequence[Any], new: Sequence[Any]
    ) -> Iterator[Edit]:
        """Edits inside a list with one item per line; a moved item keeps its lines."""
        column = self._dash(node.value[0])
        lines = {_frozen(item): self._lines(at) for item, at in zip(old, node.value, strict=True)}

        def put(items: Sequence[Any], before: int) -> Edit | None:
            written: list[str] = []
            for item in items:
                known = lines.get(_frozen(item))
                written += [known] if known is not None else _item(item, column)
            if not written:
                return None
            if before == 0:
                start = self._line_start(node.value[0].start_mark.index)
                return start, start, "\n".join(written) + "\n"
            return self._below(_content_end(node.value[before - 1]), written)

        matcher = SequenceMatcher(None, _names(old), _names(new), autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            same = min(b - a, d - c) if kind in ("equal", "replace") else 0
            for n in range(same):
                yield from self._item(node.value[a + n], old[a + n], new[c + n])
            for gone in node.value[a + same : b]:
                yield self._line_start(gone.start_mark.index), self._after(gone), ""
            if (edit := put(new[c + same : d], b)) is not None:
                yield edit

    def _item(self, node: yaml.Node, old: Any, new: Any) -> Iterator[Edit]:
        if old == new:
            return
        if isinstance(node, yaml.MappingNode) and not node.flow_style and _is_map(new) and new:
            yield from self.mapping(node, old, new)
        elif isinstance(node, yaml.CollectionNode) and not node.flow_style:
            start = self._line_start(node.start_mark.index)
            yield start, self._after(node), "\n".join(_item(new, self._dash(node))) + "\n"
        else:
            yield node.start_mark.index, _content_end(node), _inline(new, node)

    def _dropped(self, there: Sequence[tuple[str, yaml.Node, yaml.Node]], n: int) -> Edit:
        """Removes a key. The first key of a list item shares its line with the dash."""
        _, key, value = there[n]
        shares = bool(
            self._text[self._line_start(key.start_mark.index) : key.start_mark.index].strip()
        )
        if shares:
            if n + 1 == len(there):
                raise CannotAmend("an item has to keep one of its keys")
            return key.start_mark.index, there[n + 1][1].start_mark.index, ""
        return self._line_start(key.start_mark.index), self._line_end(self._end(key, value)), ""

    # --- places ------------------------------------------------------------------------------

    def _end(self, key: yaml.Node, value: yaml.Node) -> int:
        return self._colon(key) if _empty(value) else _content_end(value)

    def _colon(self, key: yaml.Node) -> int:
        """The position after a key's colon."""
        return self._text.index(":", key.end_mark.index) + 1

    def _dash(self, item: yaml.Node) -> int:
        """The column of an item's dash."""
        start = self._line_start(item.start_mark.index)
        return self._text.index("-", start) - start

    def _lines(self, item: yaml.Node) -> str:
        """An item as written, without its last line end."""
        start = self._line_start(item.start_mark.index)
        return self._text[start : self._after(item)].rstrip("\n")

    def _after(self, item: yaml.Node) -> int:
        return self._line_end(_content_end(item))

    def _below(self, end: int, lines: Sequence[str]) -> Edit:
        """Inserts lines below the one that contains the end of what precedes `end`."""
        at = self._line_end(end)
        lead = "" if at == 0 or self._text[at - 1 : at] == "\n" else "\n"
        return at, at, lead + "\n".join(lines) + "\n"

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        if at and self._text[at - 1] == "\n":
            return at
        found = self._text.find("\n", at)
        return len(self._text) if found < 0 else found + 1


def _content_end(node: yaml.Node) -> int:
    """Where a node's text ends; YAML's end mark may come after comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (None, last)
        if key is not None and _empty(value):
            return int(key.end_mark.index) + 1
        return _content_end(value)
    return int(node.end_mark.index)


def _empty(node: yaml.Node) -> bool:
    """Whether the value is empty: `key:` and the end of the line."""
    return isinstance(node, yaml.ScalarNode) and node.start_mark.index == node.end_mark.index


def _inline(value: Any, like: yaml.Node) -> str:
    """A value on one line, quoted like the one it replaces."""
    quoted = isinstance(like, yaml.ScalarNode) and like.style == '"'
    if isinstance(value, str) and (quoted or "\n" in value):
        return _quoted(value)
    return scalar(value)


def _quoted(text: str) -> str:
    dumped = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=100_000)
    return dumped.removesuffix("\n")


def _entry(key: str, value: Any, column: int) -> list[str]:
    """A key with its value, as lines."""
    pad = " " * column
    if _is_list(value) and any(isinstance(item, dict) for item in value):
        return [f"{pad}{key}:", *_items(value, column + 2)]
    if _is_list(value) and any(isinstance(v, str) and len(v) > _LONG for v in value):
        return [f"{pad}{key}:", *(f"{pad}  - {_quoted(v)}" for v in value)]
    if _is_map(value) and value:
        return [f"{pad}{key}:", *(x for k, v in value.items() for x in _entry(k, v, column + 2))]
    lined = isinstance(value, str) and "\n" in value
    return [f"{pad}{key}: {_quoted(value) if lined else scalar(value)}"]


def _items(values: Sequence[Any], column: int) -> list[str]:
    return [line for value in values for line in _item(value, column)]


def _item(value: Any, column: int) -> list[str]:
    """A list item, as lines."""
    if not _is_map(value) or not value:
        text = _quoted(value) if isinstance(value, str) and len(value) > _LONG else scalar(value)
        return [f"{' ' * column}- {text}"]
    lines = [line for key, inner in value.items() for line in _entry(key, inner, column + 2)]
    return [f"{' ' * column}- {lines[0][column + 2 :]}", *lines[1:]]


def _names(values: Sequence[Any]) -> list[Hashable]:
    """What identifies the items of a list: their id or name, else all of them."""
    return [
        v.get("id") or v.get("name") or _frozen(v) if isinstance(v, dict) else _frozen(v)
        for v in values
    ]


def _frozen(value: Any) -> str:
    return repr(value)


def _is_map(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)
