"""Whole calls in which a model reads beside the rules."""

import pytest

from tests.core.test_reading import Reader, item
from tests.fakes.office import HANG_UP, Office, office, script

CARRIER = "fast_talker/03_great_talk_soon_bye.wav"
SNOWFLAKE = "does tideline integrate with our snowflake data warehouse"
FOUND = item("signal", "integrate with our snowflake data warehouse", "use_case", "data sharing")


async def call(it: Office) -> tuple[int, dict]:
    report = await it.call(script(("greeting ended", CARRIER), ("agent silent 1.2s", HANG_UP)))
    assert report.heard_ms
    return report.heard_ms[0], await it.document(-1)


async def test_what_a_model_reads_while_we_speak_is_in_the_document_and_delays_nothing(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        alone_ms, before = await call(it)
    async with office(tmp_path, [SNOWFLAKE], reader=Reader([FOUND], after_s=1.0)) as it:
        heard_ms, document = await call(it)
    assert heard_ms == pytest.approx(alone_ms, abs=40)
    (signal,) = [s for s in document["signals"] if s["criterion"] == "use_case"
                 and s["value"] == "data sharing"]  # fmt: skip
    assert signal["quote"] in SNOWFLAKE and signal["turn"] == 1
    spoken = [r for r in document["transcript"] if r["speaker"] == "caller"][0]
    assert spoken["start_ms"] <= signal["start_ms"] <= signal["end_ms"] <= spoken["end_ms"]
    assert not any(s["value"] == "data sharing" for s in before["signals"])
    answers = [r for r in document["transcript"] if r["speaker"] == "agent" and r["turn"] == 1]
    said = [r for r in before["transcript"] if r["speaker"] == "agent" and r["turn"] == 1]
    assert [r["text"] for r in answers] == [r["text"] for r in said], "nothing is answered anew"


class Buggy(Reader):
    async def extract(self, system, messages, schema):
        raise KeyError("a bug in the model's adapter")


@pytest.mark.parametrize(
    "reader",
    [Buggy(), Reader(fails=True), Reader([FOUND], after_s=600.0), Reader([{"kind": 7}])],
    ids=["has a bug", "fails", "never answers", "babbles"],
)
async def test_a_model_that_reads_nothing_costs_the_call_nothing(tmp_path, reader):
    async with office(tmp_path, [SNOWFLAKE], reader=reader) as it:
        heard_ms, document = await call(it)
    assert heard_ms < 1500 and document["status"] == "completed"
    assert any(r["citations"] for r in document["transcript"])
    assert [s["value"] for s in document["signals"] if s["criterion"] == "tech_stack"] == [
        "Snowflake"
    ]
