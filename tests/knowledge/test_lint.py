"""Lint tells stewards what needs them before callers notice."""

from dataclasses import replace
from datetime import date

from knowledge.entry import Article
from knowledge.lint import lint
from knowledge.load import Loaded

DAY = date(2026, 11, 23)


def changed(loaded: Loaded, article_id: str, **change: object) -> Loaded:
    def swap(article: Article) -> Article:
        return replace(article, **change) if article.id == article_id else article  # type: ignore[arg-type]

    return replace(loaded, articles=tuple(swap(a) for a in loaded.articles))


def kinds(loaded: Loaded, article_id: str) -> set[str]:
    return {finding.kind for finding in lint(loaded, DAY) if finding.article == article_id}


def test_sample_company_has_only_gaps_left_open_on_purpose(tideline: Loaded):
    assert {f.kind for f in lint(tideline, DAY)} == {"uncovered"}


def test_article_past_its_review_is_expired_and_one_near_it_is_due(tideline: Loaded):
    assert kinds(changed(tideline, "sso", review_by=date(2026, 11, 1)), "sso") == {"expired"}
    assert kinds(changed(tideline, "sso", review_by=date(2026, 12, 1)), "sso") == {"review-due"}


def test_limitation_must_name_what_it_limits(tideline: Loaded):
    bare = changed(tideline, "rate-limits", related=())
    assert kinds(bare, "rate-limits") == {"limitation-unlinked"}


def test_two_values_of_one_attribute_contradict_each_other(tideline: Loaded):
    clash = changed(tideline, "starter-plan", facts=(("starter.price_month", "395"),))
    notes = [f.note for f in lint(clash, DAY) if f.kind == "contradiction"]
    assert notes and "395 in starter-plan" in notes[0] and "390 in plans" in notes[0]


def test_wording_that_leads_to_two_passages_is_told(tideline: Loaded):
    sso = next(a for a in tideline.articles if a.id == "sso")
    twin = replace(sso.passages[1], asked=("do you support sso",))
    doubled = changed(tideline, "sso", passages=(sso.passages[0], twin))
    assert "wording-twice" in kinds(doubled, "sso")


def test_vocabulary_without_an_article_is_a_gap(tideline: Loaded):
    assert kinds(tideline, "Informatica") == {"uncovered"}
