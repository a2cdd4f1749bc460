"""When each word of a line begins."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.talk import UserSaid, Word
from tests.call.test_playback import playing
from voice_agent.call.playback import SentenceHeard
from voice_agent.word_times import Stretch, heard_words, rest_of, spoken_words

AT = datetime(2025, 3, 3, 15, tzinfo=UTC)
SAID = UserSaid(
    3, "Do you sync Snowflake?", 10_000, 12_000, AT,
    (Word("do", 10_000, 10_150), Word("you", 10_200, 10_400), Word("sync", 10_450, 10_900),
     Word("snowflake", 11_000, 11_900)),
)  # fmt: skip


def test_the_recognisers_times_stand_whatever_the_case_and_the_commas():
    assert heard_words(SAID) == (0, 200, 450, 1000)


def test_words_of_an_earlier_turn_lie_between_its_start_and_the_first_timed_word():
    longer = replace(SAID, text="Well, hello. Do you sync Snowflake?", start_ms=8_000)
    times = heard_words(longer)
    assert times[2:] == (2000, 2200, 2450, 3000)
    assert 0 == times[0] < times[1] < 2000


def test_without_times_of_half_the_words_none_are_told():
    assert heard_words(replace(SAID, words=())) == ()
    assert heard_words(replace(SAID, text="quite other words than these were")) == ()
    assert heard_words(replace(SAID, text="", words=())) == ()


@given(
    st.lists(st.text("ab cd", max_size=6), max_size=9),
    st.lists(st.tuples(st.text("abcd", max_size=3), st.integers(0, 9000)), max_size=9),
)
def test_there_is_one_time_a_word_and_they_never_go_back(texts, words):
    said = UserSaid(1, " ".join(texts), 1000, 5000, AT,
                    tuple(Word(w, 1000 + at, 1000 + at) for w, at in words))  # fmt: skip
    times = heard_words(said)
    assert len(times) in (0, len(said.text.split()))
    assert list(times) == sorted(times) and all(t >= 0 for t in times)


def test_our_words_lie_where_their_clause_was_played():
    played = [Stretch("Yes, we do,", 2.0, 3.0), Stretch("every hour.", 3.5, 4.5)]
    times = spoken_words("Yes, we do, every hour.", played, 2.0)
    assert times[0] == 0 and times[3] == 1500 and list(times) == sorted(times)
    assert spoken_words("Yes, we do, every hour, and more.", played, 2.0) == ()


def test_an_interrupted_line_tells_what_was_heard_of_it_and_what_was_not():
    far = playing(2.0)
    far.run(1.1)
    (cut,) = [e for e in far.playback.cancel(far.now) if isinstance(e, SentenceHeard)]
    heard = cut.heard
    assert f"{heard.text} {heard.unheard}" == heard.sentence.text
    assert heard.unheard.split()[-1] == "0" and not heard.complete
    assert len(heard.word_ms) == len(heard.text.split()) and heard.word_ms[0] == 0
    assert all(ms < 1100 for ms in heard.word_ms)


def test_a_line_heard_to_its_end_leaves_nothing():
    far = playing(1.0, 0.5)
    far.run(3.0)
    first, second = (e.heard for e in far.events if isinstance(e, SentenceHeard))
    assert first.unheard == second.unheard == ""
    assert len(second.word_ms) == 4 and second.word_ms[0] == 0 and second.word_ms[-1] < 500
    assert rest_of("one  two three", "one two") == "three"
