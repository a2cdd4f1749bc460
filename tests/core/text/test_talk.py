"""The text driver logs what a call logs: what was said, decided and heard, in that order."""

from core.events import (
    ConversationEnded,
    ConversationStarted,
    CriterionAsked,
    DisclosureHeard,
    QuestionAnswered,
    QuestionRaised,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.standing import every, latest
from tests.core.talk import Talk


def test_the_opening_is_heard_before_anything_is_said():
    talk = Talk()
    assert isinstance(talk.facts[0], ConversationStarted)
    assert every(talk.facts, DisclosureHeard)
    assert {u.speaker for u in every(talk.facts, UtteranceRecorded)} == {"agent"}


async def test_words_decisions_and_what_was_heard_follow_each_other():
    talk = Talk()
    before = len(talk.facts)
    turn = await talk.says("Can this integrate with our Snowflake data warehouse?")
    kinds = [type(f) for f in talk.facts[before:]]
    assert kinds[0] is UtteranceRecorded and talk.facts[before].text == turn.said
    order = (QuestionRaised, VerdictReached, QuestionAnswered, CriterionAsked)
    assert [kinds.index(k) for k in order] == sorted(kinds.index(k) for k in order)
    lines = [u for u in every(talk.facts[before:], UtteranceRecorded) if u.speaker == "agent"]
    assert " ".join(u.text for u in lines) == turn.text
    assert [u.asks for u in lines if u.asks] == turn.asks
    times = [u.start_ms for u in every(talk.facts, UtteranceRecorded)]
    assert times == sorted(times)


async def test_what_was_cut_off_is_logged_as_heard_and_asks_nothing():
    talk = Talk()
    turn = await talk.says("Can this integrate with our Snowflake data warehouse?", hears=[0.5])
    line = latest(talk.facts, UtteranceRecorded)
    assert line is not None and line.interrupted and turn.text.startswith(line.text)
    assert not line.asks and not every(turn.facts, CriterionAsked)


async def test_closing_ends_the_log_with_how_it_went():
    talk = Talk()
    await talk.says("Do you support SSO?")
    talk.close("caller")
    end = talk.facts[-1]
    assert isinstance(end, ConversationEnded) and end.outcome == "answered"
    assert end.reason == "caller" and end.duration_ms == talk.ms
