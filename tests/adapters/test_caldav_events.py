"""Which time events take: all-day, recurring, across zones; free or cancelled ones take none."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.scheduling.slots import Busy
from voice_agent.adapters.caldav_events import revised, standing, taken
from voice_agent.adapters.diary import Ours, besides

ZONE, REP = ZoneInfo("America/Los_Angeles"), "maya@tideline.example"
START = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
END = START + timedelta(days=14)
OUTLOOK = (
    "BEGIN:VTIMEZONE", "TZID:Eastern Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T020000",
    "TZOFFSETFROM:-0400", "TZOFFSETTO:-0500", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:-0500",
    "TZOFFSETTO:-0400", "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
)  # fmt: skip


def calendar(*lines: str, zone: tuple[str, ...] = (), uid: str = "e1") -> str:
    body = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *zone, *body, "END:VCALENDAR", ""]
    )


def spans(*texts: str) -> list[tuple[str, str]]:
    found = taken(texts, START, END, ZONE, REP)
    return [(f"{f.busy.start:%d %H:%M}", f"{f.busy.end:%d %H:%M}") for f in found]


@pytest.mark.parametrize(
    ("lines", "busy"),
    [
        (("DTSTART:20261202T180000Z", "DTEND:20261202T190000Z"), [("02 18:00", "02 19:00")]),
        (("DTSTART:20261202T180000Z", "DURATION:PT45M"), [("02 18:00", "02 18:45")]),
        (("DTSTART:20261202T100000", "DTEND:20261202T110000"), [("02 18:00", "02 19:00")]),
        (("DTSTART;VALUE=DATE:20261202",), [("02 08:00", "03 08:00")]),
        (("DTSTART;VALUE=DATE:20261202", "DTEND;VALUE=DATE:20261204"), [("02 08:00", "04 08:00")]),
        (("DTSTART:20261202T180000Z",), []),
        (("DTSTART:20261202T180000Z", "DURATION:PT1H", "STATUS:CANCELLED"), []),
        (("DTSTART:20261202T180000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"), []),
        (("DTSTART:20261202T180000Z", "DURATION:PT1H", "STATUS:TENTATIVE"),
         [("02 18:00", "02 19:00")]),
        (("DTSTART:20261202T180000Z", "DURATION:PT1H",
          f"ATTENDEE;PARTSTAT=DECLINED:mailto:{REP.upper()}"), []),
        (("DTSTART:20261202T180000Z", "DURATION:PT1H",
          "ATTENDEE;PARTSTAT=DECLINED:mailto:other@x.example"), [("02 18:00", "02 19:00")]),
        # Whole days are free unless told otherwise in many programs, also when one is away.
        (("DTSTART;VALUE=DATE:20261202", "TRANSP:TRANSPARENT", "SUMMARY:Vacation in Oaxaca"),
         [("02 08:00", "03 08:00")]),
        (("DTSTART;VALUE=DATE:20261202", "TRANSP:TRANSPARENT", "SUMMARY:Ann's birthday"), []),
        (("DTSTART;VALUE=DATE:20261202", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"),
         [("02 08:00", "03 08:00")]),
        (("DTSTART:20261202T180000Z", "DURATION:PT1H", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
        (("DTSTART:20260907T170000Z", "DURATION:PT30M", "RRULE:FREQ=WEEKLY;BYDAY=MO"),
         [("30 17:00", "30 17:30"), ("07 17:00", "07 17:30"), ("14 17:00", "14 17:30")][:2]),
        (("DTSTART:20261201T170000Z", "DURATION:PT30M", "RRULE:FREQ=DAILY;COUNT=4",
          "EXDATE:20261202T170000Z", "RDATE:20261208T200000Z"),
         [("01 17:00", "01 17:30"), ("03 17:00", "03 17:30"), ("04 17:00", "04 17:30"),
          ("08 20:00", "08 20:30")]),
    ],
)  # fmt: skip
def test_what_an_event_takes(lines, busy):
    assert spans(calendar(*lines)) == busy


def test_a_zone_of_outlook_is_known_by_its_rules():
    lines = (
        "DTSTART;TZID=Eastern Standard Time:20261202T130000",
        "DTEND;TZID=Eastern Standard Time:20261202T140000",
    )
    assert spans(calendar(*lines, zone=OUTLOOK)) == [("02 18:00", "02 19:00")]


def test_a_series_follows_the_clock_of_its_zone_and_its_moved_occurrence():
    series = (
        "DTSTART;TZID=America/New_York:20261028T090000",
        "DTEND;TZID=America/New_York:20261028T093000", "RRULE:FREQ=WEEKLY",
    )  # fmt: skip
    whole = calendar(*series).replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:20260101T000000Z\r\n"
        "RECURRENCE-ID;TZID=America/New_York:20261209T090000\r\n"
        "DTSTART;TZID=America/New_York:20261209T160000\r\n"
        "DTEND;TZID=America/New_York:20261209T163000\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )
    assert spans(whole) == [("02 14:00", "02 14:30"), ("09 21:00", "09 21:30")]


def test_what_is_no_calendar_hides_no_other_event():
    good = calendar("DTSTART:20261202T180000Z", "DURATION:PT1H")
    for bad in ("", "BEGIN:VCALENDAR", "nonsense", calendar("DTSTART:tomorrow")):
        assert spans(bad, good) == [("02 18:00", "02 19:00")]


def test_meetings_of_ours_count_only_where_somebody_moved_them():
    at = datetime(2026, 12, 2, 18, tzinfo=UTC)
    hour, uid = timedelta(hours=1), "b1@tideline.voice-agent"
    text = calendar("DTSTART:20261202T180000Z", "DURATION:PT1H", "SEQUENCE:1", uid=uid)
    found = taken([text], START, END, ZONE, REP)
    busy = (Busy(at, at + hour),)
    assert besides(found, {}) == busy
    assert besides(found, {uid: Ours(at, at + hour, 1, True)}) == ()
    assert besides(found, {uid: Ours(at + hour, at + 2 * hour, 1, True)}) == busy, "moved by a rep"
    assert besides(found, {uid: Ours(at + hour, at + 2 * hour, 2, True)}) == (), "not written yet"
    assert besides(found, {uid: Ours(at, at + hour, 2, False)}) == (), "called off"


def test_a_moved_meeting_keeps_what_people_added():
    uid = "b1@tideline.voice-agent"
    text = calendar(
        "DTSTART;TZID=America/Los_Angeles:20261202T100000", "DURATION:PT30M", "SEQUENCE:0",
        "SUMMARY:Intro", "X-NOTE:bring slides", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:j@a.example",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:soon", "END:VALARM",
        uid=uid,
    )  # fmt: skip
    at = datetime(2026, 12, 3, 20, tzinfo=UTC)
    after = revised(text, uid, at, at + timedelta(minutes=30), 1, START)
    stands = standing(after, uid, ZONE)
    assert stands is not None and (stands.start, stands.sequence) == (at, 1)
    assert stands.end == at + timedelta(minutes=30)
    assert "bring slides" in after and "VALARM" in after and "NEEDS-ACTION" in after
    assert "ACCEPTED" not in after
