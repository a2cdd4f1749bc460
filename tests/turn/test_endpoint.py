"""How long silence lasts before a turn is over, by what was said and asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.thinking.understood import Sense
from voice_agent.turn.completeness import completeness, count_digits
from voice_agent.turn.endpoint import Ending, Pace, silence_s
from voice_agent.turn.events import Melody, Slot

EXAMPLES = {
    ("finished", None): (
        "do you support single sign on", "can we opt out",
        "how much does it cost", "do you support bigquery", "does it work with snowflake",
        "hi i was wondering if you integrate with salesforce", "can you tell me about pricing",
        "thanks bye", "yes we do", "so what's the price for fifty seats", "is this recorded",
        "am i talking to a robot", "could i speak to a person please", "what about security",
        "how does that work",
    ),
    ("unfinished", None): (
        "we use snowflake and", "i'm looking for", "we have", "it's about", "um", "what is your",
        "so we're um", "my number is four one five", "do you have", "we'd like to", "because we",
        "our", "i was wondering", "can you", "if we have two hundred people", "we use like uh",
    ),
    ("unclear", None): (
        "we use snowflake", "hi this is jane from acme", "about two hundred", "we need that",
        "what would we use it for", "does tideline integrate",
    ),
    ("answer", "free"): (
        "we use snowflake", "healthcare", "about two hundred people", "next month",
        "yeah we sync salesforce to bigquery",
    ),
    ("bare", "free"): ("yes", "no", "okay yeah"),
    ("finished", "phone"): (
        "four one five five five five oh one two three", "415 555 0123", "415-555-0123",
        "it's four one five five five five zero one two three",
        "one four one five five five five zero one two three",
        "four one five triple five oh one double two",
    ),
    ("answer", "phone"): ("why do you need that",),
    ("unfinished", "phone"): (
        "four one five", "four one five five five five", "sure it's", "sure", "double",
        "one four one five five five five zero one two",
    ),
    ("finished", "email"): (
        "jane at acme dot com", "jane.doe@acme.com", "it's j doe at tideline dot io",
        "jane at acme dot co dot uk",
    ),
    ("unfinished", "email"): ("jane at", "jane at acme", "jane at acme dot", "jane dot doe"),
    ("unclear", "email"): ("jane at acme dot co",),
    ("dictating", "name"): ("j a n e", "smith s m i"),
    ("unclear", "name"): ("jane",),
    ("answer", "name"): ("jane doe", "it's jane doe"),
    ("finished", "number"): ("about two hundred people", "fifty seats"),
    ("unclear", "number"): ("about two hundred", "twenty"),
    ("unfinished", "number"): ("about", "two hundred and", "we're"),
    ("finished", "date"): ("next month", "tuesday morning", "tomorrow", "at three pm"),
    ("unfinished", "date"): ("next", "tuesday at", "on"),
    ("unclear", "date"): ("tuesday",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "slot", "text"),
    [(kind, slot, text) for (kind, slot), texts in EXAMPLES.items() for text in texts],
)
def test_completeness_of(expected, slot, text):
    assert completeness(text, slot) == expected


@pytest.mark.parametrize(
    ("text", "digits"),
    [("five five five", 3), ("double two", 2), ("triple five", 3), ("forty two", 2), ("415", 3),
     ("eight hundred", 3), ("nineteen eighty four", 4), ("oh one", 2), ("twenty oh one", 4)],
)  # fmt: skip
def test_digits_are_counted_as_dictated(text, digits):
    assert count_digits(text.split()) == digits


@given(
    st.text(max_size=80),
    st.sampled_from((None, "phone", "email", "name", "number", "date", "free")),
    st.lists(st.floats(0, 5), max_size=9), st.floats(0, 2),
)  # fmt: skip
def test_silence_is_always_between_200_ms_and_1200_ms(text, slot, pauses, cut_short):
    assert 0.2 <= silence_s(Ending(text), slot, Pace(tuple(pauses), cut_short)) <= 1.2


def test_quick_talkers_are_answered_sooner_than_slow_ones():
    quick, slow = (
        Pace().after_turn([0.2] * 6, merged=False),
        Pace().after_turn([1.0] * 6, merged=False),
    )
    for text in ("how much is it", "we use snowflake", "we use"):
        assert silence_s(Ending(text), None, quick) < silence_s(Ending(text), None, slow)


def test_speaking_too_soon_makes_us_wait_longer_for_a_while():
    pace = Pace().after_turn([], merged=True)
    raised = silence_s(Ending("how much is it"), None, pace)
    assert raised > silence_s(Ending("how much is it"), None, Pace())
    for _ in range(12):
        pace = pace.after_turn([], merged=False)
    assert silence_s(Ending("how much is it"), None, pace) < raised


def test_a_hesitation_of_900_ms_is_outlasted_even_for_the_quickest_caller():
    pace = Pace().after_turn([0.15] * 12, merged=False)
    for text in ("we use um", "we use snowflake and", "it's for our"):
        assert silence_s(Ending(text), None, pace) > 0.98


FELL, LEVEL, HELD = Melody(-4.0, -15.0), Melody(-1.2, -1.0), Melody(0.5, 15.0)


def waits(text: str, confidence: float, melody: Melody | None, slot: Slot | None = None) -> float:
    return silence_s(Ending(text, confidence, melody), slot, Pace())


def test_badly_heard_words_are_judged_by_the_voice():
    text = "can you delete"
    assert waits(text, 0.3, HELD) > 0.95
    assert waits(text, 0.3, FELL) < waits(text, 0.3, LEVEL) < waits(text, 0.3, HELD)
    assert waits("we have about", 0.3, FELL) < 0.7


def test_well_heard_questions_and_open_ends_are_believed_whatever_the_voice_does():
    for melody in (FELL, LEVEL, HELD, None):
        assert waits("do you support single sign on", 0.9, melody) < 0.3
        assert waits("we use snowflake and", 0.9, melody) > 0.95


def test_a_statement_that_could_be_whole_goes_on_when_the_voice_stays_up():
    assert waits("we use snowflake", 0.9, HELD, "free") > 0.95
    assert waits("we use snowflake", 0.9, FELL, "free") < 0.4


def test_a_number_that_was_asked_for_and_not_understood_is_waited_for():
    for slot in ("phone", "email", "name"):
        assert waits("did you get want that", 0.3, FELL, slot) > 0.95


def test_a_lone_yes_is_answered_however_it_was_said():
    assert waits("yes", 0.2, HELD, "free") == waits("yes", 0.9, FELL, "free")


def test_the_more_patient_of_two_readings_counts():
    both = Ending("can you delete", 0.8, None, "can you tell me")
    assert silence_s(both, None, Pace()) == silence_s(Ending(both.unended), None, Pace())
    assert silence_s(both, None, Pace()) > silence_s(Ending(both.text), None, Pace())


@given(
    st.floats(-60, 60), st.floats(-900, 900), st.floats(0, 1),
    st.text(max_size=30), st.text(max_size=30),
)  # fmt: skip
def test_no_voice_makes_us_wait_beyond_the_limits(pitch, slope, confidence, text, unended):
    ending = Ending(text, confidence, Melody(pitch, slope), unended)
    assert 0.2 <= silence_s(ending, "free", Pace()) <= 1.2


def silence_held(
    text: str, sense: Sense | None, confidence: float = 0.6, slot: Slot | None = None
) -> float:
    return silence_s(Ending(text, confidence, HELD, "", sense), slot, Pace())


def test_words_that_make_sense_are_believed_whatever_the_voice_did():
    question = "do you support single sign on"
    assert silence_held(question, "question", 0.4) < 0.4 < 0.9 < silence_held(question, None, 0.4)
    assert silence_held("about three hundred people", "answer", 0.4, "number") < 0.4
    assert 0.35 < silence_held("no that's all thank you", "request", 0.4) < 0.5  # "bye" may follow
    told = "we need it by next month"
    assert silence_held(told, "told") < silence_held(told, None)


def test_sense_is_not_enough_where_words_stop_in_the_middle_or_are_few_or_barely_heard():
    assert silence_held("do you have a plan for", "question") > 0.9
    assert silence_held("can you delete", "question", 0.4) > 0.9
    assert silence_held("do you support single sign on", "question", 0.2) > 0.9


def test_words_of_which_nothing_can_be_made_are_given_time_unless_they_were_heard_well():
    def fallen(sense: Sense | None, confidence: float, slot: Slot | None = None) -> float:
        ending = Ending("we are a fairly", confidence, FELL, "", sense)
        return silence_s(ending, slot, Pace())

    assert fallen("nothing", 0.4) > fallen(None, 0.4) + 0.2
    assert fallen("nothing", 0.9) == fallen(None, 0.9)
    assert fallen("nothing", 0.7, "phone") >= 0.95
