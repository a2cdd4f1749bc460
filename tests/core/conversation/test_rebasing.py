"""What became true while a turn was planned joins what the plan makes true."""

from dataclasses import replace

from core.conversation.ledger import Asks
from core.conversation.parts import History, Recording
from core.conversation.rebasing import rebased
from tests.core.states import under_way
from tests.core.talk import Talk

BASE = under_way(Talk().state.opened, "we use snowflake")


def test_a_part_keeps_what_either_side_changed_in_it():
    planned = replace(BASE, asks=replace(BASE.asks, declined=("phone",)))
    now = replace(BASE, asks=replace(BASE.asks, made=("employees",)))
    assert rebased(planned, BASE, now).asks == Asks(("employees",), ("phone",))


def test_a_refusal_that_was_planned_survives_a_notice_heard_meanwhile():
    planned = replace(BASE, recording=Recording("declined", explicit=True))
    now = replace(BASE, recording=replace(BASE.recording, words="This call is recorded."))
    after = rebased(planned, BASE, now).recording
    assert after == Recording("declined", words="This call is recorded.", explicit=True)


def test_lines_of_both_sides_follow_each_other():
    said, heard = ("caller", "and sso?"), ("agent", "Yes, we do.")
    planned = replace(BASE, history=BASE.history.adding(*said))
    now = replace(BASE, history=replace(BASE.history.adding(*heard), reply=("Yes, we do.",)))
    assert rebased(planned, BASE, now).history == History(
        (*BASE.history.lines, said, heard), ("Yes, we do.",)
    )


def test_a_plan_whose_base_still_stands_is_kept_as_it_is():
    planned = replace(BASE, unclear=1)
    assert rebased(planned, BASE, BASE) is planned
