"""Whatever a service returns, reading it raises nothing and takes no time that is not taken."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_agent.adapters import calendar_google, calendar_microsoft

NOW = datetime(2026, 11, 30, 17, tzinfo=UTC)
ZONE = ZoneInfo("America/Los_Angeles")
NAMES = (
    "start", "end", "date", "dateTime", "timeZone", "attendees", "self", "responseStatus",
    "response", "emailAddress", "address", "status", "eventType", "transparency", "summary",
    "subject", "showAs", "isAllDay", "isCancelled", "extendedProperties", "private", "id", "value",
    "singleValueExtendedProperties", "voiceAgentUid", "voiceAgentSequence",
)  # fmt: skip
WORDS = st.sampled_from((
    "2026-12-02", "2026-12-02T10:00:00Z", "2026-12-02T11:00:00.0000000", "0001-01-01",
    "9999-12-31T23:59:59Z", "transparent", "declined", "free", "cancelled", "b1@x.voice-agent 1",
    calendar_microsoft.PROPERTY, "away", "²", "",
))  # fmt: skip
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.text(max_size=9))
JSON = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=8)
    ),
    max_leaves=25,
)
TIME = st.fixed_dictionaries({"dateTime": WORDS})
MORE = {name: JSON for name in NAMES if name not in ("start", "end")}
EVENT = st.one_of(
    JSON, st.fixed_dictionaries({"start": JSON, "end": JSON}, optional=MORE),
    st.fixed_dictionaries({"start": TIME, "end": TIME}, optional=MORE),
)  # fmt: skip


@pytest.mark.parametrize("read", [calendar_google.taken, calendar_microsoft.taken])
@given(events=st.one_of(JSON, st.lists(EVENT, max_size=3)))
def test_what_takes_time_is_read_off_anything(read: Any, events: Any):
    for found in read(events, NOW, NOW + timedelta(days=14), ZONE):
        assert found.busy.start < found.busy.end and isinstance(found.uid, str)


@given(event=EVENT)
def test_how_a_meeting_stands_is_read_off_anything(event: Any):
    calendar_google.standing(event, ZONE)
    calendar_microsoft.standing(event)
