"""What a mail says about somebody else is not taken for its sender's details."""

import pytest

from core.conversation.words.third_persons import own_words
from core.conversation.words.utterance import utterance
from core.talk import ConversationOpened, UserSaid
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, chat, engine

OWN = {"name": "Jane Doe", "email": "jane.doe@forgeworks.com"}
FIELDS = ("name", "email", "company", "phone", "role")


def mail() -> TextTalk:
    opened = ConversationOpened(
        "c1", "email", "inbound", None, None, MONDAY_NOON, contact=tuple(OWN.items())
    )
    return TextTalk(engine(), opened)


def known(talk: TextTalk) -> dict[str, str]:
    return {f: v for f in FIELDS if (v := talk.state.signals.value(f))}


@pytest.mark.parametrize(
    "text",
    [
        "Hi, I'm writing for my client Bob Hart at Acme, bob@acme.com. They use Snowflake.",
        "Our customer Maria Lopez (maria@lopezfoods.com) asked us whether you support HubSpot.",
        "I ask on behalf of Bob Hart, CTO of Acme. His number is +1 212 555 0198 and his mail is"
        " bob@acme.com.",
        "My client needs a sync tool. Their head of IT is Bob Hart, phone 212-555-0198.",
        "Hi,\n\nthe end client is Northwind (contact: Tim Roth, tim@northwind.com, 312 555 0177)."
        "\nWhat does Growth cost?\n\nThanks,\nJane",
        "Please loop in my colleague Sam Lee (sam@forgeworks.com, +1 415 555 0134). SSO?",
        "Contact for the pilot would be our engineer Priya Nair, priya@forgeworks.com.",
        "Bob Hart from Acme recommended you, bob@acme.com can confirm. How much is Growth?",
        "A friend, bob@acme.com, told me of you. Do you have SSO?",
        "Our accountant will pay: invoices@ledger.example, 212 555 0198. What do you cost?",
        "My boss Ann Lee (VP Data, ann@forgeworks.com, +1 212 555 0198) wants a price.",
        "See Bob's mail.\n\n> do they do reverse ETL?\n> Bob Hart\n> Acme\n> bob@acme.com",
        "Can you do that?\n\nOn Mon, Nov 23, 2026 at 9:12 AM Bob Hart <bob@acme.com> wrote:\n"
        "Find us a tool.\nBob Hart\nCFO, Acme Corp\n+1 212 555 0198",
        "Can you help?\n\n-----Original Message-----\nFrom: Bob Hart <bob@acme.com>\nTo: Jane\n"
        "Subject: tool\n\nFind us a tool.\n\nBob Hart\nCFO, Acme Corp\n+1 212 555 0198",
        "Fwd, could you do this?\n\nFrom: Bob Hart <bob@acme.com>\nSent: Monday\nTo: Jane Doe\n\n"
        "We need a tool.\n\nBest,\nBob Hart\nCFO\n+1 212 555 0198",
    ],
)
async def test_details_of_somebody_else_are_not_the_buyers(text):
    talk = mail()
    await talk.says(text)
    assert known(talk) == OWN, text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("You can reach me at jane@work.com or 415-555-0199.",
         {"email": "jane@work.com", "phone": "+14155550199"}),
        ("Please write to jd@forgeworks.com instead, that's my other address.",
         {"email": "jd@forgeworks.com"}),
        ("My client is Acme (bob@acme.com), but call me on 415 555 0199.",
         {"phone": "+14155550199"}),
        ("What does it cost?\n\nBest,\nJane Doe\nHead of Data, Forgeworks\n+1 415 555 0199",
         {"company": "Forgeworks", "phone": "+14155550199", "role": "head of data"}),
        ("I'm Jane Doe from Forgeworks; my client's name is Bob Hart and his company is Acme.",
         {"company": "Forgeworks"}),
        ("My client Bob Hart asks for a price.\n\nKind regards,\nJane Doe\nForgeworks\n"
         "+1 415 555 0199\n\n> From Bob\n> +1 212 555 0198",
         {"company": "Forgeworks", "phone": "+14155550199"}),
    ],
)  # fmt: skip
async def test_their_own_details_are_taken_beside_them(text, told):
    talk = mail()
    await talk.says(text)
    found = known(talk)
    assert {f: found.get(f) for f in told} == told, found


async def test_a_chat_of_a_client_leaves_who_writes_unknown():
    talk = chat()
    await talk.says("hi, my client Bob Hart at Acme (bob@acme.com, 212 555 0198) needs reverse etl")
    assert known(talk) == {}
    await talk.says("you can reach me at jane@forgeworks.com")
    assert known(talk)["email"] == "jane@forgeworks.com"


async def test_asked_for_a_number_that_of_somebody_else_is_taken():
    talk = chat()
    await talk.says("can someone call me tomorrow morning")
    assert talk.state.awaited.ask == "phone"
    await talk.says("my assistant takes calls: 415 555 0199")
    assert known(talk)["phone"] == "+14155550199"


def test_places_in_the_text_stay_where_they_are():
    text = "My client Bob, bob@acme.com. I'm Jane."
    own = own_words(utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON)))
    assert len(own.text) == len(text) and "bob" not in own.text and own.text.endswith("i'm jane.")
