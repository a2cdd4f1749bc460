"""The agent's answers checked one by one: corrected, reported to owners, counted, forgotten."""

from datetime import timedelta

import pytest

from core.metrics.answers import Checked, answers
from core.store import answer_checks, audit, reviews
from tests.console.calls import seat
from tests.console.conftest import Office
from tests.console.test_queues import call
from tests.console.test_second_looks import DRAWN, NOT

pytestmark = pytest.mark.real_clock
CALL = DRAWN[0]
HERE = f"/console/calls/{CALL}"


async def results(office: Office, name: str = CALL) -> dict[str, tuple[str, str]]:
    found = await office.store.query(lambda c: answer_checks.checks_of(c, name))
    return {question: (row.result, row.told) for question, row in found.items()}


async def test_an_answer_is_called_false_and_what_is_right_is_kept_mailed_and_told_its_owner(
    office: Office,
):
    await call(office.store, CALL)
    rep = await seat(office, "rep")
    page = (await rep.see(HERE)).text
    assert "Answers checked" in page and "0 of 2" in page
    assert "Yes, Snowflake syncs to Salesforce." in page and "Rightly deferred" in page
    said = {"result": "false", "told": "Only on Scale.", "send": "yes", "to": "jane@acme.example",
            "key": "1" * 32}  # fmt: skip
    for _ in range(2):
        assert (await rep.post(f"{HERE}/answers/q1/check", said)).is_redirect
    assert await results(office) == {"q1": ("false", "Only on Scale.")}
    (mail,) = await office.store.mails.outbox("queued")
    assert (mail.recipient, mail.text) == ("jane@acme.example", "Only on Scale.")
    (told,) = office.told.matters
    assert told[1].kind == "false-answer" and "Only on Scale." in told[1].text
    assert (await rep.post(f"{HERE}/answers/right", {"key": "2" * 32})).is_redirect
    assert (await results(office))["q2"] == ("right", "") and len(await results(office)) == 2
    page = (await rep.see(HERE)).text
    assert "✕ false" in page and "Only on Scale." in page and "2 of 2" in page
    office.at += timedelta(minutes=1)
    back = {"result": "", "key": "3" * 32}
    assert (await rep.post(f"{HERE}/answers/q1/check", back)).is_redirect
    assert set(await results(office)) == {"q2"}
    lines = await office.store.query(lambda c: audit.lines(c, act="check"))
    assert len(lines) == 3, "what changed nothing is not audited"


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [("q1/check", {"result": "needless"}, 422), ("q2/check", {"result": "false"}, 422),
     ("q9/check", {"result": "right"}, 404), ("q1/check", {"result": "right", "key": "x"}, 422),
     ("q1/check", {"result": "false", "told": "x" * 4001}, 422),
     ("q1/check", {"result": "false", "told": "x", "send": "yes", "to": "nowhere"}, 422)],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    office: Office, path: str, form: dict[str, str], status: int
):
    await call(office.store, CALL)
    rep = await seat(office, "rep")
    answer = await rep.post(f"{HERE}/answers/{path}", {"key": "1" * 32} | form)
    assert answer.status_code == status and not await results(office)


async def test_numbers_estimate_from_drawn_conversations_and_count_all(office: Office):
    for name in (*DRAWN[:3], NOT[0]):
        await call(office.store, name)
    rep = await seat(office, "rep")
    numbers = "/console/numbers?since=2025-03-01&until=2025-03-05"
    assert "check answers of second looks" in (await rep.see(numbers)).text

    async def check(name: str, question: str, **said: str) -> None:
        form = {"key": f"{hash((name, question)) & (2**64 - 1):032x}"} | said
        await rep.post(f"/console/calls/{name}/answers/{question}/check", form)

    await check(NOT[0], "q1", result="false", told="No.")
    page = (await rep.see(numbers)).text
    assert "1 of 1 checked, none of them drawn, 1 corrected" in page
    for n, name in enumerate(DRAWN[:3]):
        await check(name, "q1", result="right" if n else "false")
        await check(name, "q2", result="needless" if n else "right")
    page = (await rep.see(numbers)).text
    assert "2 of 4 checked, 1 corrected" in page and "2 of 3 checked" in page
    assert "33%" in page and "67%" in page
    other = (await rep.see(numbers + "&channel=chat")).text
    assert "nothing to count" in other and " checked" not in other


def test_what_somebody_chose_to_check_says_nothing_of_the_rest():
    chosen = [Checked("answer", False, True, False)] * 5
    drawn = [Checked("answer", n > 0, False, True) for n in range(100)]
    found = answers([*chosen, *drawn])
    assert found.false.share is not None and found.false.share.share == 0.01
    assert (found.false.wrong, found.false.checked, found.false.corrected) == (6, 105, 5)
    assert answers(chosen).false.share is None and answers([]).needless.checked == 0


async def test_forgetting_takes_the_words_and_leaves_the_count(office: Office):
    await call(office.store, CALL)
    rep = await seat(office, "rep")
    said = {"result": "false", "told": "Jane has two hundred.", "key": "1" * 32}
    await rep.post(f"{HERE}/answers/q1/check", said)
    assert await office.store.write("t", lambda c: reviews.forget_review(c, CALL)) == 1
    kept = await results(office)
    assert kept["q1"][0] == "false" and "Jane" not in kept["q1"][1]
