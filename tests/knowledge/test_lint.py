"""Lint reports to stewards what needs them before callers notice."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.entry import Article
from knowledge.lint import KINDS, lint
from knowledge.lint_wordings import astray
from knowledge.load import Loaded
from knowledge.retrieval.figures import numbers_in

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
    clash = changed(tideline, "starter-plan", facts=(("Starter.price_month", "395.0"),))
    notes = [f.note for f in lint(clash, DAY) if f.kind == "contradiction"]
    assert notes and "395 in starter-plan" in notes[0] and "390 in plans" in notes[0]


def test_wording_that_leads_to_two_passages_is_told(tideline: Loaded):
    sso = next(a for a in tideline.articles if a.id == "sso")
    twin = replace(sso.passages[1], asked=("do you support sso",))
    doubled = changed(tideline, "sso", passages=(sso.passages[0], twin))
    assert "wording-twice" in kinds(doubled, "sso")


def test_vocabulary_without_an_article_is_a_gap(tideline: Loaded):
    assert kinds(tideline, "Informatica") == {"uncovered"}


def test_criteria_topic_without_a_published_article_is_a_gap(tideline: Loaded):
    topic = next(t for c in tideline.company.criteria for t in c.topics)
    bare = replace(
        tideline,
        articles=tuple(
            replace(a, status="draft") if topic in a.topics else a for a in tideline.articles
        ),
    )
    assert kinds(bare, topic) >= {"uncovered"}


def said(loaded: Loaded, article_id: str, text: str, spoken: str = "") -> set[str]:
    """Kinds found once the article's first passage says this."""
    return kinds(changed_text(loaded, article_id, text, spoken), article_id)


def changed_text(loaded: Loaded, article_id: str, text: str, spoken: str = "") -> Loaded:
    first = next(a for a in loaded.articles if a.id == article_id).passages[0]
    passage = replace(first, text=text, spoken=spoken or text)
    return changed(loaded, article_id, passages=(passage,))


@pytest.mark.parametrize(
    "text",
    [
        "Starter is $390 a month.",
        "Starter is three hundred and ninety dollars a month.",
    ],
)
def test_fact_is_found_in_the_words_whether_in_digits_or_in_words(tideline: Loaded, text: str):
    own = changed(tideline, "starter-plan", facts=(("starter.price_month", "390"),))
    assert said(own, "starter-plan", text) == set()


def test_fact_that_the_words_do_not_state_is_told(tideline: Loaded):
    own = changed(tideline, "starter-plan", facts=(("starter.price_month", "390"),))
    assert said(own, "starter-plan", "Starter is our smallest plan.") == {"fact-unstated"}


def test_price_in_another_article_that_no_fact_knows_is_told(tideline: Loaded):
    own = said(tideline, "what-is-tideline", "With Growth at $1,300 a month you sync all you have.")
    assert own == {"price-unbacked"}
    right = said(tideline, "what-is-tideline", "With Growth at $1,200 a month you sync it all.")
    assert right == set()


def test_a_sum_that_the_articles_own_facts_state_is_no_stray_one_of_what_it_names(tideline: Loaded):
    text = "Moving to Growth is $250."
    assert said(tideline, "what-is-tideline", text) == {"price-unbacked"}
    moving = changed(tideline, "what-is-tideline", facts=(("switch.fee", "250"),))
    assert said(moving, "what-is-tideline", text) == set()
    both = changed(tideline, "what-is-tideline", facts=(("switch.fee", "250"), ("growth.x", "9")))
    assert said(both, "what-is-tideline", text + " 9 each.") == set()
    notes = [f.note for f in lint(changed_text(tideline, "what-is-tideline", text), DAY)
             if f.kind == "price-unbacked"]  # fmt: skip
    assert "says $250 in a sentence that names growth, priced at" in notes[0]
    assert "among the `facts` of this article (`delivery.fee: 250`, say)" in notes[0]


@pytest.mark.parametrize(("text", "kinds"), [
    ("Two seats of Growth are $2,400 a month.", set()),
    ("Growth yearly and monthly together are $2,600.", set()),
    ("With Growth, training is free above $5,000 a year.", set()),
    ("Growth saves you about $9,000 a year.", set()),
    ("Growth is from $1,150 a month.", {"price-unbacked"}),
    ("Above all, Growth is $1,150.", {"price-unbacked"}),
])  # fmt: skip
def test_sums_reckoned_from_facts_and_mere_limits_are_no_stray_prices(
    tideline: Loaded, text: str, kinds: set[str]
):
    assert said(tideline, "what-is-tideline", text) == kinds


LONG = "We sync " + "all of your data " * 8 + "to every tool you have and to those you will have."


@pytest.mark.parametrize(
    ("text", "spoken", "found"),
    [
        ("See https://tideline.example/docs.", "See our documentation.", set()),
        ("See https://tideline.example/docs.", "", {"no-spoken-form"}),
        ("It is fast (very).", "", {"no-spoken-form"}),
        ("Use read/write access.", "", {"no-spoken-form"}),
        ("It is open 24/7.", "", set()),
        ("It is fast, e.g. daily.", "It is fast, i.e. daily.", {"no-spoken-form"}),
        (LONG, "", {"long-to-say"}),
        (LONG, "We sync all of it.", set()),
        ("We sync it. " * 16, "", {"long-to-say"}),
    ],
)
def test_text_for_the_eye_and_text_too_long_for_the_ear_are_told(
    tideline: Loaded, text: str, spoken: str, found: set[str]
):
    assert said(tideline, "sso", text.strip(), spoken) == found


def test_same_passage_in_two_articles_is_told(tideline: Loaded):
    words = next(a for a in tideline.articles if a.id == "scim").passages[0].text
    assert "passage-twice" in said(tideline, "sso", words)


def test_version_that_takes_over_later_is_not_a_second_article(tideline: Loaded):
    sso = next(a for a in tideline.articles if a.id == "sso")
    ending = replace(sso, review_by=date(2026, 11, 30))
    coming = replace(sso, version=2, valid_from=date(2026, 12, 1))
    others = tuple(a for a in tideline.articles if a is not sso)
    assert kinds(replace(tideline, articles=(*others, coming, ending)), "sso") == set()


def test_every_kind_of_finding_is_explained(tideline: Loaded):
    assert {f.kind for f in lint(tideline, date(2040, 1, 1))} <= KINDS.keys()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("five hundred thousand rows", {500_000}), ("$1,200.50 or 3", {1200.5, 3}),
        ("twenty-four hours", {24}), ("one hundred and five", {105}), ("a hundred thousand", {1e5}),
        ("2.5 million", {2.5e6}), ("ninety nine", {99}), ("none at all", set()),
        ("every hour", {60}), ("95 cents", {95, 0.95}), ("six cents each", {6, 0.06}),
        ("6¢", {6, 0.06}), ("twenty-five cents", {25, 0.25}),
        ("We act on your behalf.", set()), ("5 m long", {5}), ("$2.5m or 10k", {2.5e6, 1e4}),
        ("between one hundred and two hundred", {100, 200}), ("1.2.3 and one more", {1}),
    ],
)  # fmt: skip
def test_numbers_are_read_in_digits_and_in_words(text: str, numbers: set[float]):
    assert numbers_in(text) == numbers


def test_a_wording_that_leads_to_an_unrelated_article_is_named(tideline: Loaded):
    sso = next(a for a in tideline.articles if a.id == "sso")
    line = "what is the price of the starter plan"
    passage = replace(sso.passages[0], asked=(*sso.passages[0].asked, line))
    led = changed(tideline, "sso", passages=(passage, *sso.passages[1:]))
    found = [f for f in astray(led, DAY) if f.article == "sso"]
    assert [f.kind for f in found] == ["wording-astray"] and line in found[0].note
    assert "wording-astray" in KINDS
