"""The guide's own examples, held as whole conversations."""

import pytest

from core.events import QuestionRaised, SignalCaptured
from core.flags.rules import flagged
from core.handoff.brief import brief
from core.text.turn import TextTurn
from tests.core.talk import Talk, sample


def basis(turn: TextTurn, criterion: str) -> list[tuple[str, str]]:
    """Value and basis of what a turn told of a criterion."""
    told = [f for f in turn.facts if isinstance(f, SignalCaptured) and f.criterion == criterion]
    return [(f.value, f.basis) for f in told]


async def test_can_this_integrate_with_our_snowflake_data_warehouse():
    """The integration is confirmed and explained, then one question close to it is asked.

    caller  Can this integrate with our Snowflake data warehouse?
    agent   Yes, we connect natively to Snowflake, in both directions. What would you like the data
            to do for you once it's connected?
    caller  We want usage data in Salesforce, so our reps see who's active.
    """
    talk = Talk()
    first = await talk.says("Can this integrate with our Snowflake data warehouse?")
    assert first.sentences[0].kind == "answer" and first.text.startswith("Yes")
    assert first.citations and all(c.startswith("snowflake@") for c in first.citations)
    assert first.asks == ["use_case"] and first.sentences[-1].asks == "use_case"
    assert basis(first, "tech_stack") == [("Snowflake", "stated")], "it is our warehouse they said"
    second = await talk.says("We want usage data in Salesforce, so our reps see who's active.")
    assert ("product usage in CRM", "stated") in basis(second, "use_case")


async def test_does_your_platform_support_sso():
    """Answered thoroughly first; only then noted, as what such a question usually comes from.

    caller  Does your platform support SSO?
    agent   Yes, we support single sign-on with SAML on Growth and Enterprise, ...
    """
    talk = Talk()
    turn = await talk.says("Does your platform support SSO?")
    assert turn.sentences[0].kind == "answer" and "single sign-on" in turn.text
    assert not any(s.asks for s in turn.sentences[:1]), "the answer comes before any question"
    noted = basis(turn, "segment")
    assert noted == [("enterprise", "implied")], "noted as an enterprise signal, not as a fact"
    assert talk.verdict.segment is None, "an implied signal proves no segment"


async def test_healthcare_in_message_one_is_remembered_in_message_five():
    """What was said of the trade early shapes a later answer and the lead's routing.

    caller  Hi, we're a healthcare company.
    ...
    caller  Which of your plans could we use for patient data?
    """
    talk = Talk()
    await talk.says("Hi, we're a healthcare company and we're on Snowflake.")
    await talk.says("How long does setup take?")
    await talk.says("About 4,000 people, in Boston.")
    await talk.says("Is there an audit log?")
    fifth = await talk.says("And which plan would we need for patient data?")
    assert talk.known("industry") == ["healthcare"]
    assert "industry" not in [a for turn in talk.turns for a in turn.asks], "never asked again"
    assert fifth.sentences[0].kind in ("answer", "deferral")
    industry = next(c for c in talk.verdict.criteria if c.name == "industry")
    assert industry.state == "met"
    sofia = talk.state.judged.route
    assert sofia is not None and talk.verdict.segment == "enterprise"


async def test_the_snowflake_flow_of_a_website_chat_learns_what_they_build_and_whom_they_compare():
    """From what sources they work with it learns that they load data, are technical, and look
    around.
    """
    talk = Talk()
    await talk.says("Does your platform integrate with Snowflake?")
    told = await talk.says(
        "Mostly Postgres and Salesforce data, we're building pipelines into Snowflake."
    )
    assert ("data ingestion", "stated") in basis(told, "use_case"), "not what one clause resembles"
    assert "Tideline Connect loads data" in told.text
    await talk.says("I'm a data engineer. We're also looking at Fivetran and Hightouch.")
    assert talk.known("role") == ["data engineer"]
    facts = [*talk.facts, *flagged("c1", talk.facts, sample().company)]
    named = [c for c in brief(facts, sample().company)["concerns"] if "Named" in c["text"]]
    assert [c["text"] for c in named] == ["Named Fivetran and Hightouch."] and named[0]["turn"] == 3


async def test_what_their_own_people_are_to_see_is_told_and_not_asked():
    talk = Talk()
    turn = await talk.says("We want usage data in Salesforce, so our reps see who's active.")
    assert not any(isinstance(f, QuestionRaised) for f in turn.facts)
    asked = await talk.says("Can our reps see who changed a sync?")
    assert any(isinstance(f, QuestionRaised) for f in asked.facts)


@pytest.mark.parametrize(
    ("asks", "hears"),
    [
        ("Do you know what industry we're in?", "healthcare"),
        ("What did I say about our industry?", "healthcare"),
        ("How big did I say we are?", "4,000 people"),
        ("Do you remember which warehouse we use?", "Snowflake"),
        ("Do you remember my name?", "from you yet"),
        ("What industry are we in?", "healthcare"),
        ("What's our company size?", "4,000 people"),
        ("I told you already how many people we are.", "4,000 people"),
        ("What do you know about us so far?", "healthcare as industry"),
        ("Can you remember what I told you?", "4,000 people as company size"),
    ],
)
async def test_who_asks_what_they_told_is_told_so_in_message_five(asks: str, hears: str):
    talk = Talk()
    await talk.says("Hi, we're a healthcare company and we're on Snowflake.")
    await talk.says("How long does setup take?")
    await talk.says("We have 4,000 people.")
    await talk.says("Is there an audit log?")
    fifth = await talk.says(asks)
    assert hears.lower() in fifth.text.lower()
    assert not any(isinstance(f, QuestionRaised) for f in fifth.facts), "nobody else has to answer"


@pytest.mark.parametrize(
    "asks",
    ["Do you know which plan we need?", "What do you know about Fivetran?",
     "What did you say about pricing?", "How many people do we need to run it?",
     "Which warehouse do we need?", "Do you remember which rows were synced?"],
)  # fmt: skip
async def test_what_is_asked_of_the_product_is_no_question_about_themselves(asks: str):
    talk = Talk()
    await talk.says("Hi, we're a healthcare company.")
    turn = await talk.says(asks)
    assert any(isinstance(f, QuestionRaised) for f in turn.facts)
    assert "you told me" not in turn.text.lower()


async def test_which_plan_is_answered_for_the_industry_told_in_message_one():
    talk = Talk()
    await talk.says("Hi, we're in healthcare.")
    await talk.says("Does it work with BigQuery?")
    setup = await talk.says("How long would setup take for us?")
    assert "healthcare" not in setup.text, "nothing of theirs is known on that"
    await talk.says("Is there an audit log?")
    fifth = await talk.says("Which plan would we need?")
    assert "since you're in healthcare: Health information needs Enterprise" in fifth.text
    assert fifth.citations == ["plan-differences@1#1", "hipaa@1#3"]
    other = Talk()
    await other.says("Hi, we're in retail.")
    assert "retail" not in (await other.says("Which plan would we need?")).text


async def test_a_no_to_what_must_not_be_done_is_no_yes_to_something_else():
    for asks in ("Can we use Growth for patient data?", "Is HIPAA on Growth?"):
        turn = await Talk().says(asks)
        assert turn.text.startswith("No, Starter and Growth must not be used"), asks
        assert turn.citations == ["hipaa@1#2"]
    for asks in ("Which plan do we need for HIPAA?", "Which plans cover HIPAA?"):
        turn = await Talk().says(asks)
        assert turn.text.startswith("Health information needs Enterprise"), asks
    assert (await Talk().says("Are you HIPAA compliant?")).text.startswith("Yes, Tideline can")
