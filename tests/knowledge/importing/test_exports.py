"""Exports from other systems: whose words they are, when, and the value of a lost deal."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importing.asking import doubts_in, matter_of, objections_in, questions_in
from knowledge.importing.exports import Record, records
from knowledge.importing.proposal import ImportFailed

ZENDESK = {"tickets": [{
    "id": 35436, "subject": "Can Tideline write to Workday?", "requester_id": 7,
    "created_at": "2026-10-01T09:30:00Z", "status": "solved",
    "description": "Hi team,\nWe use Workday. Can you sync employees there?",
    "comments": [
        {"author_id": 7, "plain_body": "And is there a limit of rows?", "public": True},
        {"author_id": 3, "plain_body": "What plan are you on?", "public": True},
        {"author_id": 7, "plain_body": "do not read", "public": False},
    ],
}]}  # fmt: skip
INTERCOM = {"type": "conversation.list", "conversations": [{
    "type": "conversation", "id": "501", "created_at": 1759311000,
    "source": {"body": "<p>Do you have an <b>on-premise</b> version?</p>",
               "author": {"type": "lead", "id": "1"}},
    "conversation_parts": {"type": "conversation_part.list", "conversation_parts": [
        {"part_type": "comment", "body": "<p>Which warehouse do you use?</p>",
         "author": {"type": "admin", "id": "9"}},
        {"part_type": "comment", "body": "<p>Oracle. How fast are syncs?</p>",
         "author": {"type": "user", "id": "1"}},
    ]},
}]}  # fmt: skip
FRESHDESK = [{"helpdesk_ticket": {
    "display_id": 12, "subject": "SCIM", "description": "Does SCIM work with JumpCloud?",
    "created_at": "2026-09-02T10:00:00+02:00",
    "notes": [{"helpdesk_note": {"body": "Is it extra?", "incoming": True}},
              {"helpdesk_note": {"body": "Who are you?", "incoming": False}}],
}}]  # fmt: skip
HUBSPOT_TICKETS = """Ticket ID,Ticket name,Ticket description,Create date,Associated Contact
881,Export,"How do I export logs to Splunk?
It is for our auditors.",2026-08-01 10:00,Jane Doe (jane@acme.com)
"""
HUBSPOT_DEALS = """Record ID,Deal Name,Deal Stage,Closed Lost Reason,Amount,Deal currency code,Close Date
1,Acme,Closed Lost,Missing Oracle connector,"48,000",USD,2026-07-01
2,Bolt,Closed Won,,90000,USD,2026-07-02
3,Corp,Closed Lost,Other,10000,USD,2026-07-03
"""  # noqa: E501
SALESFORCE = {"records": [{
    "attributes": {"type": "Opportunity"}, "Id": "006A", "Name": "Delta",
    "StageName": "Closed Lost", "Amount": 120000.0, "CloseDate": "2026-06-30",
    "CurrencyIsoCode": "EUR", "Loss_Reason__c": "Lost to Fivetran",
    "Description": "They went with Fivetran because of its connectors. Nice people.",
}]}  # fmt: skip


def only(text: str, columns: dict[str, str] | None = None) -> Record:
    (record,) = records(text, "export", columns)
    return record


def asked(record: Record) -> list[str]:
    return [question for text in record.texts for question in questions_in(text)]


def test_of_a_zendesk_ticket_the_requesters_public_words_are_taken():
    one = only(json.dumps(ZENDESK))
    assert (one.id, one.at) == ("35436", datetime(2026, 10, 1, 9, 30, tzinfo=UTC))
    assert asked(one) == [
        "Can Tideline write to Workday?", "Can you sync employees there?",
        "And is there a limit of rows?",
    ]  # fmt: skip
    lines = "\n".join(json.dumps(ticket) for ticket in ZENDESK["tickets"] * 2)
    assert len(records(lines, "export.jsonl")) == 2


def test_of_an_intercom_conversation_the_visitors_parts_are_taken_without_markup():
    one = only(json.dumps(INTERCOM))
    assert asked(one) == ["Do you have an on-premise version?", "How fast are syncs?"]
    assert one.at is not None and one.at.year == 2025


def test_of_a_freshdesk_ticket_what_came_in_is_taken():
    one = only(json.dumps(FRESHDESK))
    assert one.id == "12" and asked(one) == ["Does SCIM work with JumpCloud?", "Is it extra?"]


def test_a_hubspot_ticket_has_its_lines_and_the_people_in_it():
    one = only(HUBSPOT_TICKETS)
    assert one.id == "881" and one.who == ("Jane Doe (jane@acme.com)",)
    assert asked(one) == ["How do I export logs to Splunk?"]
    thread = {"results": [
        {"id": "t", "messages": [{"direction": "INCOMING", "text": "Is there a trial?"},
                                 {"direction": "OUTGOING", "text": "Shall I start one?"}]},
    ]}  # fmt: skip
    assert asked(only(json.dumps(thread))) == ["Is there a trial?"]


def test_of_deals_the_lost_ones_are_taken_with_their_amount():
    first, other = records(HUBSPOT_DEALS, "deals.csv")
    assert first.deal and first.reasons == ("Missing Oracle connector",)
    assert (first.amount, first.currency) == (48_000.0, "USD")
    assert list(objections_in(other.reasons[0])) == []
    lost = only(json.dumps(SALESFORCE))
    assert (lost.amount, lost.currency, lost.reasons) == (120_000.0, "EUR", ("Lost to Fivetran",))
    assert list(doubts_in(lost.notes[0])) == ["They went with Fivetran because of its connectors"]
    assert matter_of("Lost to Fivetran") == "Fivetran"
    wrapped = {"results": [{"id": "5", "properties": {
        "dealname": "E", "dealstage": "closedlost", "closed_lost_reason": "No SOC 2",
        "amount": "5.000,50"}}]}  # fmt: skip
    assert only(json.dumps(wrapped)).amount == 5000.5


def test_a_column_of_any_name_can_be_mapped():
    text = "Nr;Was;Wann\n7;Can it run on our own servers?;01.02.2026\n"
    with pytest.raises(ImportFailed, match=r"x:1: .*found `Nr`, `Was`, `Wann`.*--column text"):
        records(text, "x")
    one = only(text, {"text": "Was", "at": "wann", "id": "Nr"})
    assert one.id == "7" and one.at == datetime(2026, 2, 1, tzinfo=UTC)
    with pytest.raises(ImportFailed, match="no column `Wo`"):
        records(text, "x", {"text": "Was", "id": "Wo"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("subject\na,b\n", "x:2: more values than columns"),
        ('{"id": 1}\n{"id": \n', "x:2: this is no JSON"),
        ("[1]", "item 1 is no object"),
        ('{"tickets": [{"id": 4}]}', "name the column"),
    ],
)
def test_what_cannot_be_read_names_place_and_remedy(text: str, told: str):
    with pytest.raises(ImportFailed, match=told):
        records(text, "x")


def test_a_chat_in_one_column_has_two_speakers():
    talk = "Visitor: Is there a dimmer?\nAgent: What lamp do you have?\nVisitor: The big one."
    one = only(json.dumps([{"id": "1", "transcript": talk}]))
    assert asked(one) == ["Is there a dimmer?"]


def test_a_ticket_with_labels_is_no_conversation():
    text = "Customer: Acme\nProblem: How do I export to Splunk?"
    one = only(json.dumps([{"id": "1", "description": text}]))
    assert len(asked(one)) == 1 and "Splunk" in asked(one)[0]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["9999999999999", "0001-01-01T00:00:00+14:00", "1" * 400, "closed won"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "subject", "comments", "author", "body", "properties", "source",
                         "created_at", "amount", "closed_lost_reason", "value", "stage",
                         "conversation_parts", "tickets", "helpdesk_note", "transcript"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(VALUES | st.text())
def test_whatever_is_exported_is_read_or_refused(value: object):
    for text in (json.dumps(value), str(value)):
        try:
            found = records(text, "x")
        except ImportFailed:
            continue
        for one in found:
            assert one.texts or one.deal
            assert all(list(questions_in(text)) is not None for text in one.texts)


def test_quoted_mail_signatures_and_hints_are_read_as_what_they_are():
    text = (
        "Hello all,\nI was wondering whether you support SCIM.\nPlease let me know if there is a "
        "limit.\nThanks!\nOn Mon, 3 Nov 2026 at 10:00, Bob wrote:\n> What do you need?\n"
    )
    assert list(questions_in(text)) == ["do you support SCIM?", "there is a limit?"]
