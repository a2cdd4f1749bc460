from core.events import SignalCaptured, TurnMerged, UtteranceRecorded
from core.facts.corrected import as_heard
from core.facts.corrections import CorrectionWithdrawn, SignalCorrected
from core.facts.standing import live_signals, unmerged


def said(turn: int, text: str, speaker: str = "caller") -> UtteranceRecorded:
    return UtteranceRecorded(turn, speaker, text, 0, 1)


def signal(turn: int, key: str) -> SignalCaptured:
    return SignalCaptured(
        key, "employees", "200", "positive", "stated", 1.0, "two hundred", turn, 0, 1
    )


def test_a_merged_turn_leaves_only_what_was_heard_of_us():
    filler = said(1, "One moment.", "agent")
    again = [said(2, "we are two hundred people in Leeds"), signal(2, "s2")]
    facts = [said(1, "we are two hundred"), signal(1, "s1"), filler, TurnMerged(1), *again]
    assert unmerged(facts) == [filler, *again]


def test_without_merges_every_fact_stands():
    facts = [said(1, "hello"), signal(1, "s1"), said(1, "Hi.", "agent")]
    assert unmerged(facts) == facts


def test_of_corrections_the_last_stands_and_a_withdrawn_one_leaves_what_was_before_it():
    heard = signal(1, "s1")
    first = SignalCorrected("k1", "s1", "employees", "200", "20", "sam")
    second = SignalCorrected("k2", "k1", "employees", "20", "2000", "kim", "as signed")
    none = SignalCorrected("k3", "k2", "employees", "2000", "", "sam")
    every_one = [heard, first, second, none]
    assert live_signals(unmerged(every_one)) == []
    for left, value in (([], "200"), ([first], "20"), ([first, second], "2000")):
        (stands,) = live_signals(unmerged([heard, *left]))
        assert stands.value == value and stands.quote == "two hundred"
    back = CorrectionWithdrawn("k3", "sam")
    once = unmerged([*every_one, back])
    (stands,) = live_signals(once)
    assert (stands.signal_id, stands.value, stands.by) == ("k2", "2000", "kim")
    assert unmerged(once) == once and as_heard([*every_one, back]) == [heard]
