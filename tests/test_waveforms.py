"""Waveforms are ready when a conversation is opened: drawn after it, and once."""

from pathlib import Path

import numpy as np
import pytest

from core.store import reviews
from core.store.store import Store
from tests.fakes import stores
from tests.fakes.a_call import AT, ENDED, facts
from tests.workflows.test_durable import running
from voice_agent.audio.archive import Archive
from voice_agent.audio.sealed import Keys
from voice_agent.waveforms import Waveforms

KEYS = Keys((b"k" * 32,))
pytestmark = pytest.mark.real_clock


@pytest.fixture
async def store(tmp_path: Path):
    opened = Store(stores.sqlite(tmp_path / "calls.db"), server="me")
    await opened.log.append("c1", AT, [*facts("CAw1"), ENDED])
    yield opened
    await opened.aclose()


def record(archive: Archive, name: str) -> None:
    writer = archive.writer(archive.path(name))
    lane = (np.arange(16_000) % 9000).astype(np.int16)
    writer.write(lane, -lane)
    writer.close()


async def test_the_wrap_up_draws_the_recording_and_again_changes_nothing(
    store: Store, tmp_path: Path
):
    archive = Archive(tmp_path)
    record(archive, "c1")
    waveforms = Waveforms(store, archive, lambda: AT)
    async with running(store, draw=waveforms.draw) as workflows:
        await workflows.wrap_up("c1")
        await workflows.wrapped_up("c1")
    made = await store.query(lambda c: reviews.peaks(c, "c1"))
    assert made is not None and made.frames == 16_000 and max(made.data) > 180
    await waveforms.draw("c1")
    assert await store.query(lambda c: reviews.peaks(c, "c1")) == made


async def test_a_recording_that_is_not_there_or_is_sealed_with_another_key_stops_nothing(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    await Waveforms(store, Archive(tmp_path), lambda: AT).draw("c1")
    await Waveforms(store, Archive(tmp_path), lambda: AT).draw("nobody")
    record(Archive(tmp_path, KEYS), "c1")
    await Waveforms(store, Archive(tmp_path), lambda: AT).draw("c1")
    assert "not drawn" in caplog.text
    assert await store.query(lambda c: reviews.peaks(c, "c1")) is None


async def test_plain_and_sealed_recordings_are_drawn_alike(store: Store, tmp_path: Path):
    drawn = []
    for keys in (Keys(), KEYS):
        archive = Archive(tmp_path / ("sealed" if keys else "plain"), keys)
        archive.folder.mkdir()
        record(archive, "c1")
        await Waveforms(store, archive, lambda: AT).draw("c1")
        made = await store.query(lambda c: reviews.peaks(c, "c1"))
        assert made is not None
        drawn.append(made.data)
    assert drawn[0] == drawn[1]
