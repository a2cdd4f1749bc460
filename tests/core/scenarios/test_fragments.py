"""Fragments: a word or two about what was just said. Each once was asked again, dropped or
answered beside the point."""

import pytest

from tests.core.talk import FREIGHT, Talk, chat


async def after(*words: str, talk=None):
    """The last turn of a chat."""
    talk = talk or chat()
    for said in words:
        turn = await talk.says(said)
    return turn


def of(turn) -> set[str]:
    return {c.split("@")[0] for c in turn.citations}


@pytest.mark.parametrize(
    ("before", "fragment", "told"),
    [
        ("are you soc 2", "type two", "Type Two"),
        ("do you support salesforce", "both ways", "reads and writes"),
        ("what was the price again", "is that per year", "billed yearly"),
        ("do you do real time", "like how many seconds", "under a minute"),
        ("do you support sso", "with okta?", "Okta"),
        ("do you support sso", "is it included", "included in Growth"),
        ("do you have an API", "and is that on every plan", "Growth and Enterprise"),
    ],
)
async def test_what_repeats_our_words_is_confirmed_by_the_same_passage(before, fragment, told):
    turn = await after(before, fragment)
    assert told in turn.text, turn.text


async def test_a_unit_of_what_was_told_is_no_other_service():
    turn = await after("whats your insurance", "per load?", talk=Talk(folder=FREIGHT))
    assert of(turn) == {"insurance"}, turn.text


async def test_a_fragment_is_no_answer_long_after():
    talk = chat()
    await after("are you soc 2", "how much is growth", "do you support dbt", talk=talk)
    turn = await talk.says("type two")
    assert not turn.citations, turn.text


async def test_a_question_that_points_back_may_be_about_one_thing_of_the_last():
    turn = await after("is data encrypted", "where is it stored")
    assert of(turn) == {"data-residency"}, turn.text


async def test_do_we_need_one_is_about_what_they_said_they_lack():
    turn = await after("we dont have a warehouse", "do we need one")
    assert of(turn) == {"which-warehouses"}, turn.text


async def test_what_only_points_back_takes_no_subject_from_how_they_came_by_us():
    turn = await after(
        "hi i saw your ad on linkedin and wanted to ask a couple questions",
        "so what is it you guys actually do",
    )
    assert of(turn) == {"what-is-tideline"}, turn.text


@pytest.mark.parametrize("fragment", ["for python", "how fast"])
async def test_a_fragment_without_a_subject_of_its_own_is_not_answered_by_another(fragment):
    turn = await after("do you do webhooks", "like when a row changes", fragment)
    assert not turn.citations, turn.text


async def test_a_price_of_what_was_told_is_no_other_fact_of_it():
    turn = await after("is there something like tideline without an engineer", "do we pay for that")
    assert "no-code" not in of(turn), turn.text


@pytest.mark.parametrize(
    "words",
    ["is growth or starter better for us", "should we take Starter or Growth?", "so which one"],
)
async def test_which_of_two_to_take_is_told_by_how_they_differ(words):
    turn = await after("we're 20 people", words)
    assert of(turn) == {"plan-differences"}, turn.text


async def test_support_that_a_plan_has_is_no_verb():
    turn = await after("how much is starter", "does it have support")
    assert "e-mail support" in turn.text, turn.text


@pytest.mark.parametrize(
    ("asked", "words"),
    [("can you read from mongodb", "so no"), ("do you support salesforce", "so that's a yes")],
)
async def test_what_only_sums_up_our_answer_is_confirmed(asked, words):
    turn = await after(asked, words)
    assert turn.text.startswith(("That's right", "Yes, that's it")), turn.text


async def test_a_fault_found_with_what_was_told_is_a_doubt_and_no_lookup():
    turn = await after("do you do real time", "hmm that's too slow for us")
    assert turn.text.startswith("That's fair") and not turn.citations, turn.text


@pytest.mark.parametrize(
    "words", ["excel is too basic for us", "our old system was too slow for us"]
)
async def test_a_fault_of_what_they_have_is_no_doubt_about_us(words):
    turn = await chat().says(words)
    assert "need to do better" not in turn.text, turn.text


@pytest.mark.parametrize("words", ["is that too small for you", "are we too small?"])
async def test_whether_their_size_rules_them_out_is_answered(words):
    turn = await after("we're 12 people", words)
    assert of(turn) == {"plan-differences"}, turn.text


async def test_each_of_two_questions_is_answered_by_its_own_words():
    turn = await after("We're a hospital. Do you sign a BAA and where's the data kept?")
    assert {"hipaa", "data-residency"} <= of(turn), turn.text


async def test_a_unit_alone_is_no_question_about_another_subject():
    turn = await after("can it handle 2 billion rows", "per month?")
    assert not turn.citations, turn.text


async def test_what_they_say_they_asked_is_asked():
    talk = chat()
    await after("hi", "i asked if you support airtable", talk=talk)
    assert "airtable" in talk.state.questions[-1].text


async def test_whether_what_they_need_can_be_done_asks_about_it():
    talk = chat()
    await talk.says("we need upserts by external id in salesforce, possible?")
    assert talk.state.questions, talk.state.history.reply
