"""A mail is stored without cards, in every part and encoding; others stay unchanged."""

import email
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.privacy.cards import CARD
from tests.channels.email.mails import COST, buyer_mail
from voice_agent.channels.email.message import read
from voice_agent.channels.email.scrub import scrubbed

VISA = "4111 1111 1111 1111"


def mail(text: str, html: str = "", subject: str = "Cost", cte: str = "7bit") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "dana@northwind.example", "us@x.example", subject
    made["Message-ID"] = "<1@x>"
    made.set_content(text, cte=cte)
    if html:
        made.add_alternative(html, subtype="html", cte=cte)
    return made.as_bytes()


@pytest.mark.parametrize("cte", ["7bit", "base64", "quoted-printable"])
def test_a_card_in_any_encoding_is_taken_out_and_the_rest_reads_the_same(cte: str):
    raw = mail(f"Hello, charge {VISA} please.", cte=cte)
    kept = read(scrubbed(raw))
    assert kept.written.text.split() == f"Hello, charge {CARD} please.".split()
    assert (kept.key, kept.subject, kept.sender) == (read(raw).key, "Cost", read(raw).sender)


def test_a_card_cut_up_by_markup_is_found():
    html = "<p>Card: 4111<b>&nbsp;1111</b> <i>1111</i> 1111, thanks</p>"
    kept = scrubbed(mail("see the html version of this message", html))
    assert read(kept).content.text.split() == f"Card: {CARD} , thanks".split()
    (_, part) = email.message_from_bytes(kept).get_payload()
    assert b"<i></i>" in part.get_payload(decode=True)


def test_a_card_in_the_subject_is_taken_out():
    assert read(scrubbed(mail("hi", subject=f"pay {VISA}"))).subject == f"pay {CARD}"


def test_a_mail_without_one_stays_byte_for_byte():
    for raw in (buyer_mail(COST), mail("call +1 415 555 2671"), b"", b"\xff\xfe nonsense"):
        assert scrubbed(raw) == raw


def test_a_mail_that_cannot_be_parsed_still_loses_its_card():
    assert b"1111 1111" not in scrubbed(
        b"Content-Type: text/plain; charset=\xff\n\n" + VISA.encode()
    )


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_come_back(raw: bytes):
    assert isinstance(scrubbed(raw), bytes)
