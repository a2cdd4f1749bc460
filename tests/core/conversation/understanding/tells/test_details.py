"""Numbers and addresses that are the buyer's own, and those that are not."""

import pytest

from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, engine

OWN = "dana@northwind.example"


async def told(words: str, field: str) -> list[str]:
    opened = ConversationOpened(
        "c1", "email", "inbound", None, None, MONDAY_NOON, contact=(("email", OWN),)
    )
    mail = TextTalk(engine(), opened)
    await mail.says(words)
    return mail.known(field)


@pytest.mark.parametrize(
    "words",
    [
        "Wednesday works. Please invite also marc@tessera.example.",
        "Please cc my colleague at li@tessera.example on this.",
        "Could you copy marc@tessera.example?",
        "Please send the report to our CISO, ciso@tessera.example.",
        "Please add my boss Ann Lee (ann@tessera.example) to the invite.",
    ],
)
async def test_the_address_of_who_is_to_be_told_as_well_replaces_nobodys(words):
    assert await told(words, "email") == [OWN]


@pytest.mark.parametrize(
    "words",
    ["Better write to d.whitfield@gmail.example.", "My address is d.whitfield@gmail.example"],
)
async def test_another_address_of_their_own_is_taken(words):
    assert await told(words, "email") == ["d.whitfield@gmail.example"]


@pytest.mark.parametrize(
    "words",
    [
        "Please find our questions for RFP 2026-118.",
        "We were sent invoice no. 617-555-0123 by mistake.",
        "Our order number 6175550123 is about that.",
        "See ticket #6175550123.",
    ],
)
async def test_what_numbers_a_paper_is_no_telephone(words):
    assert await told(words, "phone") == []


@pytest.mark.parametrize(
    "words", ["Call me at 617-555-0123.", "In any case, 617 555 0123 is my number."]
)
async def test_a_number_to_call_is_one(words):
    assert await told(words, "phone") == ["+16175550123"]


async def test_what_a_mail_tells_beside_a_number_is_read():
    words = (
        "We are in Dubai, aviation parts, 900 staff, and need to bring orders from Snowflake to"
        " Salesforce before summer. My number is +971 4 555 0123."
    )
    assert await told(words, "employees") == ["900"]
    assert await told(words, "phone") == ["+97145550123"]
    assert await told("It's 617 555 0123, or 617 555 0188 after five.", "employees") == []


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("We're a travel company (Singapore, 480 people).", ["Singapore"]),
        ("We're an agency (Berlin) on BigQuery.", ["Berlin"]),
        ("We're a company with customers (Singapore, Japan).", []),
        ("Our company's data is in a region (Frankfurt).", []),
    ],
)
async def test_a_place_in_brackets_after_what_they_are_is_theirs(words, place):
    assert await told(words, "location") == place
