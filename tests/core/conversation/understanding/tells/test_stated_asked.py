"""What a company asks every buyer about makes nobody its customer."""

import pytest

from core.commands import ProvideSignal, SupportNeed
from core.conversation.understanding.embedded import Understanding
from core.talk import UserSaid
from knowledge.profile import Criterion
from tests.core.conversation.words.test_told import OPENED
from tests.core.states import under_way
from tests.core.talk import MONDAY_NOON, sample

RENEWAL = Criterion(
    name="renewal", label="Renewal date", kind="date", ask=("When does your policy renew?",)
)


def read(text: str, *, asks: bool):
    company = sample().company
    segments = [
        s.model_copy(update={"criteria": (*s.criteria, *((RENEWAL,) if asks else ()))})
        for s in company.segments
    ]
    company = company.model_copy(update={"segments": tuple(segments)})
    reader = Understanding(company)
    return reader.read(UserSaid(2, text, 0, 1000, MONDAY_NOON), under_way(OPENED, "hi"))


@pytest.mark.parametrize("text", ["our renewal is in february", "our renewal is coming up in may"])
def test_the_renewal_it_asks_about_is_no_matter_of_a_customer(text: str):
    made = read(text, asks=True)
    assert not any(isinstance(c, SupportNeed) for c in made)
    assert [c.criterion for c in made if isinstance(c, ProvideSignal)] == ["renewal"]
    assert any(isinstance(c, SupportNeed) for c in read(text, asks=False))


def test_trouble_with_it_still_is():
    made = read("i'm calling about my renewal, you charged us twice", asks=True)
    assert any(isinstance(c, SupportNeed) for c in made)
