"""What failed is tried again for two days, and waits as long as the other side asks."""

from voice_agent.patience import LONGEST_ASKED_S, TWO_DAYS, Patience


def test_a_longer_pause_that_is_asked_for_is_kept_and_a_shorter_one_spends_no_tries():
    patience = Patience((5.0, 30.0))
    assert [patience.after(n) for n in range(3)] == [5.0, 30.0, None]
    assert patience.after(0, 90.0) == 90.0 and patience.after(1, 1.0) == 30.0
    assert patience.after(0, 1e9) == LONGEST_ASKED_S and patience.after(2, 90.0) is None


def test_two_days_are_two_days():
    assert 40 * 3600 < sum(TWO_DAYS.pauses_s) < 56 * 3600
