"""The caller hangs up in mid-sentence or before our reply: their words are kept and count."""

import pytest

from tests.fakes.office import HANG_UP, office, script

CARRIER = "demo/01_hi_there_i_was.wav"
FACTS = "we use snowflake and we are two hundred people"


def by_caller(document: dict) -> list[str]:
    return [row["text"] for row in document["transcript"] if row["speaker"] == "caller"]


def told(document: dict) -> set[str]:
    return {signal["criterion"] for signal in document["signals"]}


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.6, 1.0])
async def test_hanging_up_right_after_speaking_loses_no_word(tmp_path, after_s):
    async with office(tmp_path, [FACTS]) as it:
        await it.call(script(("greeting ended", CARRIER), (f"after {after_s}s", HANG_UP)))
        document = await it.document()
    assert by_caller(document) == [FACTS]
    assert {"tech_stack", "employees"} <= told(document)
    assert document["status"] == "completed"


async def test_a_question_nobody_answered_is_left_open_for_a_person(tmp_path):
    question = "does tideline integrate with our snowflake data warehouse"
    async with office(tmp_path, [question]) as it:
        await it.call(script(("greeting ended", CARRIER), ("after 0.05s", HANG_UP)))
        document = await it.document()
    assert by_caller(document) == [question]
    assert [q["text"] for q in document["handoff"]["outstanding_questions"]]


async def test_words_spoken_over_us_before_hanging_up_follow_what_we_were_saying(tmp_path):
    async with office(tmp_path, ["how much is the growth plan", FACTS]) as it:
        await it.call(
            script(
                ("greeting ended", CARRIER), ("agent speaking 0.8s", CARRIER),
                ("after 0.1s", HANG_UP),
            )
        )  # fmt: skip
        document = await it.document()
    assert by_caller(document) == ["how much is the growth plan", FACTS]
    last = document["transcript"][-1]
    assert last["speaker"] == "caller" and "employees" in told(document)


async def test_a_turn_that_was_being_merged_is_not_lost_with_its_second_half(tmp_path):
    first, second = "we use snowflake", "and we are two hundred people"
    async with office(tmp_path, [first, second]) as it:
        it.voice.first_s = 1.0
        await it.call(
            script(
                ("greeting ended", "hesitant/05_alright_thank_you_goodbye.wav"),
                ("after 1.0s", CARRIER), ("after 0.05s", HANG_UP),
            )
        )  # fmt: skip
        document = await it.document()
    assert by_caller(document) == [f"{first} {second}"]
    assert {"tech_stack", "employees"} <= told(document)


async def test_a_hang_up_in_silence_makes_no_turn(tmp_path):
    async with office(tmp_path) as it:
        await it.call(script(("greeting ended", HANG_UP)))
        document = await it.document()
    assert by_caller(document) == []


async def test_ears_that_hang_hold_up_the_end_only_briefly(tmp_path):
    async with office(tmp_path, [FACTS]) as it:
        it.ears.delay_s = 600.0
        await it.call(script(("greeting ended", CARRIER), ("after 0.1s", HANG_UP)))
        document = await it.document()
    assert document["status"] == "completed" and it.calls.open == 0
