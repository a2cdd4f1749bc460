"""Exchanges as timelines: who speaks, who stops, what is answered. One complaint, one test."""

import pytest

from tests.scenarios.timeline import Timeline
from voice_agent.turn import events as ev

LAGS = pytest.mark.parametrize("lag_s", [0.0, 0.15, 0.3])


def greeted(**settings) -> Timeline:
    """A call whose greeting, ending in an open question, plays from 0 to 2 s."""
    line = Timeline(**settings)
    line.agent(0.0, 2.0)
    line.asks(2.0, "free")
    return line


# --- the end of a turn ----------------------------------------------------------------------


@LAGS
def test_a_finished_question_is_taken_up_within_320_ms(lag_s):
    line = greeted(lag_s=lag_s)
    end = line.say("how much does the growth plan cost", at=3.0)
    line.run(6)
    assert line.texts() == ["how much does the growth plan cost"]
    assert 0.2 <= line.ended()[0].at - end <= 0.32
    assert line.ended()[0].speech_start == 3.0
    assert line.ended()[0].speech_end == end


@LAGS
def test_a_hesitation_of_900_ms_in_mid_sentence_does_not_end_the_turn(lag_s):
    line = greeted(lag_s=lag_s)
    line.say("we use snowflake and um", at=3.0, pause=0.9, then="we sync it to salesforce")
    line.run(9)
    assert line.texts() == ["we use snowflake and um we sync it to salesforce"]


def test_a_dictated_number_is_not_cut_off_between_its_groups():
    line = greeted()
    line.asks(2.1, "phone")
    end = line.say("four one five", at=3.0, pause=0.9, then="five five five")
    end = line.say("oh one two three", at=end + 0.8)
    line.run(12)
    assert line.texts() == ["four one five five five five oh one two three"]
    assert line.ended()[0].at - end <= 0.35


def test_a_dictated_email_waits_for_its_domain():
    line = greeted()
    line.asks(2.1, "email")
    line.say("it's jane", at=3.0, pause=0.8, then="at acme")
    end = line.say("dot com", at=3.0 + 4 * 0.28 + 0.8 + 0.7)
    line.run(12)
    assert line.texts() == ["it's jane at acme dot com"]
    assert line.ended()[0].at - end <= 0.35


@pytest.mark.parametrize("word", ["yes", "no", "yeah"])
def test_a_short_yes_or_no_to_a_question_is_a_turn(word):
    line = greeted()
    line.say(word, at=2.6, word_s=0.2)
    line.run(5)
    assert line.texts() == [word]


def test_a_short_answer_nobody_understood_is_asked_for_again_not_ignored():
    line = greeted()
    line.noise(2.6, 0.3)
    line.run(5)
    assert line.texts() == [""]


def test_a_cough_is_not_a_turn_and_the_idle_clock_goes_on():
    line = Timeline()
    line.agent(0.0, 2.0)
    line.noise(4.0, 0.2)
    line.run(11)
    assert line.names() == ["DiscardUtterance", "CallerIdle"]
    assert line.of(ev.CallerIdle)[0].at == pytest.approx(10.0)


def test_words_that_come_300_ms_late_are_waited_for():
    line = greeted(settle_s=0.3, partials=False)
    end = line.say("do you support bigquery", at=3.0)
    line.run(6)
    assert line.texts() == ["do you support bigquery"]
    turn = line.ended()[0]
    assert turn.at == pytest.approx(end + 0.09 + 0.3)
    assert 0.1 < turn.waited_for_text_s < 0.2


def test_a_recogniser_that_never_answers_does_not_hold_the_call():
    line = greeted(settle_s=60.0)
    end = line.say("do you support bigquery", at=3.0)
    line.run(6)
    assert line.texts() == ["do you support bigquery"]
    assert line.ended()[0].at - end == pytest.approx(1.6)


def test_a_recogniser_that_is_dead_still_ends_the_turn():
    line = greeted(settle_s=60.0, partials=False)
    line.say("do you support bigquery", at=3.0)
    line.run(6)
    assert line.texts() == [""]


def test_a_caller_we_cut_short_once_is_given_more_time():
    def wait(pause: float) -> float:
        line = greeted(think_s=0.6)
        line.say("what plans do you have", at=3.0, pause=pause, then="for a team of fifty")
        line.run(9)
        line.asks(10.0, "free")
        end = line.say("which one is the cheapest", at=11.0)
        line.run(14)
        return line.ended()[-1].at - end

    assert wait(pause=0.85) > wait(pause=0.2) + 0.05


# --- speculation -----------------------------------------------------------------------------


def test_the_reply_is_prepared_at_the_first_silence_and_used_at_the_end():
    line = greeted()
    end = line.say("how much does it cost", at=3.0)
    line.run(4.9)
    assert line.names() == ["Speculate", "EndTurn"]
    assert line.of(ev.Speculate)[0].at - end <= 0.16
    assert line.of(ev.Speculate)[0].text == line.ended()[0].text


def test_a_caller_who_goes_on_has_the_preparation_dropped():
    line = Timeline()
    line.say("we use snowflake today", at=3.0, pause=0.35, then="and salesforce as our crm")
    line.run(7)
    assert line.names()[:2] == ["Speculate", "DropSpeculation"]
    assert line.texts() == ["we use snowflake today and salesforce as our crm"]


def test_preparations_are_bounded_and_an_unfinished_sentence_is_not_prepared():
    line = Timeline(answers=False)
    end = line.say("we have and", at=1.0)
    for _ in range(8):
        end = line.say("we sync tables", at=end + 0.35)
    line.run(20)
    assert 1 <= len(line.of(ev.Speculate)) <= 3


def test_a_breath_after_the_words_keeps_the_preparation_and_costs_no_time():
    line = greeted()
    end = line.say("how many seats are included", at=3.0)
    line.noise(end + 0.19, 0.1)
    line.run(6)
    assert line.names(ev.PausePlayback, ev.ResumePlayback)[:2] == ["Speculate", "EndTurn"]
    assert line.ended()[0].speech_end == end


# --- the caller goes on before hearing us ----------------------------------------------------


def test_a_turn_ended_in_mid_thought_is_merged_and_answered_once():
    line = greeted(think_s=1.0)
    line.say("do you support bigquery", at=3.0, pause=0.45, then="and also redshift")
    line.run(8)
    merged = line.of(ev.MergeTurn)
    assert [m.turn for m in merged] == [1]
    assert [t.turn for t in line.ended()] == [1, 2]
    assert line.texts()[1] == "do you support bigquery and also redshift"
    started = [e.turn for e in line.fed if isinstance(e, ev.PlaybackStarted)]
    assert started == [0, 2]


def test_hello_are_you_there_does_not_cancel_a_reply_on_its_way():
    line = greeted(think_s=6.0, partials=False)
    end = line.say("what does the enterprise plan cost", at=3.0)
    line.say("hello are you there", at=end + 2.5)
    line.run(20)
    assert line.texts() == ["what does the enterprise plan cost"]
    assert not line.of(ev.MergeTurn)
    assert [e.turn for e in line.fed if isinstance(e, ev.PlaybackStarted)] == [0, 1]


def test_speech_begun_before_the_reply_could_be_heard_merges_even_after_it_started():
    line = greeted(think_s=0.3)
    end = line.say("what does it cost", at=3.0)
    line.say("for fifty people i mean", at=end + 0.45)
    line.run(9)
    assert line.texts()[-1] == "what does it cost for fifty people i mean"
    assert line.of(ev.MergeTurn)


def test_a_cough_while_the_reply_is_on_its_way_does_not_cancel_it():
    line = greeted(think_s=2.0)
    end = line.say("what does it cost", at=3.0)
    line.noise(end + 0.8, 0.2)
    line.run(9)
    assert line.texts() == ["what does it cost"]
    assert "MergeTurn" not in line.names()
    assert 1 in [e.turn for e in line.fed if isinstance(e, ev.PlaybackStarted)]


# --- barge-in --------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [round(0.1 * n, 1) for n in range(20)])
def test_an_interruption_at_any_moment_of_the_greeting_is_heard_whole(at):
    line = Timeline()
    line.agent(0.0, 2.0)
    line.say("sorry can i speak to a person please", at=at)
    line.run(8)
    assert line.texts() == ["sorry can i speak to a person please"]
    pauses = line.of(ev.PausePlayback)
    assert at > 1.8 or pauses[0].at - at <= 0.16


@pytest.mark.parametrize("partials", [True, False])
@pytest.mark.parametrize(
    "words", ["mm-hm", "right", "okay", "yeah", "uh huh", "got it", "oh okay sure"]
)
def test_a_backchannel_pauses_and_resumes_and_is_no_turn(words, partials):
    line = Timeline(partials=partials)
    line.agent(0.0, 6.0)
    line.say(words, at=2.0, word_s=0.25)
    line.run(6)
    assert line.names() == ["PausePlayback", "ResumePlayback", "DiscardUtterance"]
    assert line.of(ev.ResumePlayback)[0].because == "backchannel"
    assert not line.ended()


@pytest.mark.parametrize("partials", [True, False])
@pytest.mark.parametrize("words", ["stop", "wait", "no", "hold on", "actually", "what about price"])
def test_a_real_interruption_takes_the_floor_and_becomes_the_turn(words, partials):
    line = Timeline(partials=partials)
    line.agent(0.0, 6.0)
    line.say(words, at=2.0)
    line.run(6)
    assert line.names(ev.Speculate)[:3] == ["PausePlayback", "CommitInterruption", "EndTurn"]
    assert line.texts() == [words]


def test_noise_over_the_agent_resumes_without_a_turn():
    line = Timeline()
    line.agent(0.0, 6.0)
    line.noise(2.0, 0.3)
    line.run(6)
    assert line.names() == ["PausePlayback", "ResumePlayback", "DiscardUtterance"]
    assert line.of(ev.ResumePlayback)[0].because == "noise"


def test_a_click_shorter_than_the_decision_does_not_even_pause():
    line = Timeline()
    line.agent(0.0, 4.0)
    line.noise(2.0, 0.02)
    line.run(3.5)
    assert line.names() == ["DiscardUtterance"]


def test_yeah_to_a_question_the_agent_has_just_asked_is_an_answer():
    line = Timeline()
    line.agent(0.0, 4.0)
    line.asks(2.0, "free")
    line.say("yeah", at=2.5)
    line.run(5)
    assert line.texts() == ["yeah"]
    assert line.of(ev.CommitInterruption)


def test_long_speech_over_the_agent_takes_the_floor_before_any_word_is_known():
    line = Timeline(partials=False, settle_s=3.0)
    line.agent(0.0, 6.0)
    line.say("i really need to know whether you support that", at=2.0)
    line.run(4)
    assert 0.6 < line.of(ev.CommitInterruption)[0].at - 2.0 < 0.8


def test_our_own_echo_resumes_and_says_so():
    line = Timeline()
    line.agent(0.0, 6.0)
    line.tell(ev.SpeechStarted(2.0, 2.08))
    line.tell(ev.EchoHeard(2.2))
    line.run(3)
    assert line.of(ev.ResumePlayback)[0].because == "echo"


def test_the_talk_of_others_over_us_is_passed_over_with_its_words():
    line = Timeline()
    line.agent(0.0, 6.0)
    line.tell(ev.SpeechStarted(2.0, 2.08))
    line.tell(ev.TextHeard(2.25, "yeah", settled=False, upto=2.2))
    line.tell(ev.CrowdHeard(2.3))
    line.run(4)
    assert line.of(ev.ResumePlayback)[0].because == "noise"
    assert line.texts() == []


def test_the_talk_of_others_in_silence_is_no_turn():
    line = Timeline()
    line.tell(ev.SpeechStarted(2.0, 2.08))
    line.tell(ev.TextHeard(3.5, "what about the invoice", settled=False, upto=3.4))
    line.tell(ev.CrowdHeard(4.0))
    line.run(8)
    assert line.of(ev.DiscardUtterance)
    assert line.texts() == []


def test_what_the_caller_said_before_others_were_heard_stands():
    line = Timeline()
    line.say("do you support postgres", at=1.0)
    line.tell(ev.SpeechStarted(2.25, 2.3))
    line.tell(ev.CrowdHeard(4.4))
    line.run(8)
    assert line.texts() == ["do you support postgres"]


def test_a_reply_that_was_given_up_for_the_talk_of_others_is_made_good():
    line = Timeline(partials=False, settle_s=9.0)
    line.agent(0.0, 6.0)
    line.tell(ev.SpeechStarted(2.0, 2.08))
    line.tell(ev.CrowdHeard(4.1))
    line.run(8)
    assert line.of(ev.CommitInterruption)
    assert line.texts() == [""], "the caller is asked again rather than left in silence"


def test_speech_that_overlaps_the_end_of_playback_becomes_the_next_turn():
    line = Timeline()
    line.agent(0.0, 2.0)
    line.say("okay so what about security", at=1.95)
    line.run(5)
    assert line.texts() == ["okay so what about security"]


def test_someone_who_speaks_again_after_a_resume_is_believed_sooner():
    line = Timeline(partials=False, settle_s=3.0)
    line.agent(0.0, 9.0)
    line.noise(2.0, 0.3)
    line.run(4)
    line.say("i really need to know whether you do", at=4.2)
    line.run(6)
    assert line.of(ev.CommitInterruption)[0].at - 4.2 < 0.65


def test_a_key_interrupts_at_once_and_zero_asks_for_a_human():
    line = Timeline()
    line.agent(0.0, 6.0)
    line.key("0", 2.0)
    line.run(4)
    assert line.names() == ["PausePlayback", "CommitInterruption", "EndTurn"]
    assert (line.ended()[0].at, line.ended()[0].digits, line.texts()) == (2.0, "0", [""])


def test_keys_gather_until_a_pause_or_the_hash_key():
    line = greeted()
    for n, digit in enumerate("4155550123"):
        line.key(digit, 3.0 + 0.4 * n)
    line.run(12)
    line.key("7", 13.0)
    line.key("#", 13.4)
    line.run(14)
    assert [t.digits for t in line.ended()] == ["4155550123", "7"]
    assert line.ended()[1].at == pytest.approx(13.4)


# --- silence ---------------------------------------------------------------------------------


def test_silence_gets_a_check_in_after_8_s_and_a_close_after_8_more():
    line = greeted()
    line.agent(10.4, 1.5, number=1)
    line.run(40)
    idles = line.of(ev.CallerIdle)
    assert [(i.at, i.count) for i in idles] == [(10.0, 1), (pytest.approx(19.9), 2)]


def test_looking_up_a_phone_number_is_given_12_s():
    line = greeted()
    line.asks(2.0, "phone")
    line.run(13.9)
    assert not line.of(ev.CallerIdle)
    line.run(14.1)
    assert line.of(ev.CallerIdle)


def test_nobody_is_called_idle_while_their_reply_is_on_its_way():
    line = greeted(think_s=11.0)
    line.say("what does it cost", at=3.0)
    line.run(14)
    assert not line.of(ev.CallerIdle)


def test_a_turn_after_a_check_in_has_a_number_of_its_own():
    line = greeted()
    line.agent(10.4, 1.5, number=1)
    line.say("sorry i am back", at=13.0)
    line.run(16)
    assert [t.turn for t in line.ended()] == [2]
    assert [e.turn for e in line.fed if isinstance(e, ev.PlaybackStarted)] == [0, 1, 2]


def test_a_finish_that_never_arrives_does_not_silence_the_call():
    line = Timeline()
    line.tell(ev.PlaybackStarted(0.0, 0))
    line.run(100)
    assert [i.count for i in line.of(ev.CallerIdle)] == [1, 2]


def test_a_reply_that_never_comes_does_not_silence_the_call():
    line = greeted(answers=False)
    line.say("what does it cost", at=3.0)
    line.run(60)
    assert [i.count for i in line.of(ev.CallerIdle)] == [1, 2]


def test_speech_whose_end_is_never_told_still_ends():
    line = greeted()
    line.tell(ev.SpeechStarted(3.0, 3.1))
    line.run(40)
    assert len(line.ended()) == 1


def test_a_lone_zero_ends_the_turn_though_the_caller_is_still_speaking():
    line = Timeline()
    line.say("i have been trying to reach somebody for days", 1.0)
    line.key("0", 2.0)
    line.run(2.05)
    (ended,) = line.ended()
    assert ended.digits == "0"


def test_a_single_key_is_taken_sooner_than_the_first_of_a_number():
    line = Timeline()
    line.key("9", 1.0)
    line.run(2.5)
    assert [turn.digits for turn in line.ended()] == ["9"]
    line = Timeline()
    line.asks(0.5, "phone")
    line.key("9", 1.0)
    line.run(2.5)
    assert line.ended() == []
