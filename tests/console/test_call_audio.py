"""The recording in the console: by range, for those with access, audited once; clips and peaks."""

import io
import wave

import numpy as np
import pytest

from core.events import RecordingSaved
from core.store import audit, reviews
from tests.console.calls import LENGTH, keep, record, seat
from tests.console.conftest import Office
from tests.fakes.a_call import ENDED, facts
from voice_agent.audio.peaks import LEVELS, peaks_of, places
from voice_agent.audio.wav import read

pytestmark = pytest.mark.real_clock
HERE = "/console/calls/c1"
LISTEN = "a" * 24


def wav(office: Office) -> bytes:
    return office.archive.path("c1").read_bytes()


async def acts(office: Office, act: str) -> list[audit.Audited]:
    return await office.store.query(lambda c: audit.lines(c, act=act))


async def test_any_range_is_served_and_a_listening_is_audited_once(office: Office):
    await keep(office)
    record(office)
    whole = wav(office)
    rep = await seat(office, "rep")
    url = f"{HERE}/audio?listen={LISTEN}"
    for asked, first, last in (("bytes=0-", 0, len(whole) - 1), ("bytes=44-1043", 44, 1043),
                               ("bytes=-100", len(whole) - 100, len(whole) - 1)):  # fmt: skip
        got = await rep.see(url, headers={"Range": asked})
        assert got.status_code == 206 and got.content == whole[first : last + 1]
        assert got.headers["content-range"] == f"bytes {first}-{last}/{len(whole)}"
    whole_one = await rep.see(url)
    assert whole_one.status_code == 200 and whole_one.headers["accept-ranges"] == "bytes"
    assert "private" in whole_one.headers["cache-control"]
    tag = whole_one.headers["etag"]
    fresh = {"Range": "bytes=0-9", "If-Range": tag}
    stale = {"Range": "bytes=0-9", "If-Range": '"other"'}
    assert (await rep.see(url, headers=fresh)).status_code == 206
    assert (await rep.see(url, headers=stale)).status_code == 200
    beyond = await rep.see(url, headers={"Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")
    head = await rep.client.head(url)
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole)))
    assert head.content == b""
    (line,) = await acts(office, "play")
    assert (line.account, line.target) == ("rep", "conversation:c1")
    await (await seat(office, "manager")).see(url)  # the id of somebody else's listening
    await rep.see(f"{HERE}/audio?listen={'b' * 24}")
    assert len(await acts(office, "play")) == 3


async def test_nobody_hears_a_recording_without_signing_in_or_by_a_path_trick(office: Office):
    await keep(office)
    record(office)
    nobody = await office.browser()
    for path in (f"audio?listen={LISTEN}", "peaks?level=10", "clip?from=1&to=2"):
        assert (
            await nobody.see(f"{HERE}/{path}", headers={"sec-fetch-mode": "cors"})
        ).status_code == 401
    rep = await seat(office, "rep")
    for name in ("..%2Fc1", "%2e%2e", "c1.wav", "nobody"):
        assert (await rep.see(f"/console/calls/{name}/audio?listen={LISTEN}")).status_code == 404
    assert (await rep.see(f"{HERE}/audio")).status_code == 422
    assert (await rep.see(f"{HERE}/audio?listen=<script>")).status_code == 422
    await keep(office, name="silent")
    assert (await rep.see(f"/console/calls/silent/audio?listen={LISTEN}")).status_code == 404


async def test_a_clip_has_exactly_its_samples(office: Office):
    await keep(office)
    made = record(office)
    rep = await seat(office, "rep")
    wanted = made[79_996:170_000]
    for lane, chosen in (("both", wanted), ("caller", wanted[:, :1]), ("agent", wanted[:, 1:])):
        got = await rep.see(f"{HERE}/clip?from=9.9995&to=21.25&lane={lane}")
        name = got.headers["content-disposition"]
        assert got.status_code == 200 and 'filename="c1-10.0-21.2s.wav"' in name
        assert int(got.headers["content-length"]) == len(got.content)
        with wave.open(io.BytesIO(got.content)) as clip:
            channels = chosen.shape[1]
            assert (clip.getnchannels(), clip.getframerate()) == (channels, 8000)
            samples = np.frombuffer(clip.readframes(clip.getnframes()), "<i2")
        assert np.array_equal(samples.reshape(-1, channels), chosen)
    lanes = [line.detail["lane"] for line in await acts(office, "download")]
    assert lanes == ["agent", "caller", "both"]


async def test_a_recording_with_a_colleague_in_it_has_a_third_lane_to_draw_and_to_cut(
    office: Office,
):
    await keep(office, [*facts(call_sid="CAc1"), RecordingSaved("c.wav", 31_000, 3), ENDED])
    made = record(office, lanes=3)
    rep = await seat(office, "rep")
    page = (await rep.see(HERE)).text
    assert "Colleague" in page and '"lanes": ["caller", "agent", "rep"]' in page
    peaks = np.frombuffer((await rep.see(f"{HERE}/peaks?level=10")).content, np.uint8)
    caller, _, colleague = peaks.reshape(3, -1)
    assert len(caller) == 310 and caller.any() and not colleague[:100].any()
    assert colleague[100:].all()
    for lane, chosen in (("both", made), ("rep", made[:, 2:])):
        got = (await rep.see(f"{HERE}/clip?from=9&to=12&lane={lane}")).content
        (office.folder / "clip").write_bytes(got)
        clip = np.stack(read(office.folder / "clip").lanes(), axis=1)
        assert np.array_equal(clip, chosen[72_000:96_000])


NONSENSE = {
    "from=2&to=1": 422, "from=-1&to=1": 422, "from=a&to=b": 422, "from=nan&to=2": 422,
    "from=0&to=inf": 422, "from=0&to=601": 422, "from=40&to=41": 416,
    "from=1&to=2&lane=left": 422, "from=1&to=2&lane=rep": 422, "": 422,
}  # fmt: skip


async def test_a_clip_that_makes_no_sense_is_refused(office: Office):
    await keep(office)
    record(office)
    rep = await seat(office, "rep")
    for query, status in NONSENSE.items():
        assert (await rep.see(f"{HERE}/clip?{query}")).status_code == status, query
    assert not await acts(office, "download")


async def test_peaks_are_made_once_and_again_when_the_recording_has_changed(office: Office):
    await keep(office)
    made = record(office)
    rep = await seat(office, "rep")
    got = await rep.see(f"{HERE}/peaks?level=10")
    caller, agent = np.frombuffer(got.content, np.uint8).reshape(2, -1)
    assert len(caller) == 310 and np.array_equal(caller, agent) and caller.max() > 230
    first = await office.store.query(lambda c: reviews.peaks(c, "c1"))
    await rep.see(f"{HERE}/peaks?level=2")
    assert await office.store.query(lambda c: reviews.peaks(c, "c1")) == first
    made[:80_000] = 0  # a card number was silenced
    writer_path = office.archive.path("c1")
    writer_path.write_bytes(writer_path.read_bytes()[:44] + made.tobytes())
    again = np.frombuffer((await rep.see(f"{HERE}/peaks?level=10")).content, np.uint8)
    assert not again[:100].any() and again[100:310].any()
    assert (await rep.see(f"{HERE}/peaks?level=11")).status_code == 422


def test_peaks_are_the_loudest_of_each_stretch_however_the_samples_come():
    rng = np.random.default_rng(3)
    samples = rng.integers(-32768, 32767, (16_321, 2)).astype(np.int16)
    samples[9000] = (-32768, 5)
    whole = peaks_of([samples])
    pieces = peaks_of(np.split(samples, [1, 7, 4000, 4001, 12_345]))
    assert whole == pieces and whole.frames == 16_321
    assert len(whole.data) == sum(2 * count for _, count in places(16_321).values())
    offset, count = places(16_321)[LEVELS[-1]]
    caller = np.frombuffer(whole.data[offset : offset + count], np.uint8)
    assert count == 103 and caller[9000 // 160] == 255
    assert peaks_of([]).data == b"" and LENGTH
