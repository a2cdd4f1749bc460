"""Meetings booked by phone: said to be booked only when they are, whatever the line does."""

import pytest

from core.scheduling.slots import Busy
from core.scheduling.tools import BookSlot
from tests.core.talk import sample
from tests.fakes.office import BEGAN, HANG_UP, LoggedDesk, office, script

ASKS = "demo/01_hi_there_i_was.wav"
CHOOSES = "hesitant/05_alright_thank_you_goodbye.wav"
TEXTS = ["can i book a demo please", "the first one please"]


def said(document: dict) -> str:
    return " ".join(r["text"] for r in document["transcript"] if r["speaker"] == "agent")


async def call(tmp_path, desk: LoggedDesk, *after, texts=TEXTS):
    async with office(tmp_path, list(texts), desk=desk) as it:
        await it.call(script(("greeting ended", ASKS), ("agent silent 0.7s", CHOOSES), *after))
        return await it.document()


async def test_a_meeting_is_booked_once_and_confirmed_in_both_zones(tmp_path):
    desk = LoggedDesk(sample().company)
    document = await call(tmp_path, desk, ("agent silent 0.7s", HANG_UP))
    assert [type(t) for t in desk.asked] == [BookSlot] and len(desk.bookings) == 1
    booking = document["booking"]
    assert booking["status"] == "booked" and booking["confirmation_heard"]
    assert "ooked" in said(document) and document["outcome"] == "booked"
    assert document["route"]["rep"] == booking["rep"]
    assert "booking_not_heard" not in [flag["kind"] for flag in document["flags"]]


@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.3, 0.6])
async def test_a_line_that_drops_after_the_yes_leaves_the_meeting_and_tells_the_rep(
    tmp_path, after_s
):
    desk = LoggedDesk(sample().company)
    desk.slow_s = 0.2
    document = await call(tmp_path, desk, (f"after {after_s}s", HANG_UP))
    assert len(desk.bookings) == 1 and len(desk.asked) == 1
    assert document["booking"]["status"] == "booked"
    assert not document["booking"]["confirmation_heard"]
    assert "booking_not_heard" in [flag["kind"] for flag in document["flags"]]
    assert document["outcome"] == "booked" and "Next: meeting" in document["handoff"]["summary"]


async def test_a_slot_taken_in_between_is_never_called_booked(tmp_path):
    desk = LoggedDesk(sample().company)
    took = []

    async def look(conversation_id, caller, at):
        board = await LoggedDesk.look(desk, conversation_id, caller, at)
        if not took:  # somebody else takes the whole day right after this caller looked
            took.append(True)
            day = Busy(BEGAN.replace(hour=6), BEGAN.replace(hour=23, minute=59))
            desk.blocked = {rep.id: (day,) for rep in sample().company.team}
        return board

    desk.look = look
    document = await call(tmp_path, desk, ("agent silent 0.7s", HANG_UP))
    assert not desk.bookings and document["booking"] is None
    assert "ooked" not in said(document).replace("be booked", "")
    assert "taken" in said(document) or "gone" in said(document)


async def test_a_desk_that_hangs_ends_in_a_promised_call_and_no_booking_words(tmp_path):
    desk = LoggedDesk(sample().company)
    desk.slow_s = 60.0
    document = await call(tmp_path, desk, ("agent silent 8s", HANG_UP))
    assert document["booking"] is None and document["callback"] is not None
    assert "can't get into the calendar" in said(document)


async def test_a_desk_that_is_away_from_the_start_leaves_calls_as_they_were(tmp_path):
    desk = LoggedDesk(sample().company)
    desk.failing = True
    document = await call(tmp_path, desk, ("agent silent 0.7s", HANG_UP))
    assert document["callback"] is not None and document["booking"] is None and not desk.asked
