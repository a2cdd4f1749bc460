"""Invitations are read back by another parser, python-dateutil for the zones."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from core.scheduling.ics import Invitation, ics

START = datetime(2026, 12, 3, 19, tzinfo=UTC)


def invitation(**changes) -> Invitation:
    values = {
        "uid": "b1@tideline.voice-agent", "sequence": 0, "start": START,
        "end": START + timedelta(minutes=30), "zone": "America/Chicago",
        "title": "Introductory call: Tideline", "notes": "Maya calls you.",
        "organizer": ("Maya Lindqvist", "maya@tideline.example"),
        "guest": ("Jane Doe", "jane@acme.example"), "made_at": START - timedelta(days=3),
    }  # fmt: skip
    return Invitation(**(values | changes))


def properties(text: str) -> dict[str, str]:
    """The event's properties, unfolded; strict about line ends and lengths."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = text.replace("\r\n ", "").split("\r\n")
    event = whole[whole.index("BEGIN:VEVENT") + 1 : whole.index("END:VEVENT")]
    return dict(line.split(":", 1) for line in event)


def test_an_invitation_says_who_what_and_when_in_the_reps_zone():
    text = ics(invitation())
    event = properties(text)
    assert "METHOD:REQUEST\r\n" in text
    assert event["UID"] == "b1@tideline.voice-agent" and event["SEQUENCE"] == "0"
    assert event["DTSTART;TZID=America/Chicago"] == "20261203T130000"
    assert event["DTEND;TZID=America/Chicago"] == "20261203T133000"
    assert event["SUMMARY"] == "Introductory call: Tideline"
    assert event['ORGANIZER;CN="Maya Lindqvist"'] == "mailto:maya@tideline.example"
    guest = next(v for k, v in event.items() if k.startswith("ATTENDEE"))
    assert guest == "mailto:jane@acme.example"


def test_moving_keeps_the_uid_and_cancelling_says_so():
    moved = ics(invitation(sequence=1, start=START + timedelta(days=1)))
    gone = ics(invitation(sequence=2, cancelled=True))
    assert properties(moved)["UID"] == properties(gone)["UID"] == "b1@tideline.voice-agent"
    assert properties(moved)["SEQUENCE"] == "1" and properties(gone)["STATUS"] == "CANCELLED"
    assert "METHOD:CANCEL\r\n" in gone


@pytest.mark.parametrize(
    "zone",
    ["America/Chicago", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "UTC",
     "Africa/Casablanca", "America/Sao_Paulo"],
)  # fmt: skip
@pytest.mark.parametrize("days", [-150, -25, 0, 103, 200])
def test_the_zone_that_is_written_shows_the_same_times(zone, days):
    start = START + timedelta(days=days)
    text = ics(invitation(zone=zone, start=start, end=start + timedelta(minutes=30)))
    read = tzical(io.StringIO(text)).get(zone)
    local = datetime.strptime(properties(text)[f"DTSTART;TZID={zone}"], "%Y%m%dT%H%M%S")
    expected = start.astimezone(ZoneInfo(zone))
    assert local == expected.replace(tzinfo=None)
    assert local.replace(tzinfo=read).utcoffset() == expected.utcoffset()


@pytest.mark.parametrize(
    ("zone", "first"),
    [("America/New_York", "2026-11-01T04:00Z"), ("Europe/Berlin", "2026-10-24T23:00Z"),
     ("Australia/Lord_Howe", "2027-04-03T14:00Z"), ("America/New_York", "2026-03-08T06:00Z")],
)  # fmt: skip
def test_a_meeting_is_when_it_is_also_while_clocks_are_changed(zone, first):
    for quarter in range(12):
        start = datetime.fromisoformat(first) + timedelta(minutes=15 * quarter)
        end = start + timedelta(minutes=30)
        text = ics(invitation(zone=zone, start=start, end=end))
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        read = (event.decoded(name).astimezone(UTC) for name in ("DTSTART", "DTEND"))
        assert (*read,) == (start, end), start


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_is_carried_without_breaking_the_file(notes, name):
    text = ics(invitation(notes=notes, guest=(name, "jane@acme.example")))
    event = properties(text)
    assert event["STATUS"] == "CONFIRMED"
    plain = event["DESCRIPTION"].replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
    kept = "\n".join("".join(c for c in line if c >= " ") for line in notes.splitlines())
    assert plain.replace("\\\\", "\\") == kept or "\\" in notes


def test_without_an_address_nobody_is_invited():
    assert not [k for k in properties(ics(invitation(guest=None))) if k.startswith("ATTENDEE")]
