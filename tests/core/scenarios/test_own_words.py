"""What callers in any trade say about ownership, their role and their plan, in their own words."""

import pytest

from core.commands import ProvideSignal
from core.conversation.understanding.tells.holding import held
from core.conversation.words.utterance import utterance
from core.talk import UserSaid
from knowledge.profile import Criterion
from tests.core.conversation.words.test_told import OPENED, reader, told
from tests.core.states import awaiting, under_way
from tests.core.talk import MONDAY_NOON, ROOT

HALDEN = ROOT / "tests" / "companies" / "halden"


def owns(text: str, asked: str | None = None) -> str | None:
    state = awaiting(under_way(OPENED, "hi"), ask=asked, turn=1)
    commands = reader(HALDEN).read(UserSaid(2, text, 0, 1000, MONDAY_NOON), state)
    own = (c.value for c in commands if isinstance(c, ProvideSignal))
    names = (c.criterion for c in commands if isinstance(c, ProvideSignal))
    return dict(zip(names, own, strict=True)).get("owns_building")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("we own the building", "yes"),
        ("we own a ninety thousand square foot warehouse", "yes"),
        ("we don't own the place we just rent it, are we out of luck", "no"),
        ("we own it, yeah", "yes"),
        ("so we own the app and rent it out", None),
        ("we lease it from a landlord", "no"),
        ("our landlord pays the electric", "no"),
        ("we lease trucks", None),
        ("we own a coffee shop", None),
        ("can we lease it", None),
        ("i'm on the building committee", None),
    ],
)
def test_who_owns_or_rents_says_so_unasked(text: str, answer: str | None):
    assert owns(text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("it's a lease", "no"),
        ("no we rent", "no"),
        ("we're leasing", "no"),
        ("yep it's my building", "yes"),
        ("no, we own it", "yes"),
        ("We own nine of them", "yes"),
    ],
)
def test_a_yes_or_no_is_understood_in_other_words(text: str, answer: str):
    assert owns(text, "owns_building") == answer


@pytest.mark.parametrize(
    ("ask", "text", "answer"),
    [
        ("Do you own your trucks?", "we own our trucks", "yes"),
        ("Do you own your trucks?", "we own the building", None),
        ("Do you have a loading dock?", "there's no loading dock", "no"),
        ("Is the yard fenced?", "our yard is fenced", None),
    ],
)
def test_any_question_for_yes_or_no_is_answered_by_its_own_words(
    ask: str, text: str, answer: str | None
):
    criterion = Criterion(name="x", label="That", kind="yes_no", ask=(ask,))
    u = utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON))
    found = [s.value for s in held(u, criterion, [], expected=False)]
    assert found == ([answer] if answer else [])


CLAIMS = "Have you had any claims in the past three years?"
VIOLATIONS = "Do your drivers have any moving violations?"


@pytest.mark.parametrize(
    ("ask", "text", "unasked", "asked"),
    [
        (CLAIMS, "we have no claims", "no", "no"),
        (CLAIMS, "no claims ever", "no", "no"),
        (CLAIMS, "we have never had a claim", "no", "no"),
        (CLAIMS, "it's up in march and we had two claims last year", "yes", "yes"),
        (CLAIMS, "just one, a broken window", None, "yes"),
        (CLAIMS, "one moment please", None, None),
        (CLAIMS, "we had a claims adjuster come by", None, None),
        (CLAIMS, "we have a few questions about claims", None, None),
        (VIOLATIONS, "no moving violations", "no", "no"),
        (VIOLATIONS, "we have two moving violations on file", "yes", "yes"),
        (VIOLATIONS, "we had two claims last year", None, None),
    ],
)
def test_whether_they_have_any_is_told_by_how_many(
    ask: str, text: str, unasked: str | None, asked: str | None
):
    criterion = Criterion(name="x", label="That", kind="yes_no", ask=(ask,))
    u = utterance(UserSaid(1, text, 0, 1000, MONDAY_NOON))
    for expected, answer in ((False, unasked), (True, asked)):
        found = [s.value for s in held(u, criterion, [], expected=expected)]
        assert found == ([answer] if answer else [])


@pytest.mark.parametrize("text", ["yes i own it", "we run it", "it's me who handles it"])
def test_a_thing_that_is_run_is_no_department(text: str):
    assert "role" not in told(text)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("property manager here, three office buildings", "property manager"),
        ("i'm superintendent for a school district", "superintendent"),
        ("i'm the kitchen manager", "kitchen manager"),
        ("I'm the CFO", "chief financial officer"),
        ("I'm the one who runs IT here", "head of IT"),
    ],
)
def test_a_role_is_the_one_that_was_said(text: str, role: str):
    assert told(text, None, HALDEN).get("role") == role


def test_a_department_is_no_company():
    found = told("i'm with facilities at a community hospital", None, HALDEN)
    assert "company" not in found and found["industry"] == "healthcare"


@pytest.mark.parametrize(
    ("text", "asked", "use"),
    [
        ("we're looking at panels for the roof", None, "rooftop solar"),
        ("the demand charges are eating us alive", None, "battery storage"),
        ("on the roof", "use_case", "rooftop solar"),
        ("i have a little coffee shop", None, None),
        ("i'm on the building committee and the roof is slate", None, None),
        ("we got fifty thousand square feet of flat roof", None, None),
    ],
)
def test_words_of_one_purpose_alone_tell_it(text: str, asked: str | None, use: str | None):
    assert told(text, asked, HALDEN).get("use_case") == use


@pytest.mark.parametrize(
    ("text", "trade"),
    [("i run a machine shop", "manufacturing"), ("it's a town hall", "municipal")],
)
def test_everyday_trades_are_known(text: str, trade: str):
    assert told(text, None, HALDEN).get("industry") == trade
