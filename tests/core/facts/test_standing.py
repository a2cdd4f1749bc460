from core.events import SignalCaptured, TurnMerged, UtteranceRecorded
from core.facts.standing import unmerged


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
