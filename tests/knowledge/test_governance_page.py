"""What is written on governing knowledge names every policy and finding there is."""

import re
from pathlib import Path
from typing import get_args

from knowledge.entry import Policy
from knowledge.lint import KINDS

TEXT = (Path(__file__).parents[2] / "knowledge" / "GOVERNANCE.md").read_text(encoding="utf-8")


def rows(head: str) -> dict[str, str]:
    """First column to the rest of the row, of the table under this head line."""
    table = TEXT.split(head, 1)[1].split("\n\n", 1)[0]
    return dict(re.findall(r"^\| `([\w-]+)` \|(.*)$", table, re.MULTILINE))


def test_every_policy_and_finding_is_explained():
    assert rows("| policy | what happens |").keys() == set(get_args(Policy))
    findings = {kind: text.strip(" |") for kind, text in rows("| kind | |").items()}
    assert findings == KINDS
