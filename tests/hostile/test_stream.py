"""Hostile streams on virtual time, beside a call that must not notice."""

import json
from contextlib import asynccontextmanager

import anyio
import httpx
import pytest

from core.events import Noted
from tests.fakes.office import BEGAN, HANG_UP, Office, office, script
from tests.fakes.telephone import AsgiSocket, dial_asgi
from tests.hostile.line import CALLED, CALLER, good_payload, line, media
from voice_agent.emulator.script import Step, parse_when
from voice_agent.emulator.socket import SocketClosed
from voice_agent.telephony import token
from voice_agent.telephony.socket import MALFORMED_LIMIT, SILENT_S, START_WITHIN_S, STUCK_S

QUESTION = "demo/01_hi_there_i_was.wav"
SNOWFLAKE = "does tideline integrate with our snowflake data warehouse"


@asynccontextmanager
async def calling(it: Office, call_sid: str = "CA1", caller: str = CALLER, clogs: bool = False):
    """A call that was answered; one that `clogs` takes a little and then reads no more."""

    def opened_one(socket: AsgiSocket) -> None:
        it.sockets.append(socket)
        if clogs:
            socket.to_client = Clogged(socket.to_client)  # type: ignore[assignment]

    transport = httpx.ASGITransport(it.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
        async with line(http, call_sid, dial_asgi(it.app, opened_one), caller) as opened:
            yield opened


async def settled(it: Office) -> None:
    """Wait until no call is left; fails when one stays."""
    with anyio.fail_after(60):
        while it.calls.open:  # noqa: ASYNC110 - the server tells nobody when it is idle
            await anyio.sleep(0.1)
    assert it.metric("voice_agent_calls_active") == 0


def refused(it: Office, why: str) -> float:
    return it.metric(f'voice_agent_calls_refused_total{{why="{why}"}}')


async def unharmed(it: Office, hostile) -> dict:
    """The document of an ordinary call made while something hostile goes on."""
    ordinary = script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(hostile)
        report = await it.call(ordinary, call_sid="CAgood")
    await settled(it)
    assert report.violations == [] and report.ended_by == "caller"
    for which in range(len(it.wrap_ups.asked)):
        document = await it.document(which)
        if document["call_sid"] == "CAgood":
            assert any(row["citations"] for row in document["transcript"])
            return document
    raise AssertionError("the ordinary call was not served")


@pytest.mark.parametrize(
    "given",
    [
        {"token": ""},
        {"token": "1.2"},
        {"token": "9999999999.zz"},
        {"token": token.issue(b"other", "CA1", CALLER, CALLED, int(BEGAN.timestamp()))},
        {"token": token.issue(b"key", "CA2", CALLER, CALLED, int(BEGAN.timestamp()))},
        {"token": token.issue(b"key", "CA1", CALLER, CALLED, int(BEGAN.timestamp()) - 3600)},
        {"from": "+19995550000"},
    ],
    ids=str,
)
async def test_a_stream_whose_token_is_not_its_own_is_closed_and_no_call_begins(tmp_path, given):
    async with office(tmp_path) as it:
        async with calling(it) as caller:
            await caller.start(**given)
            assert await caller.closed_within(2) == 1008
        assert refused(it, "bad_token") == 1
        assert it.calls.active == 0 and not it.wrap_ups.asked


async def test_a_socket_that_never_starts_is_closed_within_its_limit(tmp_path):
    async with office(tmp_path) as it, calling(it) as caller:
        began = anyio.current_time()
        assert await caller.closed_within(60) == 1008
        assert anyio.current_time() - began == pytest.approx(START_WITHIN_S, abs=0.1)
        assert refused(it, "no_start") == 1


async def test_audio_before_the_start_is_nobodys_and_does_not_keep_the_socket_open(tmp_path):
    async with office(tmp_path) as it, calling(it) as caller:
        for _ in range(int(START_WITHIN_S / 0.02) - 5):
            await caller.frame()
            await anyio.sleep(0.02)
        assert await caller.closed_within(2) == 1008
        assert it.calls.active == 0 and not it.wrap_ups.asked


async def test_a_call_whose_audio_came_before_its_start_is_served(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as caller:
            await caller.frame()
            await caller.start()
            assert await caller.heard_something()
            await caller.stop()
            assert await caller.closed_within(5) == 1000
        await settled(it)
        assert (await it.document())["status"] == "completed"


async def test_a_second_start_changes_nothing(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as caller:
            await caller.start()
            assert await caller.heard_something()
            await caller.again()
            await caller.frame()
            assert it.calls.active == 1
            await caller.stop()
            await caller.closed_within(5)
        await settled(it)
        facts = await it.log.read(it.wrap_ups.asked[0])
    assert sum(type(f.fact).__name__ == "ConversationStarted" for f in facts) == 1


async def test_a_second_socket_for_a_call_is_refused_and_the_first_goes_on(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as first, calling(it) as second:
            await first.start()
            assert await first.heard_something()
            await second.start()
            assert await second.closed_within(2) == 1008
            assert it.calls.active == 1 and refused(it, "second_stream") == 1
            await first.stop()
            assert await first.closed_within(5) == 1000
        await settled(it)


async def test_a_stream_replayed_at_another_server_is_refused_there(tmp_path):
    async def begun(call_sid: str) -> bool:
        return call_sid == "CA1"

    async with office(tmp_path / "one") as one, office(tmp_path / "two", begun=begun) as two:
        transport = httpx.ASGITransport(one.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            dial = dial_asgi(two.app, two.sockets.append)
            async with line(http, "CA1", dial, CALLER) as replayed:
                await replayed.start()
                assert await replayed.closed_within(5) == 1000
            async with line(http, "CA2", dial, CALLER) as answered_elsewhere:
                await answered_elsewhere.start()
                assert await answered_elsewhere.heard_something()
        await settled(two)
        assert refused(two, "second_stream") == 1 and len(two.wrap_ups.asked) == 1


async def test_what_the_database_takes_at_the_start_is_time_the_caller_waited(tmp_path):
    async def begun(_call_sid: str) -> bool:
        await anyio.sleep(0.4)
        return False

    async with office(tmp_path / "one") as one, office(tmp_path / "two", begun=begun) as two:
        transport = httpx.ASGITransport(one.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            dial = dial_asgi(two.app, two.sockets.append)
            async with line(http, "CA1", dial, CALLER) as caller:
                at = anyio.current_time()
                await caller.start()
                assert await caller.heard_something()
                waited_s = anyio.current_time() - at
        await settled(two)
        logged = await two.log.read(two.wrap_ups.asked[0])
    (greeted,) = [e.fact for e in logged if isinstance(e.fact, Noted) and e.fact.kind == "greeted"]
    assert greeted.data["after_ms"] == pytest.approx(waited_s * 1000, abs=5) and waited_s >= 0.4


async def test_a_call_sid_that_comes_again_later_is_refused(tmp_path):
    async with office(tmp_path) as it:
        for expected in (1000, 1008):
            async with calling(it) as caller:
                await caller.start()
                await caller.stop()
                assert await caller.closed_within(5) == expected
            await settled(it)
        assert len(it.wrap_ups.asked) == 1


NONSENSE = [
    "",
    "hello",
    "[]",
    '{"event": null}',
    '{"event": "media"}',
    '{"event":"media","media":{"timestamp":1e400,"payload":""}}',
    '{"event":"mark","mark":{"name":7}}',
    '{"event":"dtmf","dtmf":{"digit":"\\ud800"}}',
    b"\x00\xff",
    "[" * 20_000,
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda text: repr(text)[:30])
async def test_nonsense_is_counted_survived_and_in_the_end_ends_its_own_call(tmp_path, nonsense):
    async with office(tmp_path, [SNOWFLAKE]) as it:

        async def hostile() -> None:
            async with calling(it) as caller:
                await caller.start()
                with pytest.raises(SocketClosed):
                    for _ in range(MALFORMED_LIMIT + 5):
                        await caller.send(nonsense)
                        await anyio.sleep(0.01)
                    await caller.closed_within(2)
                    raise SocketClosed(caller.closed or 0)

        await unharmed(it, hostile)
        assert it.metric('voice_agent_calls_ended_total{reason="malformed"}') == 1


async def test_a_little_nonsense_does_not_end_a_call(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as caller:
            await caller.start()
            assert await caller.heard_something()
            await caller.send(*NONSENSE, media(caller.ids, "not base64!"))
            for stamp in ("-1", "soon", None, 1e400, "9" * 5000):
                await caller.send(media(caller.ids, good_payload(), stamp))
            await anyio.sleep(1)
            assert it.calls.active == 1
            await caller.stop()
            assert await caller.closed_within(5) == 1000
        await settled(it)


async def test_audio_of_another_stream_is_not_this_callers(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as caller:
            await caller.start()
            assert await caller.heard_something()
            foreign = media(caller.ids, good_payload(), streamSid="MZother")
            await caller.send(foreign, foreign)
            await anyio.sleep(0.1)
            assert it.metric('voice_agent_stream_messages_refused_total{why="malformed"}') == 2
            await caller.stop()
            await caller.closed_within(5)
        await settled(it)


async def test_audio_from_the_far_future_fills_no_disk(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as caller:
            await caller.start()
            with anyio.move_on_after(25):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(caller.listen)
                    for n in range(1000):
                        await caller.send(media(caller.ids, good_payload(), str(n * 500_000)))
                        await anyio.sleep(0.02)
            await caller.stop()
            await caller.closed_within(5)
        await settled(it)
        assert it.metric('voice_agent_stream_messages_refused_total{why="ahead"}') > 900
    assert sum(f.stat().st_size for f in tmp_path.iterdir()) < 2_000_000


async def test_a_peer_that_stops_reading_is_given_up_after_its_limit(tmp_path):
    """Its buffers fill, our sending waits, the limit passes; the other call hears nothing of it."""
    async with office(tmp_path, [SNOWFLAKE]) as it:

        async def hostile() -> None:
            async with calling(it, clogs=True) as caller:
                await caller.start()
                with pytest.raises(SocketClosed):
                    for _ in range(3000):
                        await caller.frame()
                        await anyio.sleep(0.02)

        await unharmed(it, hostile)
        assert it.metric('voice_agent_calls_ended_total{reason="stuck_peer"}') == 1
    documents = [await it.document(n) for n in range(2)]
    stuck = next(d for d in documents if d["call_sid"] == "CA1")
    lasted = max(row["end_ms"] for row in stuck["transcript"]) if stuck["transcript"] else 0
    assert lasted < (STUCK_S + 5) * 1000


class Clogged:
    """The way to a client that has stopped reading: room for a little, then none."""

    def __init__(self, way, room: int = 5) -> None:
        self._way, self._room = way, room

    async def send(self, message) -> None:
        self._room -= message["type"] == "websocket.send"
        if self._room < 0:
            await anyio.sleep_forever()
        await self._way.send(message)

    def close(self) -> None:
        self._way.close()


async def test_a_peer_that_falls_silent_without_closing_is_given_up(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as caller:
            await caller.start()
            with anyio.move_on_after(SILENT_S + 5):
                await anyio.sleep_forever()
            assert it.calls.active == 0
        await settled(it)


async def test_minutes_of_silence_end_politely_with_a_question_first(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as caller:
            await caller.start()

            async def stay_silent() -> None:
                with anyio.move_on_after(300):
                    while caller.closed is None:
                        try:
                            await caller.frame()
                        except SocketClosed:
                            return
                        await anyio.sleep(0.02)

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(stay_silent)
                await caller.closed_within(300)
            assert caller.closed == 1000
            assert caller.frames < 60 / 0.02
        await settled(it)
        said = [r["text"] for r in (await it.document())["transcript"] if r["speaker"] == "agent"]
    assert any("still there" in text.lower() for text in said)


@pytest.mark.parametrize(
    "caller",
    [
        "anonymous", "+266696687", "+2562533", "", "Restricted", "sip:bob@example.com", "+1",
        "+1415'; DROP TABLE conversation;--", '"><Redirect>http://evil/</Redirect>',
        "+1\r\nX-Evil: 1", "\x00\x01", "{{7*7}}", "9" * 4000, "٣٤٥", "+99999999999999999",
    ],
    ids=lambda text: repr(text)[:20],
)  # fmt: skip
async def test_whoever_calls_from_wherever_is_served_as_nobody_in_particular(tmp_path, caller):
    async with office(tmp_path) as it:
        async with calling(it, caller=caller) as line_:
            await line_.start()
            assert await line_.heard_something()
            await line_.stop()
            await line_.closed_within(5)
        await settled(it)
        document = await it.document()
    assert document["from"] is None
    assert document["status"] == "completed"


async def test_speaking_from_the_first_frame_is_heard_from_its_first_word(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:
        await it.call(script(("at 0s", QUESTION), ("agent silent 1.2s", HANG_UP)))
        document = await it.document()
    rows = document["transcript"]
    assert [row["text"] for row in rows if row["speaker"] == "caller"] == [SNOWFLAKE]
    assert any(row["citations"] for row in rows)
    assert document["disclosure"]["heard"]


async def test_a_socket_lost_without_a_stop_ends_the_call_and_keeps_what_was_said(tmp_path):
    async with office(tmp_path, [SNOWFLAKE]) as it:

        async def cut() -> None:
            await anyio.sleep(20)
            await it.sockets[0].close()

        stay = Step(parse_when("after 0s"), "wait", pause_s=60)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(cut)
            await it.call(script(("greeting ended", QUESTION), ("after 0s", stay)))
        document = await it.document()
    assert it.metric('voice_agent_calls_ended_total{reason="socket_lost"}') == 1
    assert SNOWFLAKE in [row["text"] for row in document["transcript"]]
    assert document["recording"]


async def test_a_full_server_turns_calls_away_however_many_ring_at_once(tmp_path):
    """Room is kept for a call that was answered, before its stream begins."""
    async with office(tmp_path, max_calls=2) as it:
        transport = httpx.ASGITransport(it.app)
        verbs: list[str] = []
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:

            async def ring(n: int) -> None:
                form = {"CallSid": f"CA{n}", "From": CALLER, "To": CALLED}
                answer = await http.post("/twilio/voice", data=form)
                verbs.append("stream" if "<Stream" in answer.text else "busy")

            async with anyio.create_task_group() as tasks:
                for n in range(20):
                    tasks.start_soon(ring, n)
            assert sorted(verbs) == ["busy"] * 18 + ["stream"] * 2
            await anyio.sleep(11)  # neither came: their room is free again
            await ring(30)
            assert verbs[-1] == "stream"


async def test_draining_waits_for_a_call_that_was_answered_a_moment_ago(tmp_path):
    async with office(tmp_path) as it:
        async with calling(it) as caller, anyio.create_task_group() as tasks:
            drained = anyio.Event()

            async def drain() -> None:
                await it.calls.drain(60)
                drained.set()

            tasks.start_soon(drain)
            await anyio.sleep(0.5)
            assert it.calls.admit("CA9") == "draining" and not drained.is_set()
            await caller.start()
            assert await caller.heard_something()
            await caller.stop()
            await caller.closed_within(5)
            with anyio.fail_after(5):
                await drained.wait()


async def test_draining_waits_until_twilio_has_asked_what_comes_after_a_stream(tmp_path):
    """A call that was handed over, or is to be told goodbye, would end in an error without."""
    async with office(tmp_path) as it:
        transport = httpx.ASGITransport(it.app)
        async with calling(it) as caller, anyio.create_task_group() as tasks:
            await caller.start()
            assert await caller.heard_something()
            drained: list[float] = []

            async def drain() -> None:
                await it.calls.drain(60)
                drained.append(anyio.current_time())

            tasks.start_soon(drain)
            await caller.socket.close()
            await settled(it)
            await anyio.sleep(1)
            assert not drained
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                form = {"CallSid": "CA1", "From": CALLER, "To": CALLED}
                assert "<Response" in (await http.post("/twilio/after", data=form)).text
            await anyio.sleep(0.5)
            assert drained


async def test_draining_does_not_wait_long_for_what_nobody_asks(tmp_path):
    async with office(tmp_path) as it, calling(it) as caller:
        await caller.start()
        assert await caller.heard_something()
        await caller.socket.close()
        await settled(it)
        with anyio.fail_after(5):
            await it.calls.drain(60)


async def test_a_store_away_at_the_end_of_a_call_harms_no_other(tmp_path, caplog):
    from core.errors import StoreFailed

    async with office(tmp_path, [SNOWFLAKE]) as it:

        async def away(conversation_id: str) -> None:
            raise StoreFailed("away")

        it.wrap_ups.wrap_up, told = away, it.wrap_ups.wrap_up  # type: ignore[method-assign]
        async with calling(it) as caller:
            await caller.start()
            await caller.stop()
            assert await caller.closed_within(5) == 1000
        await settled(it)
        assert "left to the sweep" in caplog.text
        it.wrap_ups.wrap_up = told  # type: ignore[method-assign]
        ordinary = script(("greeting ended", QUESTION), ("agent silent 1s", HANG_UP))
        await it.call(ordinary, call_sid="CAgood")
        assert (await it.document())["status"] == "completed"


async def test_logs_hold_no_token_no_number_and_no_words(tmp_path, caplog):
    caplog.set_level("DEBUG")
    async with office(tmp_path, [SNOWFLAKE]) as it:
        async with calling(it, "CA2") as caller:
            await caller.start(token="1700000000.stolen")
            await caller.closed_within(2)
        async with calling(it, "CA3") as caller:
            given = caller.parameters["token"]
            await caller.start()
            await caller.send("nonsense " + given, json.dumps({"event": "media", "media": given}))
            await caller.stop()
            await caller.closed_within(5)
        await settled(it)
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("voice_agent"))
    for secret in (given, "stolen", CALLER, SNOWFLAKE, "key"):
        assert secret not in ours


async def test_nothing_of_a_hundred_bad_sockets_is_left(tmp_path):
    async with office(tmp_path) as it:

        async def bad(n: int) -> None:
            async with calling(it, f"CA{n % 7}") as caller:
                await {0: caller.start, 1: caller.frame, 2: caller.stop}.get(n % 4, caller.again)()
                await anyio.sleep(0.3)

        async with anyio.create_task_group() as tasks:
            for n in range(100):
                tasks.start_soon(_unless_busy, bad, n)
        await settled(it)


async def _unless_busy(work, n: int) -> None:
    try:
        await work(n)
    except AssertionError as busy:
        assert "<Say>" in str(busy)
