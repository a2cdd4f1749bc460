"""The times that are offered for a meeting that is to be moved."""

from datetime import timedelta

from core.scheduling.board import Board, Booking
from core.scheduling.openings import Openings
from core.scheduling.wishes import Wish
from tests.contracts.desk import COMPANY, MAYA, NOW

TOM = "tom-beckett"


def test_a_meeting_of_somebody_who_left_is_moved_to_times_of_who_has_the_lead_now():
    start, kind = NOW + timedelta(days=1), COMPANY.meeting_types[0]
    board = Board(NOW, {TOM: (), MAYA.id: ()})
    openings = Openings(COMPANY, board, TOM, None, False, None, NOW)
    for rep, taken_by in ((MAYA.id, MAYA.id), ("gone-by-now", TOM)):
        booked = Booking(
            "b1", rep, kind.id, start, start + timedelta(minutes=kind.minutes), "u", 0, "", "c1"
        )
        times, _ = openings.offer(Wish(), (), booked)
        assert {slot.rep for slot in times} == {taken_by}
