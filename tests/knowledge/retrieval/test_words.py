"""Words as recognisers write them meet words as authors write them."""

import pytest

from knowledge.load import Loaded
from knowledge.retrieval.index import Index
from knowledge.retrieval.tokens import stem, tokens
from knowledge.retrieval.words import Words


@pytest.fixture(scope="module")
def words(tideline: Loaded) -> Words:
    return Index(tideline.articles, tideline.company).words


def test_contractions_open_and_numbers_become_figures():
    assert tokens("What's it cost? We've twenty-four, don't we?") == [
        "what", "is", "it", "cost", "we", "have", "24", "do", "not", "we",
    ]  # fmt: skip
    assert tokens("soc two, one of $1,200 and 99.95%") == [
        "soc", "2", "one", "of", "$1200", "and", "99.95%",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("snow flake", "Snowflake"),
        ("big query", "BigQuery"),
        ("databrics", "Databricks"),
        ("hubspott", "HubSpot"),
        ("s s o", "SSO"),
        ("hippa", "HIPAA"),
        ("zen desk", "Zendesk"),
        ("google ads", "Google Ads"),
        ("snowflakes", "Snowflake"),
        ("five tran", "Fivetran"),
    ],
)
def test_damaged_name_is_still_the_name(words: Words, said: str, name: str):
    assert [t.name for t in words.terms(f"do you support {said}", repair=True) if t.name] == [name]


@pytest.mark.parametrize("said", ["workday", "couchbase", "mailchimp", "airtable", "rivery"])
def test_unknown_tool_is_not_bent_into_a_known_one(words: Words, said: str):
    assert all(t.name is None for t in words.terms(f"do you support {said}", repair=True))


def test_name_that_is_also_a_common_word_does_not_bind(words: Words):
    assert all(t.name is None for t in words.terms("can we build customer segments"))


def test_customer_is_not_custom():
    assert stem("customers") == stem("customer") != stem("custom")


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("iso twenty seven thousand one", ["iso", "27001"]),
        ("nineteen ninety five", ["1995"]),
        ("five hundred thousand rows", ["500000", "rows"]),
        ("seven one four", ["7", "1", "4"]),
        ("one of twenty four seven", ["one", "of", "24", "7"]),
        ("5 million rows for $5k", ["5000000", "rows", "for", "$5000"]),
        ("a hundred and five", ["a", "105"]),
        ("between one hundred and two hundred", ["between", "100", "and", "200"]),
        ("two hundred and three hundred", ["200", "and", "300"]),
        ("a hundred and twenty thousand", ["a", "120000"]),
        ("5m long and 1.5 thousand", ["5", "m", "long", "and", "1500"]),
    ],
)
def test_numbers_said_in_words_become_the_figures_they_are(said: str, figures: list[str]):
    assert tokens(said) == figures


def test_phrase_is_the_one_word_it_stands_for(words: Words):
    money_back, refund = (words.terms(t)[0] for t in ("money back", "refund"))
    assert set(money_back.forms) & set(refund.forms)


@pytest.mark.parametrize(
    ("form", "verb"),
    [
        ("kept", "keep"),
        ("paid", "pay"),
        ("built", "building"),
        ("chosen", "choose"),
        ("sold", "sells"),
    ],
)
def test_irregular_past_forms_are_their_verb(form, verb):
    assert stem(form) == stem(verb)
