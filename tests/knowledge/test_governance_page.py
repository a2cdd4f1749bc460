"""The page on governing knowledge names every policy and finding."""

import re
from pathlib import Path
from typing import get_args

from knowledge.article_file import parse_article
from knowledge.entry import Policy
from knowledge.lint import KINDS

ROOT = Path(__file__).parents[2]
FORM = (ROOT / "docs" / "knowledge.md").read_text(encoding="utf-8")
TEXT = (ROOT / "knowledge" / "GOVERNANCE.md").read_text(encoding="utf-8")


def rows(head: str, page: str = TEXT) -> dict[str, str]:
    """First column to the rest of the row, of the table under this head line."""
    table = page.split(head, 1)[1].split("\n\n", 1)[0]
    return dict(re.findall(r"^\| `([\w-]+)` \|(.*)$", table, re.MULTILINE))


def test_every_policy_and_finding_is_explained():
    assert rows("| policy | what happens |", FORM).keys() == set(get_args(Policy))
    findings = {kind: text.strip(" |") for kind, text in rows("| kind | |").items()}
    assert findings == KINDS


def test_the_article_that_shows_the_form_is_one():
    (example,) = re.findall(r"^```\n(---\n.*?)^```", FORM, re.MULTILINE | re.DOTALL)
    file, problems = parse_article(example, "articles/sso.md")
    assert file and not problems and len(file.article.passages) == 2
