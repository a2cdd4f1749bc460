"""What a mail's signature adds to what the mail says."""

import pytest

from core.scheduling.memory import MemoryDesk
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.core.talk import MONDAY_NOON, engine, sample

ASKS = "Hi, how often can a sync run?\n\n"


def mailing() -> TextTalk:
    opened = ConversationOpened(
        "m1", "email", "inbound", None, "sales@tideline.example", MONDAY_NOON,
        contact=(("email", "jane@forgeworks.example"),),
    )  # fmt: skip
    return TextTalk(engine(), opened, desk=MemoryDesk(sample().company))


async def told(mail: str) -> dict[str, str]:
    talk = mailing()
    await talk.says(mail)
    return {s.criterion: s.value for s in talk.state.signals.active if s.turn}


@pytest.mark.parametrize(
    ("signature", "who"),
    [
        (
            "Best,\nJane de Vries\nHead of Data, Forgeworks BV\n+31 6 1234 5678",
            {"name": "Jane de Vries", "role": "head of data", "company": "Forgeworks BV",
             "phone": "+31612345678"},
        ),
        (
            "Best regards,\nJane de Vries\nHead of Data\nForgeworks BV\nRotterdam, Netherlands\n"
            "T: +31 6 1234 5678\nwww.forgeworks.example",
            {"name": "Jane de Vries", "role": "head of data", "company": "Forgeworks BV",
             "location": "Rotterdam", "phone": "+31612345678"},
        ),
        (
            "Thanks!\n\nTom Miller | VP Marketing | Acme Corp",
            {"name": "Tom Miller", "role": "VP of marketing", "company": "Acme Corp"},
        ),
        (
            "--\nTom Miller\nVP of Marketing\nAcme Corp\nwww.acme.example",
            {"name": "Tom Miller", "role": "VP of marketing", "company": "Acme Corp"},
        ),
        (
            "Thank you,\n\nPriya Raman\nSenior Data Engineer at Northwind Labs\n"
            "(617) 555-0143 | priya@northwind.example",
            {"name": "Priya Raman", "role": "data engineer", "company": "Northwind Labs",
             "email": "priya@northwind.example", "phone": "+16175550143"},
        ),
        (
            "Regards,\nDr. Karl Weber\nCTO\nMedisys GmbH, Munich",
            {"name": "Karl Weber", "role": "CTO", "company": "Medisys GmbH", "location": "Munich"},
        ),
        (
            "Many thanks\nSophie Laurent, Chief Operating Officer, Petit Pain SAS",
            {"name": "Sophie Laurent", "role": "COO", "company": "Petit Pain SAS"},
        ),
        (
            "Ann Poe, Director of IT, Marin Tools Inc",
            {"name": "Ann Poe", "role": "director of IT", "company": "Marin Tools Inc"},
        ),
        (
            "Yours sincerely,\nDr. Lien Peeters\nHead of IT, Department of Biology\n"
            "Polder Labs\nGhent",
            {"name": "Lien Peeters", "role": "head of IT", "company": "Polder Labs",
             "location": "Ghent"},
        ),
        ("Cheers,\nBen\n\nSent from my iPhone", {"name": "Ben"}),
        ("Thanks,\nAna\n\nP.S. Greetings to the team!", {"name": "Ana"}),
    ],
)  # fmt: skip
async def test_a_signature_tells_who_wrote(signature, who):
    assert await told(ASKS + signature) == who


async def test_what_the_mail_tells_itself_comes_first():
    found = await told(
        "I'm the CFO of Bright Ltd in Leeds. How often can a sync run?\n\nBest,\n"
        "Jo Lee\nFounder\nOther Ventures\nMadrid"
    )
    assert (found["role"], found["company"], found["location"]) == ("CFO", "Bright Ltd", "Leeds")


@pytest.mark.parametrize(
    "mail",
    [
        "Thanks!\nHow often can a sync run?",
        "Best\nWe run everything on Snowflake and it has to stay there, Growth or not.",
        "Thank you,\nI will read it and come back to you.",
    ],
)
async def test_a_line_after_thanks_is_no_signature(mail):
    assert not {"name", "company", "role"} & (await told(mail)).keys()


async def test_a_number_in_a_signature_asks_for_no_call():
    talk = mailing()
    turn = await talk.says(ASKS + "Best,\nJane de Vries\n+31 6 1234 5678")
    assert talk.state.callback is None and "call you" not in turn.text
    asked = mailing()
    await asked.says("Please call me tomorrow on +31 6 1234 5678.")
    assert asked.state.callback is not None
