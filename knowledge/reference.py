"""Writes the reference of the company folder, `knowledge/REFERENCE.md`.

`python -m knowledge.reference > knowledge/REFERENCE.md`.

It is generated from the code; `tests/test_docs.py` checks that the file is up to date.
"""

import sys
from collections.abc import Iterable

from knowledge.article_file import FrontMatter
from knowledge.keys import Key, keys
from knowledge.profile import Company

_HEAD = """# The company folder, key by key

Everything that makes one company differ from another is here: `company.yaml`, `articles/*.md`, and
`golden.yaml` with the questions that hold back a worse answer. `voice-agent check FOLDER`
reports every mistake at once with file, line, key, what was expected and what was found.

In paths, `[]` stands for each item of a list and `*` for a key of your own. This page is made by
`python -m knowledge.reference`; edit the docstrings in `knowledge/`, not this file.
"""


def reference() -> str:
    """The whole page, as Markdown."""
    return "\n".join(
        [
            _HEAD,
            "## company.yaml\n",
            *_table(keys(Company)),
            "\n## The head of an article\n",
            *_table(keys(FrontMatter)),
            "",
        ]
    )


def _table(found: Iterable[Key]) -> list[str]:
    rows = [f"| `{k.path}` | {k.type} | {k.default} | {k.meaning} |" for k in found]
    return ["| key | type | default | meaning |", "|---|---|---|---|", *rows]


if __name__ == "__main__":
    sys.stdout.write(reference())
