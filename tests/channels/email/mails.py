"""Mails as buyers and machines write them."""

from email.message import EmailMessage
from email.utils import make_msgid

OURS = "sales@tideline.example"
DANA = "Dana Whitfield <dana@northwind.example>"
SNOWFLAKE = "Can this integrate with our Snowflake data warehouse?"
COST = "What does the Growth plan cost?"


def buyer_mail(
    text: str,
    *,
    sender: str = DANA,
    to: str = OURS,
    subject: str = "A few questions",
    answers: EmailMessage | None = None,
    message_id: str = "",
    **headers: str,
) -> bytes:
    """A plain mail; as an answer it goes to the Reply-To and names the thread. In header names `_`
    stands for `-`."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = str(answers["Reply-To"]) if answers is not None else to
    message["Subject"] = f"Re: {answers['Subject']}" if answers is not None else subject
    message["Message-ID"] = message_id or make_msgid(domain="northwind.example")
    message["Date"] = "Mon, 30 Nov 2026 12:00:00 -0500"
    if answers is not None:
        message["In-Reply-To"] = str(answers["Message-ID"])
        message["References"] = f"{answers['References'] or ''} {answers['Message-ID']}".strip()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def words(mail: EmailMessage) -> str:
    """The plain text of a mail of ours, lines joined by `\\n`."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
