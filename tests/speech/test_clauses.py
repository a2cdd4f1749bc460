"""Clauses: nothing is lost, nothing that belongs together is split, the first comes soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_agent.speech.clauses import FIRST_MIN, LONGEST, pronounceable, split

ITEMS = [
    "$1,250.50", "+1 415 555 2671", "jane.doe@acme.com", "www.tideline.com/pricing",
    "9 a.m. Eastern", "April 3, 2026", "Dr. J. R. Smith", "Acme, Inc.", "San Francisco, CA",
    "SOC 2", "10 and 20", "Procter & Gamble", "Mr. O'Neil", "v2.1", "e.g. Snowflake", "No. 5",
    "99.9 %",
]  # fmt: skip
WORDS = st.sampled_from(
    "we you sync the data and but because of Snowflake BigQuery, fast. really? yes, so which "
    "for example: it takes; minutes today Tideline … 15 2,".split()
)


@given(st.text(max_size=400))
def test_joined_clauses_are_the_text_with_tidy_spaces(text):
    assert " ".join(split(text)) == " ".join(text.split())


@given(st.lists(WORDS, max_size=120))
def test_clauses_are_never_empty_nor_endless(words):
    clauses = split(" ".join(words))
    assert all(clauses)
    assert all(len(clause) < LONGEST + 80 for clause in clauses)


@given(
    st.lists(WORDS, max_size=30),
    st.sampled_from(ITEMS),
    st.lists(WORDS, max_size=30),
)
def test_a_number_a_name_or_an_address_is_never_torn(before, item, after):
    clauses = split(" ".join([*before, item, *after]))
    assert any(item in clause for clause in clauses)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("Yes. We do.", ["Yes.", "We do."]),
        ("Great question. It runs hourly.", ["Great question.", "It runs hourly."]),
        ("Sure, it runs hourly.", ["Sure, it runs hourly."]),
        ("Thanks, Jane, I have that.", ["Thanks, Jane,", "I have that."]),
        (
            "Of course, the Growth plan is $1,250.50 a month.",
            ["Of course,", "the Growth plan is $1,250.50 a month."],
        ),
        (
            "I'll have someone follow up; is email or phone better?",
            ["I'll have someone follow up;", "is email or phone better?"],
        ),
        (
            "It takes ten to twenty minutes because the first sync copies your history.",
            ["It takes ten to twenty minutes", "because the first sync copies your history."],
        ),
        ("We open at 9 a.m. We close at 5 p.m.", ["We open at 9 a.m.", "We close at 5 p.m."]),
        ("1. Open it.\n2. Press start.", ["1. Open it.", "2. Press start."]),
    ],
)
def test_cuts_fall_where_a_speaker_breathes(text, clauses):
    assert split(text) == clauses


def test_a_list_is_said_in_one_breath():
    text = "It connects to Snowflake, BigQuery, and Redshift."
    assert split(text) == [text]


def test_the_first_clause_of_a_long_sentence_is_short():
    text = (
        "The warehouse connection copies every changed row to the tools that your sales and "
        "support people already use, without any code on your side."
    )
    assert FIRST_MIN <= len(split(text)[0]) < 90


def test_a_text_without_any_mark_is_cut_at_a_space():
    clauses = split("word " * 2000)
    assert max(map(len, clauses)) <= LONGEST + 10


def test_only_letters_and_digits_can_be_said():
    assert pronounceable("Yes") and pronounceable("5")
    assert not any(map(pronounceable, ("", "…", "🙂", " - ")))
