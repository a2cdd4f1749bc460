from datetime import UTC, datetime

import pytest

from core.conversation.words.contact import email
from core.conversation.words.names import name_and_company
from core.conversation.words.phone import digit_run, phone_number, spoken_phone
from core.conversation.words.utterance import utterance
from core.talk import UserSaid


def said(text):
    return utterance(UserSaid(1, text, 0, 1000, datetime(2026, 6, 10, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("my email is jane dot doe at acme dot com", "jane.doe@acme.com"),
        ("it's j a n e at acme health dot io", "jane@acmehealth.io"),
        ("jane.doe@acme.com", "jane.doe@acme.com"),
        ("you can email me at bob at acme dot co dot uk thanks", "bob@acme.co.uk"),
        ("jane underscore doe two at acme dash labs dot org", "jane_doe2@acme-labs.org"),
        ("jo kim, j o at acme dot io", "jo@acme.io"),
        ("mike oh seven at acme dot com", "mike07@acme.com"),
    ],
)
def test_addresses_are_read_as_spoken(text, address):
    found = email(said(text))
    assert found is not None and found.value == address


@pytest.mark.parametrize(
    "text",
    [
        "we are at acme dot com",
        "look at the price",
        "meet me at noon",
        "it is older than my kids. at what point do you stop",
        "the kids at which point do we",
    ],
)
def test_places_and_websites_are_no_addresses(text):
    assert email(said(text)) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("four one five five five five oh one two three", "+14155550123"),
        ("it's six one seven five five five zero one nine nine", "+16175550199"),
        ("415-555-0123", "+14155550123"),
        ("plus forty nine three oh one two three four five six seven", "+49301234567"),
        ("four one five triple five oh one double two", "+14155550122"),
    ],
)
def test_dictated_numbers_become_e164(text, number):
    run = digit_run(said(text))
    assert run is not None and phone_number(run.value, "US") == number


def test_too_short_a_number_is_none():
    assert phone_number("4155", "US") is None


def test_numbers_are_said_back_without_the_country_at_home():
    assert spoken_phone("+14155550123", "US") == "415-555-0123"
    assert spoken_phone("+442079460142", "US").startswith("+44")


@pytest.mark.parametrize(
    ("text", "name", "company"),
    [
        ("hi this is jane from acme health", "Jane", "Acme Health"),
        ("my name is bob smith and i work at globex", "Bob Smith", "Globex"),
        ("i'm jane with initech", "Jane", "Initech"),
        ("hello dana here", "Dana", None),
        ("calling from northwind traders we have two hundred people", None, "Northwind Traders"),
        ("this is a question about pricing", None, None),
        ("i'm looking for a tool", None, None),
        ("this is great thanks", None, None),
    ],
)
def test_names_and_companies_are_heard_where_they_are_given(text, name, company):
    found, employer = name_and_company(said(text), None)
    assert (found.value if found else None) == name
    assert (employer.value if employer else None) == company


@pytest.mark.parametrize(
    ("text", "name"), [("jane", "Jane"), ("sure it's jane doe", "Jane Doe"), ("j a n e", "Jane")]
)
def test_a_bare_or_spelled_name_answers_the_question_for_it(text, name):
    found, _ = name_and_company(said(text), "name")
    assert found is not None and found.value == name
