"""What surrounds the answers in a reply: the sender, and the questions as they were asked."""

from dataclasses import replace
from pathlib import Path

from core.events import QuestionDeferred, QuestionRaised, UtteranceRecorded
from tests.core.talk import sample
from voice_agent.channels.email.letter import framed, letter, plain

CORVANE = Path(__file__).parents[2] / "companies" / "corvane"


def test_who_writes_a_mail_is_not_spoken_with():
    frame = framed(sample(CORVANE).company, "Ann Lee", "", first=True)
    assert "You're writing to Jonas, the AI assistant of Corvane." in plain("Hello.", frame)
    tideline = framed(sample().company, "Ann Lee", "", first=True)
    assert "This is Marina, Tideline's AI assistant." in plain("Hello.", tideline)


def test_a_question_of_a_list_is_quoted_without_its_mark_and_asks_only_where_they_did():
    asked = (
        "b) If a row fails, is it retried",
        "2. Is there a sandbox",
        "A plan is what",
        "Would love to talk next week",
    )
    facts = [QuestionRaised(f"q{n}", text, 1, 0, 0) for n, text in enumerate(asked)]
    put_off = [QuestionDeferred(f"q{n}", text, 1, "maya", "") for n, text in enumerate(asked)]
    lines = [UtteranceRecorded(1, "agent", "I'll ask.", 0, 0, kind="deferral") for _ in asked]
    frame = framed(sample().company, "", "", first=False)
    wrote = (
        "b) If a row fails,\nis it retried?\n2. is there a sandbox ?\nA plan is what?\n"
        "Would love to talk next week."
    )
    text = letter(lines, [*facts, *put_off], lambda _: None, replace(frame, wrote=wrote))
    quoted = [line for line in text.splitlines() if line.startswith(">")]
    assert quoted == ["> If a row fails, is it retried?", "> Is there a sandbox?",
                      "> A plan is what?", "> Would love to talk next week"]  # fmt: skip
