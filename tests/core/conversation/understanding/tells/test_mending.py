"""Something broken is a need if a company repairs what others sold, else a customer's matter."""

import pytest

from core.commands import Escalate, SupportNeed
from core.conversation.understanding.tells.stated import Stated
from core.conversation.words.plain import plain
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from knowledge.profile import Escalation
from tests.core.talk import BUILDER, MONDAY_NOON, Talk, sample

SELLS = sample(BUILDER).company
MENDS = SELLS.model_copy(update={
    "vocabulary": SELLS.vocabulary.model_copy(update={"use_cases": ("replacement", "repair")}),
})  # fmt: skip


@pytest.mark.parametrize(
    ("said", "when_sold", "when_mended"),
    [
        ("our system is down since this morning", True, False),
        ("our freezer quit last night", True, False),
        ("your technician never showed up", True, True),
        ("we bought it from you and it broke", True, True),
        ("i have a question about my invoice", True, True),
        ("we are already customers of yours", True, True),
    ],
)
def test_who_tells_of_trouble_is_a_customer_only_where_it_is_ours(said, when_sold, when_mended):
    u = utterance(UserSaid(1, said, 0, 900, MONDAY_NOON))
    state = Talk(folder=BUILDER).state
    for company, support in ((SELLS, when_sold), (MENDS, when_mended)):
        found = Stated(company).find(u, plain(u), state)
        assert any(isinstance(command, SupportNeed) for command, _, _ in found) == support


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("our boiler quit this morning, can somebody come out?", None),
        ("the boiler you put in quit", SupportNeed),
        ("we're on your plan, and it quit", SupportNeed),
        ("the boiler you put in quit, and there's a smell of gas", Escalate),
    ],
)
def test_what_docs_say_of_customers_in_trouble_holds(said, kind):
    danger = Escalation(id="gas", phrases=("smell of gas",), owner="x", say="Get out of there.")
    company = MENDS.model_copy(update={"escalations": (danger,)})
    u = utterance(UserSaid(1, said, 0, 900, MONDAY_NOON))
    found = Stated(company).find(u, plain(u), Talk(folder=BUILDER).state)
    assert [type(command) for command, _, _ in found] == ([kind] if kind else [])
