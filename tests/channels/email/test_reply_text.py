import pytest

from voice_agent.channels.email.reply_text import Written, written

KEPT = {
    "a list with hyphens": "Two questions:\n- Do you sync Snowflake?\n- What does Growth cost?",
    "thanks that begins a sentence": "Hi Marina,\n\nThanks, that helps. What does Growth cost?",
    "a sentence that begins with on": "On Monday we wrote to support: nobody answered.",
    "from in the text": "From: what you say, it should work.\nDoes it?",
    "only thanks": "Thanks",
    "regards in a sentence": "With regards to pricing, what is the Growth plan?",
    "a question under the sign-off": "Best,\nDana\n\nPS: do you support BigQuery?",
    "double dash in a line": "We use -- mostly -- Snowflake.",
    "confidential in a question": "Confidentiality: do you sign NDAs?",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_nothing_a_buyer_wrote_is_taken_away(text):
    assert written(text).text == text


CUT = {
    "Gmail": "What does it cost?\n\nOn Mon, Nov 30, 2026 at 12:01 PM Marina <s@t.example> wrote:\n\n> Hi",  # noqa: E501
    "Gmail, folded": "What does it cost?\n\nOn Mon, Nov 30, 2026 at 12:01 PM Marina at Tideline\n"
    "<sales@tideline.example> wrote:\n> Hi Dana,\n> yes",
    "Apple Mail": "What does it cost?\n\n> On 30 Nov 2026, at 12:01, Marina <s@t.example> wrote:\n> \n> Hi",  # noqa: E501
    "Outlook": "What does it cost?\n\n________________________________\nFrom: Marina <s@t.example>\n"  # noqa: E501
    "Sent: Monday, November 30, 2026 12:01 PM\nTo: Dana\nSubject: Re: x\n\nHi Dana, yes.",
    "old Outlook": "What does it cost?\n\n-----Original Message-----\nFrom: Marina\n\nHi Dana, yes.",  # noqa: E501
    "German client": "What does it cost?\n\nAm 30.11.2026 um 12:01 schrieb Marina:\n> Hi Dana",
    "unmarked quote": "What does it cost?\n\nOn Mon, Nov 30, 2026, Marina <s@t.example> wrote:\nHi Dana, yes",  # noqa: E501
    "signature": "What does it cost?\n\n-- \nDana Whitfield\nCOO\n+1 617 555 0100",
    "sign-off": "What does it cost?\n\nKind regards,\nDana Whitfield\nCOO | Northwind\nwww.northwind.example",  # noqa: E501
    "telephone": "What does it cost?\n\nSent from my iPhone",
    "small print": "What does it cost?\n\nThis email and any attachments are confidential and intended"  # noqa: E501
    " only for the addressee.\nIf you are not, delete it.",
    "invisible": "What does it \u200bcost?\u00a0\r\n",
}  # fmt: skip


@pytest.mark.parametrize("body", CUT.values(), ids=CUT)
def test_what_is_not_new_is_left_out(body):
    assert written(body).text == "What does it cost?"


def test_answers_between_quoted_lines_are_kept():
    body = "On 30 Nov 2026 Marina <s@t.example> wrote:\n> How many people?\n200\n> Which tool?\nSnowflake\n"  # noqa: E501
    assert written(body).text == "200\n\nSnowflake"


def test_an_answer_below_the_quote_is_kept():
    body = "On Mon, 30 Nov 2026, Marina <s@t.example> wrote:\n> Which would you like?\n>\n\nThe first one.\n"  # noqa: E501
    assert written(body).text == "The first one."


def test_what_was_forwarded_without_a_word_is_read():
    body = "---------- Forwarded message ---------\nFrom: Leo <leo@n.example>\nSubject: x\n\nDo you do SSO?"  # noqa: E501
    assert written(body).text == "Do you do SSO?"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Hi\n\nBest regards,\nDana Whitfield\nCOO", "Dana Whitfield"),
        ("Hi\n\n-- \nDana W.", "Dana W."),
        ("Hi\n\nThanks!\nDana", "Dana"),
        ("Hi\n\nRegards,\n\nDana Whitfield\nCOO", "Dana Whitfield"),
        ("Hi\n\nBest,\n\n617-555-0100", ""),
        ("Hi there", ""),
    ],
)
def test_the_name_under_a_mail(body, name):
    assert written(body).signed == name


def test_lines_a_client_broke_at_its_width_are_one_again():
    broken = (
        "We have been looking at your product for a while and wonder how long\n"
        "onboarding takes for a team like ours.\n"
        "Also:\n- do you support single sign-on with Okta, and is there an audit log\n"
        "  that we could export?\n- is there an API?"
    )
    assert written(broken).text == (
        "We have been looking at your product for a while and wonder how long onboarding takes for"
        " a team like ours.\nAlso:\n- do you support single sign-on with Okta, and is there an"
        " audit log that we could export?\n- is there an API?"
    )


def test_a_name_that_stands_alone_under_the_words_is_the_senders_signature():
    assert written("Is there a DPA?\n\nMarco", "Marco Bianchi") == Written(
        "Is there a DPA?", "Marco"
    )
    assert written("Thursday works.\nWei Ling\n", "Wei Ling Tan").text == "Thursday works."
    assert written("Is it sold in\nCharlotte", "Anna Kim").text == "Is it sold in\nCharlotte"


def test_a_sign_off_is_no_name_though_a_line_is_left_before_the_senders():
    body = "Is there an SLA?\n\nRegards,\n\nDana Whitfield\nProcurement Manager\nHarlow & Pike"
    assert written(body, "Dana Whitfield") == Written(
        "Is there an SLA?", "Dana Whitfield", ("Procurement Manager", "Harlow & Pike")
    )


def test_a_signature_tells_who_signs_and_their_number_without_sites_and_small_print():
    body = (
        "Is there an SLA?\n\nBest regards,\nRebecca\n\n--\nRebecca Stone\n"
        "Director of Analytics | Harlow & Pike\nT: +1 860 555 0173\nr.stone@harlowpike.com\n"
        "www.harlowpike.com\nThis e-mail is confidential and intended for the addressee."
    )
    assert written(body, "Rebecca Stone") == Written(
        "Is there an SLA?",
        "Rebecca Stone",
        ("Director of Analytics", "Harlow & Pike", "T: +1 860 555 0173"),
    )


def test_what_is_forwarded_is_read_with_what_was_written_above_it():
    forwarded = (
        "Can you help with this?\n\n---------- Forwarded message ---------\n"
        "From: Piotr <piotr@brightmill.pl>\nDate: Fri\nSubject: data tool\nTo: Anna\n\n"
        "Do they have a MySQL connector?\n\nRegards\nPiotr\n"
    )
    assert written(forwarded).text == "Can you help with this?\n\nDo they have a MySQL connector?"
    ours = forwarded.replace("piotr@brightmill.pl", "sales@tideline.example")
    assert written(ours, ours=("sales@tideline.example",)).text == "Can you help with this?"


@pytest.mark.parametrize(
    "shown", ["Dr. Felix Baumann", "Prof. Dr. Felix Baumann", "Mr Felix Baumann"]
)
def test_a_degree_is_no_name(shown):
    assert written(f"Is there an SLA?\n\nSincerely\n{shown}\nCTO, Stahlwerk") == Written(
        "Is there an SLA?", "Felix Baumann", ("CTO, Stahlwerk",)
    )


def test_a_quoted_time_that_the_words_under_it_take_is_kept():
    body = (
        "> Maya is free Thursday, December 3 at 2 PM, Friday, December 4 at 10 AM.\n"
        "> Friday, December 4 at 10 AM\n\nThat one please.\n\n> Marina\n"
    )
    assert written(body).text == "Friday, December 4 at 10 AM\n\nThat one please."
    assert "2 PM" not in written("> Thursday, December 3 at 2 PM\n\nWhat does it cost?").text


def test_a_line_broken_by_hand_goes_on_in_lower_case():
    wrapped = (
        "We need to know before our committee meets on the ninth of December: do\n"
        "you sign a BAA, is data encrypted at rest with keys that we manage, and\n"
        "what is your uptime?\n\nA longer line makes the others look as if a word had fitted.\n"
    )
    text = written(wrapped).text
    assert "December: do you sign" in text and "manage, and what is" in text


def test_short_lines_in_lower_case_stay_apart():
    asked = "do you have soc 2\nare you hipaa compliant\n\n" + "x" * 70
    assert "soc 2\nare you" in written(asked).text


def test_long_questions_in_lower_case_stay_apart():
    asked = (
        "do you support snowflake and bigquery as sources for all your syncs\n"
        "what does the growth plan cost per month for a team of ten users\n"
        "do you sign a baa and do you have a soc 2 report for our auditors\n\n" + "x" * 78
    )
    assert written(asked).text == asked
