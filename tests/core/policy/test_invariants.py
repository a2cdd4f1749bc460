"""The promises of the reply path, each a property of random conversations of commands."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import commands as c
from core.conversation.grounding.gate import BOOKED
from core.conversation.ledger import Awaited
from core.conversation.state import ConversationState
from core.conversation.understanding.embedded import Understanding
from core.conversation.words.dates import times
from core.events import ConsentRecorded, VerdictReached
from core.facts.standing import CONTACT
from core.geography.places import place_of
from core.policy.ledger import asks_so_far
from core.presence import local_day
from core.qualification.verdict import Case, worth_asking
from core.talk import ConversationOpened, UserSaid
from tests.core.policy.turns import Step, play, promised, scripts
from tests.core.talk import MONDAY_NOON, sample

COMPANY = sample().company
TODAY = local_day(COMPANY, MONDAY_NOON)
many = settings(
    max_examples=40, derandomize=True, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def asked(step: Step) -> str | None:
    """The criterion this turn asks about the buyer, if any."""
    names = [a for a in step.turn.asks if ":" not in a and a not in CONTACT]
    return names[0] if names else None


def no_ask_while_a_question_is_open(step: Step) -> None:
    settled = {name for s in step.turn.sentences for name in s.answers}
    assert not asked(step) or {q.id for q in step.state.open_questions()} <= settled


def at_most_one_ask_a_turn(step: Step) -> None:
    assert len(step.turn.asks) <= 1


def asks_never_exceed_gives_unless_invited(step: Step) -> None:
    if asked(step) and not step.state.asks.invited:
        now = sum(s.kind == "answer" and bool(s.citations) for s in step.turn.sentences)
        given = step.state.given.count + now + promised(step.turn, step.state)
        assert asks_so_far(step.state) + 1 <= given


def nothing_met_declined_or_known_is_asked(step: Step) -> None:
    name, state = asked(step), step.state
    if name is None or state.judged.verdict is None:
        return
    assert name not in (*state.asks.declined, *state.asks.unknown)
    met = {r.name for r in state.judged.verdict.criteria if r.state == "met"}
    assert name not in met or state.judged.verdict.segment is None
    told = [s for s in state.signals.active if s.criterion == name and s.basis == "stated"]
    assert not told or name in ("tech_stack", "use_case")


def a_request_for_a_human_wins(step: Step) -> None:
    if not step.has(c.RequestHuman, c.Escalate) or step.has(c.OptOut, c.Abuse):
        return
    if step.before.ending.opted_out or step.before.judged.disqualified:
        return
    transferred = step.turn.action is not None and step.turn.action.kind == "transfer"
    told = any(s.kind == "next_step" for s in step.turn.sentences)
    assert transferred or told or "phone" in step.turn.asks
    assert asked(step) is None


def an_opt_out_is_stored_before_the_goodbye(step: Step) -> None:
    if step.has(c.OptOut):
        stored = [f for f in step.turn.planned.facts if isinstance(f, ConsentRecorded)]
        assert any(f.kind == "contact" and f.state == "declined" for f in stored)
        kinds = [s.kind for s in step.turn.sentences]
        truths = step.turn.sentences[: kinds.index("goodbye")]  # "yes, I'm an AI" comes before all
        assert all(s.kind == "answer" and not s.citations for s in truths)


def no_booking_words_without_a_booking(step: Step) -> None:
    assert not any(BOOKED.search(s.text.lower()) for s in step.turn.sentences)


def a_no_rests_on_stated_words(step: Step) -> None:
    for fact in step.turn.planned.facts:
        if isinstance(fact, VerdictReached) and fact.result == "disqualified":
            names = {d.signal for d in COMPANY.disqualifiers} | {"disqualifier"}
            stated = [s for s in step.state.signals.active if s.criterion in names]
            assert any(s.basis == "stated" for s in stated)


def asking_stops_when_nothing_can_change(step: Step) -> None:
    number = place_of(step.state.opened.caller)
    case = Case(
        COMPANY, step.state.signals.active, TODAY, step.state.turn, step.state.wants.human, number
    )
    assert asked(step) is None or asked(step) in worth_asking(case)


def who_leaves_knows_what_happens_next_and_when(step: Step) -> None:
    action, state = step.turn.action, step.state
    if action is None or action.reason != "the caller was done":
        return
    told = any(s.kind == "next_step" for s in step.turn.sentences) or step.before.ending.recapped
    assert told or step.before.ending.farewell or not state.given.count
    if state.callback and not (step.before.ending.recapped or step.before.ending.farewell):
        assert any(state.callback.when in s.text for s in step.turn.sentences)


INVARIANTS = (
    no_ask_while_a_question_is_open, at_most_one_ask_a_turn, asks_never_exceed_gives_unless_invited,
    nothing_met_declined_or_known_is_asked, a_request_for_a_human_wins,
    an_opt_out_is_stored_before_the_goodbye, no_booking_words_without_a_booking,
    a_no_rests_on_stated_words, asking_stops_when_nothing_can_change,
    who_leaves_knows_what_happens_next_and_when,
)  # fmt: skip


@settings(many, max_examples=100)
@given(script=scripts, caller=st.sampled_from(["+14155550100", None]))
def test_every_invariant_holds_in_every_conversation(script, caller):
    for step in play(script, caller):
        assert step.turn.sentences, "a turn is never met with silence"
        for invariant in INVARIANTS:
            invariant(step)


@many
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.sampled_from(["tomorrow", "today", "next friday", "in two weeks", "end of the month"]),
)
def test_dates_are_resolved_on_the_day_it_is_where_the_company_is(when, phrase):
    at = when.replace(tzinfo=UTC)
    opened = ConversationOpened("c1", "voice", "inbound", None, None, at)
    state = ConversationState(opened, turn=1, awaited=Awaited(ask="timeline", turn=1))
    read = Understanding(COMPANY).read(UserSaid(2, phrase, 0, 900, at), state)
    found = [x.value for x in read if isinstance(x, c.ProvideSignal) and x.criterion == "timeline"]
    expected = times(phrase, local_day(COMPANY, at))[0].by
    assert found == [expected.isoformat() if expected else "none"]
    assert expected is None or expected >= date.fromordinal(at.toordinal()) - timedelta(days=1)
