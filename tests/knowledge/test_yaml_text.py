"""Both YAML parsers, libyaml's and the one in Python, read the company folders alike."""

from pathlib import Path

import pytest
import yaml

from knowledge.article_text import split_article
from knowledge.positions import read_yaml
from knowledge.yaml_text import plain
from tests.knowledge.conftest import CORVANE, TIDELINE


@pytest.mark.parametrize("company", [TIDELINE, CORVANE], ids=lambda folder: folder.name)
def test_a_company_reads_the_same_as_with_the_parser_in_python(company: Path):
    text = (company / "company.yaml").read_text(encoding="utf-8")
    assert plain(text) == yaml.safe_load(text)
    article = min((company / "articles").rglob("*.md")).read_text(encoding="utf-8")
    parts = split_article(article)
    assert parts
    assert plain(parts[0]) == yaml.safe_load(parts[0])


FAULTS = [
    ("a: 1\n\tb: 2", 2, "a tab", "spaces"),
    ("a:\n  b: 1\n\u00a0 c: : 2", 3, "a no-break space", "spaces"),
    ("t:\n  - id: x\n   name: y", 3, "one of 3", "Indent"),
    ("v:\n a: 1\n  b: 2", 3, "one of 2", "Indent"),
    ("a:\n  - x\n - y\n", 3, "one of 1", "Indent"),
    ("g: Hello: how", 1, "a colon", "double quotes"),
    ("g: \u201cHello: how\u201d", 1, "typographic", "plain quotes"),
    ('g: "How can\nh: "The x."\ni: 2', 1, "none", "Close the quote"),
    ('a: 1\ng: "How', 2, "none", "Close the quote"),
    ("g: 'What's up'", 1, "more text", "double quotes"),
    ('g: "say "hi" now"', 1, "more text", "single quotes"),
    ('w: "C:\\Users\\kim"', 1, "a single backslash", "twice"),
    ('w: "C:\\kim"', 1, "a single backslash", "twice"),
    ("t: [a, b\nc: 2", 1, "none up to line 2", "Close what opens here with `]`"),
    ("t: {a: 1, b\nc: 2\n", 1, "none up to line 2", "Close what opens here with `}`"),
    ("a: 1\nhello\nb: 2\n", 2, "'hello'", "`key: value`"),
    ("p: *\n", 1, "begins with *", "double quotes"),
    ("p: @home", 1, "begins with @", "double quotes"),
    ("p: !sale 5 %", 1, "begins with !", "double quotes"),
    ("x: 1\nd: 2026-02-30", 2, "2026-02-30", "year, month and day"),
    ("a: b\n---\nc: d", 2, "another document", "Check indentation"),
]


@pytest.mark.parametrize(("text", "line", "found", "remedy"), FAULTS)
def test_a_file_that_is_no_yaml_is_told_by_its_line_and_what_to_do(text, line, found, remedy):
    (problem,) = read_yaml("company.yaml", text, first_line=3).problems
    assert problem.line == line + 2, problem
    assert found in problem.found and remedy in problem.remedy, problem
