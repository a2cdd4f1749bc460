"""How often the agent mishears: only reviewed conversations count."""

from dataclasses import replace

from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.metrics.hearing import Hearing, hearing
from core.metrics.outcomes import Came
from core.projections.card import card
from tests.fakes.a_call import ENDED, facts

CALL = Came("voice", "", True, 60, draw=0.05, heard=4)


def test_what_nobody_went_through_says_nothing():
    assert hearing([CALL] * 3, 0.1) == Hearing(None, 0, 0, 0, 0)


def test_those_drawn_and_gone_through_tell_of_the_rest():
    looked = replace(CALL, colleague="qualified")
    wrong, chosen = replace(looked, misheard=2), replace(CALL, draw=0.9, misheard=1, missed=1)
    found = hearing([CALL, looked, wrong, chosen, replace(CALL, reviewed=True)], 0.1)
    assert (found.conversations, found.heard, found.wrong, found.missed) == (4, 16, 3, 1)
    assert found.share is not None and found.share.share == 2 / 12


def test_a_card_counts_what_was_put_right_and_keeps_the_agents_own_verdict():
    call = [*facts(), ENDED]
    right = SignalCorrected("k1", "s5", "employees", "200", "2000", "sam")
    none = SignalCorrected("k2", "s2", "name", "Jane Doe", "", "sam")
    more = SignalCorrected("k3", "", "email", "", "j@a.com", "sam")
    counts = [
        (made.heard, made.misheard, made.missed)
        for made in (
            card(call), card([*call, right]), card([*call, right, none, more]),
            card([*call, right, CorrectionWithdrawn("k1", "sam")]),
        )
    ]  # fmt: skip
    assert counts == [(4, 0, 0), (4, 1, 0), (4, 2, 1), (4, 0, 0)]
    assert card([*call, right]).own_verdict == "qualified"
