"""What follows from a correction: a wrong identity goes with the address that suggested it."""

from datetime import UTC, datetime

import pytest

from core.conversation.state import replace
from core.correcting import Rules, following, in_state
from core.events import Fact, Logged, PersonRecalled, SignalCaptured, VerdictReached
from core.facts.corrected import as_heard
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.facts.standing import latest, live_signals, unmerged
from tests.core.talk import Talk, sample
from tests.fakes.a_call import facts

AT = datetime(2026, 11, 30, 17, tzinfo=UTC)


def signal(id_: str, name: str, value: str, origin: str = "") -> SignalCaptured:
    return SignalCaptured(id_, name, value, "positive", "stated", 0.9, value, 4, 0, 1, None, origin)


EMAIL = signal("e1", "email", "bob@acme.com")
ALICE = PersonRecalled("alice", True, turn=4)
THEIRS = signal("r1", "tech_stack", "Snowflake", "earlier")
RIGHT = SignalCorrected("c1", "e1", "email", "bob@acme.com", "rob@acme.com", "sofia-alvarez")


def after(log: list[Fact], change: SignalCorrected | CorrectionWithdrawn) -> list[Fact]:
    logged = [Logged("c1", n, AT, fact) for n, fact in enumerate(log)]
    loaded = sample()
    rules = Rules(loaded.company, loaded.criteria_version)
    return [*log, *following(logged, change, rules, loaded.company)]


def known(log: list[Fact]) -> list[str]:
    return [s.value for s in live_signals(unmerged(log)) if s.origin]


def test_whom_a_misheard_address_named_is_known_no_more_when_it_is_put_right():
    log = [*facts(), EMAIL, ALICE, THEIRS]
    assert known(log) == ["Snowflake"]
    put = after(log, RIGHT)
    assert known(put) == [] and latest(unmerged(put), PersonRecalled).person_id == ""
    reached = latest(put, VerdictReached)
    assert reached.anew and any("taken for" in reason for reason in reached.reasons)
    assert known(as_heard(put)) == ["Snowflake"], "replays know what the agent knew"


def test_a_wrong_address_that_was_given_by_hand_takes_its_person_along_when_taken_back():
    log = [*facts(), EMAIL, RIGHT, ALICE, THEIRS]
    assert known(after(log, CorrectionWithdrawn("c1", "sofia-alvarez"))) == []


@pytest.mark.parametrize("log", [
    [ALICE, THEIRS, *facts(), EMAIL],  # by the number that called
    [ALICE, *facts(), EMAIL, ALICE, THEIRS],  # first by the number, told again later
    [*facts(), EMAIL],
])  # fmt: skip
def test_whom_something_else_named_stays_known(log: list[Fact]):
    put = after(log, RIGHT)
    assert known(put) == known(log)
    assert not any(f.by for f in put if isinstance(f, PersonRecalled))


def test_a_name_that_is_spelled_right_takes_nobody_away():
    log = [*facts(), EMAIL, ALICE, THEIRS]
    name = next(f for f in log if isinstance(f, SignalCaptured) and f.criterion == "name")
    right = SignalCorrected("c1", name.signal_id, "name", name.value, "Jane Dow", "sofia-alvarez")
    assert known(after(log, right)) == ["Snowflake"]


async def test_a_conversation_that_goes_on_knows_them_no_more():
    talk = Talk()
    await talk.says("we have two hundred people")
    log = [*facts(), EMAIL, ALICE, THEIRS]
    signals = (*talk.state.signals.all, EMAIL, THEIRS)
    state = replace(
        talk.state,
        identity=replace(talk.state.identity, person=ALICE),
        signals=replace(talk.state.signals, all=signals),
    )
    stands = in_state(state, after(log, RIGHT))
    told = stands.signals
    assert stands.identity.person is None and told.value("tech_stack") is None
    assert told.value("email") == "rob@acme.com" and told.value("employees") == "200"
