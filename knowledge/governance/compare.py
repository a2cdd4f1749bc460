"""Compares two versions of an article: keys, then passages, with the words that differ."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from knowledge.article_text import LIFECYCLE, front_of, split_article

_ALIKE = 0.5
"""Similarity from which two passages count as one changed, not as one removed and one added."""
_WORD = re.compile(r"\s+|[^\s]+")


def compare(old: str, new: str) -> list[str]:
    """Lines that describe the changes; empty when there are none.

    `- removed`, `+ added`, `~ changed [-old words-]{+new words+}`.
    """
    return [*_keys(front_of(old), front_of(new)), *_passages(_blocks(old), _blocks(new))]


def _keys(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if key in LIFECYCLE or old.get(key) == new.get(key):
            continue
        if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
            inner = {f"{key}.{k}": v for k, v in old[key].items()}
            yield from _keys(inner, {f"{key}.{k}": v for k, v in new[key].items()})
        elif key not in old:
            yield f"+ {key}: {_shown(new[key])}"
        elif key not in new:
            yield f"- {key}: {_shown(old[key])}"
        else:
            yield f"~ {key}: {_shown(old[key])} → {_shown(new[key])}"


def _shown(value: object) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _blocks(text: str) -> list[list[str]]:
    """Passages as lists of lines: the text joined into one, then its `>` lines."""
    parts = split_article(text)
    body = parts[1] if parts else text
    blocks: list[list[str]] = []
    for raw in re.split(r"\n[ \t]*\n", body):
        lines = [x.strip() for x in raw.split("\n") if x.strip() and not x.strip().startswith("#")]
        words = " ".join(x for x in lines if not x.startswith(">"))
        marks = [x for x in lines if x.startswith(">")]
        if words or marks:
            blocks.append([*([words] if words else []), *marks])
    return blocks


def _passages(old: Sequence[list[str]], new: Sequence[list[str]]) -> Iterator[str]:
    left = dict(enumerate(old, start=1))
    pairs: dict[int, int] = {}
    for n, block in enumerate(new, start=1):
        best = max(left, key=lambda o: (_alike(left[o], block), -abs(o - n)), default=None)
        if best is not None and _alike(left[best], block) >= _ALIKE:
            pairs[n] = best
            del left[best]
    for n, block in enumerate(new, start=1):
        if n not in pairs:
            yield f"+ passage {n}"
            yield from (f"  + {line}" for line in block)
            continue
        lines = list(_lines(old[pairs[n] - 1], block))
        moved = f" (was {pairs[n]})" if pairs[n] != n else ""
        if lines:
            yield f"~ passage {n}{moved}"
            yield from (f"  {line}" for line in lines)
    for n, block in left.items():
        yield f"- passage {n}"
        yield from (f"  - {line}" for line in block)


def _alike(old: Sequence[str], new: Sequence[str]) -> float:
    if old == new:
        return 1.0
    return SequenceMatcher(None, old[0].split(), new[0].split()).ratio() * 0.99


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    if old[:1] != new[:1]:
        yield f"~ {_words(old[0], new[0])}"
    yield from (f"- {line}" for line in old[1:] if line not in new)
    yield from (f"+ {line}" for line in new[1:] if line not in old)


def _words(old: str, new: str) -> str:
    a, b = _WORD.findall(old), _WORD.findall(new)
    parts: list[str] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, come = "".join(a[a1:a2]), "".join(b[b1:b2])
        if kind == "equal":
            parts.append(gone)
        else:
            parts += [f"[-{gone}-]" if gone else "", f"{{+{come}+}}" if come else ""]
    return "".join(parts)
