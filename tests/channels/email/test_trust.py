import pytest

from tests.channels.email.mails import buyer_mail
from voice_agent.channels.email.message import read
from voice_agent.channels.email.trust import verified

US = "mx.tideline.example"


def mail(*headers: str) -> bytes:
    return ("\r\n".join(headers) + "\r\n").encode() + buyer_mail("Hello")


@pytest.mark.parametrize(
    ("results", "proven"),
    [
        ("dmarc=pass (p=reject) header.from=northwind.example", True),
        ("dkim=pass header.d=northwind.example header.s=x", True),
        ("spf=pass smtp.mailfrom=dana@northwind.example", True),
        (
            "dkim=fail header.d=northwind.example; spf=none; dmarc=fail header.from=northwind.example",  # noqa: E501
            False,
        ),
        ("dkim=pass header.d=evil.example", False),
        ("dmarc=pass header.from=evil.example", False),
        ("spf=pass smtp.mailfrom=x@evilnorthwind.example", False),
        ("dkim=pass header.d=example", False),
        ("none", False),
    ],
)
def test_only_results_for_the_senders_own_domain_prove_it(results, proven):
    assert verified(read(mail(f"Authentication-Results: {US}; {results}")), US) is proven


GOOD = "dmarc=pass header.from=northwind.example"


def test_results_of_anybody_else_prove_nothing():
    claimed = read(mail(f"Authentication-Results: other.example; {GOOD}"))
    assert not verified(claimed, US) and not verified(claimed, "")
    assert not verified(read(mail(f"Authentication-Results: {US}.evil.example; {GOOD}")), US)


def test_a_result_below_our_own_line_was_there_before_us():
    forged = read(
        mail(
            f"Authentication-Results: {US}; dmarc=fail header.from=northwind.example",
            "Received: from evil.example by mx.tideline.example",
            f"Authentication-Results: {US}; {GOOD}",
        )
    )
    assert not verified(forged, US)
