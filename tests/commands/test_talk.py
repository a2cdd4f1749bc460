"""`voice-agent talk`: a conversation typed at a terminal, or read from a file."""

import io

import pytest

from voice_agent.cli import main

AT = ("--at", "2026-11-30 12:00", "--from", "+14155550142")


@pytest.fixture
def typed(monkeypatch, capsys):
    def typed(text: str, *options: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        code = main(["talk", *AT, *options])
        told = capsys.readouterr()
        return code, " ".join(told.out.split()), told.err

    return typed


def test_an_answer_comes_with_its_passages_what_was_learnt_and_what_became_of_it(typed):
    code, out, _ = typed("can you hook into our snowflake\nwe have 300 people\n")
    assert code == 0 and "connect natively to Snowflake, in both directions. snowflake@1#1" in out
    assert "signal employees = 300 “300 people”" in out
    assert out.index("signal employees") < out.index("Verdict") < out.index("Route")


def test_what_is_put_off_says_why(typed):
    _, out, _ = typed("do you sell moon bases\n")
    assert "deferred “do you sell moon bases”: no article covers" in out and "Owed" in out


def test_a_line_can_be_taken_back_and_the_verdict_asked_for(typed):
    _, out, _ = typed("we have 300 people\n/undo\nwe have 12 people\n/why\n")
    assert "0 lines stand" in out and "Said 12; wanted" in out and "Said 300" not in out


def test_the_agent_hangs_up_on_who_opts_out_and_nothing_more_is_read(typed):
    _, out, _ = typed("take me off your list and never call again\nare you there\n")
    assert "hang_up" in out and "are you there" not in out


def test_chat_is_answered_as_chat(typed):
    _, out, _ = typed("hi\n", "--chat")
    assert "recorded" not in out


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--at", "noon"), "2026-11-30 12:00"), (("--company", "nowhere"), "nowhere")],
)
def test_what_cannot_begin_says_why(typed, options, said):
    code, _, err = typed("hi\n", *options)
    assert code == 1 and said in err
