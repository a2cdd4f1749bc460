"""Both parsers of YAML, libyaml's and the one in Python, read the company folders alike."""

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


def test_what_is_wrong_is_said_as_the_parser_in_python_says_it():
    found = read_yaml("company.yaml", "hours:\n week: [\n  x:", first_line=3)
    (problem,) = found.problems
    assert found.data is None
    with pytest.raises(yaml.MarkedYAMLError) as told:
        yaml.safe_load("hours:\n week: [\n  x:")
    assert problem.found == told.value.problem
    assert problem.line == 3 + told.value.problem_mark.line
