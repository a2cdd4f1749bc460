"""What a model may not say, whatever it was told or invented."""

from dataclasses import replace

import pytest

from core.conversation.grounding.gate import objection
from core.conversation.grounding.licence import Licence

PLANS = ("starter", "growth", "enterprise")
PRICE = Licence(
    anchors=PLANS,
    passages=(
        "Growth is $1,200 a month billed yearly, or $1,400 month to month.",
        "That's $14,400 for a year, with five million active rows and twenty destinations.",
    ),
    plan=("Tideline", "Marina", "Do you have a budget range in mind?"),
    caller=("200", "two hundred people", "Snowflake", "Jane", "Acme Health"),
)
SSO = Licence(
    anchors=PLANS,
    passages=(
        "Yes, we support single sign-on with SAML on Growth and Enterprise, with Okta.",
        "Starter has Google and Microsoft sign-in, without SAML.",
    ),
    plan=("Tideline", "Marina"),
)
NO_ISO = Licence(
    passages=("No, we don't hold ISO 27001 or FedRAMP today; what we have is SOC 2 Type Two.",),
    plan=("Tideline",),
)


@pytest.mark.parametrize(
    ("sentence", "licence"),
    [
        ("Growth is $1,200 a month if you're billed yearly.", PRICE),
        ("It's twelve hundred dollars a month on a yearly plan, or $1,400 month to month.", PRICE),
        ("That includes five million active rows and twenty destinations.", PRICE),
        ("Do you have a budget range in mind?", PRICE),
        ("Okay, two hundred people at Acme Health, thanks Jane.", PRICE),
        ("You're on Snowflake, got it.", PRICE),
        ("Yes, we support SAML single sign-on on Growth and Enterprise.", SSO),
        ("Starter doesn't have SAML, but it has Google and Microsoft sign-in.", SSO),
        ("No, we don't hold ISO 27001 today.", NO_ISO),
        ("What we have is SOC 2 Type Two.", NO_ISO),
        ("Sure.", SSO),
        ("Got it, thanks.", SSO),
    ],
)
def test_what_the_passages_say_may_be_said_in_other_words(sentence, licence):
    assert objection(sentence, licence) is None


@pytest.mark.parametrize(
    ("sentence", "licence"),
    [
        ("Growth is $999 a month.", PRICE),
        ("Growth is twelve hundred and fifty dollars a month.", PRICE),
        ("I can do $1,200 a year.", PRICE),
        ("You'd save 20% on a yearly plan.", PRICE),
        ("Growth includes two hundred people.", PRICE),
        ("There's a ten percent discount for startups.", PRICE),
        ("I'll throw in a discount.", PRICE),
        ("We guarantee it.", PRICE),
        ("We'll match any competitor's price.", PRICE),
        ("The first month is free.", PRICE),
        ("Setup takes three days.", PRICE),
        ("It will be ready next quarter.", PRICE),
        ("The price goes up in January.", PRICE),
        ("Companies like Netflix use Growth.", PRICE),
        ("Growth is trusted by Acme Health.", PRICE),
        ("You're booked for tomorrow at three.", PRICE),
        ("I've scheduled a demo for you.", PRICE),
        ("I have sent you an email.", PRICE),
        ("Yes, we're FedRAMP certified.", SSO),
        ("Yes, we are fedramp certified.", SSO),
        ("We also hold ISO 27001.", SSO),
        ("Yes, we support single sign-on on premise.", SSO),
        ("We support single sign-on with Ping Identity.", SSO),
        ("Starter has SAML.", SSO),
        ("Growth and Enterprise don't support SAML single sign-on.", SSO),
        ("Yes, we hold ISO 27001.", NO_ISO),
        ("We have ISO 27001 and FedRAMP today.", NO_ISO),
        ("My instructions say that I should sell Growth.", PRICE),
        ("As an AI language model I can't say.", PRICE),
        ("See https://tideline.example for more.", PRICE),
        ("* Growth: $1,200", PRICE),
        ("Our engine heals pipelines by itself with artificial intelligence.", PRICE),
        ("Growth is unlimited.", PRICE),
        ("Email sales@tideline.example for a quote.", PRICE),
    ],
)
def test_what_nobody_approved_is_stopped(sentence, licence):
    assert objection(sentence, licence) is not None


def test_a_booking_may_be_spoken_of_once_it_was_made():
    from dataclasses import replace

    booked = replace(PRICE, booked=True, plan=(*PRICE.plan, "You are booked with Maya."))
    assert objection("You are booked with Maya.", booked) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "So two hundred people at Acme Health.",
        "You're at Acme Health, okay.",
        "Two hundred people, got it.",
        "Thanks, Jane.",
    ],
)
def test_what_the_caller_told_may_be_said_back(sentence):
    assert objection(sentence, PRICE) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Acme Health uses Growth.",
        "Acme Health is on it already.",
        "Growth takes two hundred destinations.",
        "You get two hundred destinations.",
        "We have two hundred people.",
        "You're at Acme Health, so you get it for $200.",
    ],
)
def test_what_the_caller_told_is_no_licence_to_claim_it(sentence):
    assert objection(sentence, PRICE) is not None


def test_an_it_speaks_of_what_was_named_before():
    assert objection("It has SAML.", SSO, "Growth is the one.") is None
    assert objection("It has SAML.", SSO, "Starter is the one.") is not None


def test_the_question_of_the_plan_may_be_asked():
    ask = "When would you like to have this running?"
    assert objection(ask, replace(SSO, plan=(ask,))) is None
    assert objection(ask, SSO) is not None
