"""Marks come back once everything before them has played; a clear returns them all."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.emulator.server import tone
from voice_agent.audio import g711
from voice_agent.emulator.playout import MAX_BUFFER_S, Playout


def voice(seconds: float) -> bytes:
    return g711.encode(tone(seconds))


def test_mark_is_due_when_what_precedes_it_has_played() -> None:
    playout = Playout()
    playout.media(voice(1.0), 2.0)
    playout.mark("a", 2.1)
    assert playout.deadline() == 3.0
    assert playout.reached(2.999) == []
    assert [(echo.name, echo.at) for echo in playout.reached(3.0)] == [("a", 3.0)]
    assert playout.deadline() is None


def test_mark_on_an_empty_buffer_is_due_at_once() -> None:
    playout = Playout()
    playout.media(voice(0.5), 0.0)
    playout.mark("late", 4.0)
    assert playout.reached(4.0)[0].at == 4.0


def test_clear_returns_every_pending_mark_in_order_and_stops_the_sound() -> None:
    playout = Playout()
    for name in ("a", "b", "c"):
        playout.media(voice(1.0), 0.0)
        playout.mark(name, 0.0)
    assert [echo.name for echo in playout.reached(1.5)] == ["a"]
    returned = playout.clear(1.5)
    assert [(echo.name, echo.cleared) for echo in returned] == [("b", True), ("c", True)]
    assert playout.buffered_s(1.5) == 0.0
    lane = playout.lane(8000 * 3)
    assert lane[:12000].any() and not lane[12000:].any()
    assert playout.spans[-1].end == 1.5
    playout.media(voice(0.1), 2.0)
    assert playout.lane(8000 * 3)[16000:16800].any()


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("media"), st.floats(0.001, 2.0)),
            st.tuples(st.just("mark"), st.just(0.0)),
            st.tuples(st.just("wait"), st.floats(0.0, 3.0)),
            st.tuples(st.just("clear"), st.just(0.0)),
        ),
        max_size=40,
    )
)
def test_every_mark_comes_back_once_in_order_and_never_early(
    steps: list[tuple[str, float]],
) -> None:
    playout, at, set_marks, back = Playout(), 0.0, [], []
    dry_at = 0.0
    for kind, value in steps:
        if kind == "media":
            payload = voice(value)
            dry_at = max(at, dry_at) + len(payload) / 8000
            playout.media(payload, at)
        elif kind == "mark":
            set_marks.append((str(len(set_marks)), max(at, dry_at)))
            playout.mark(set_marks[-1][0], at)
        elif kind == "clear":
            back += [(echo.name, echo.at) for echo in playout.clear(at)]
            dry_at = min(dry_at, at)
        else:
            at += value
            back += [(echo.name, echo.at) for echo in playout.reached(at)]
            expected = [due for name, due in set_marks[len(back) :]]
            assert playout.deadline() == (expected[0] if expected else None)
    back += [(echo.name, echo.at) for echo in playout.reached(1e9)]
    assert [name for name, _ in back] == [name for name, _ in set_marks]
    played = [
        (due, came) for (_, due), (_, came) in zip(set_marks, back, strict=True) if came >= due
    ]
    assert all(came == due for due, came in played)


def test_silence_inside_the_agents_audio_is_not_speech() -> None:
    playout = Playout()
    playout.media(voice(1.0) + g711.encode(np.zeros(4800, np.int16)) + voice(0.4), 0.0)
    assert [(round(s.start, 2), round(s.end, 2)) for s in playout.spans] == [(0, 1), (1.6, 2.0)]
    assert playout.speaking_since(0.5) == 0.0
    assert playout.silent_since(0.5) is None
    assert playout.speaking_since(1.3) == 0.0
    assert playout.silent_since(1.3) == 1.0
    assert playout.speaking_since(1.5) is None
    assert playout.speaking_since(1.7) == 1.6
    assert playout.silent_since(9.0) == 2.0


def test_more_than_ten_minutes_ahead_is_dropped_as_at_twilio() -> None:
    playout = Playout(keep_audio=False)
    for _ in range(70):
        playout.media(g711.encode(np.zeros(80000, np.int16)), 0.0)
    assert MAX_BUFFER_S <= playout.buffered_s(0.0) <= MAX_BUFFER_S + 10
    assert playout.dropped_bytes == 9 * 80000
