"""pocketsphinx in worker processes: streaming, hesitations, queues, and processes that die."""

import os
import random
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import anyio
import numpy as np
import pytest

from tests.bench.bench_wer import edits
from tests.core.talk import sample
from tests.speech.sounds import AUDIO, at_level, clips, line, mixed, recorded
from voice_agent.audio.pcm import Pcm
from voice_agent.errors import EngineUnavailable, TranscriptionFailed
from voice_agent.speech.ports import HeardWord, Hypothesis, voiced
from voice_agent.speech.sphinx import transcriber as sphinx_engine
from voice_agent.speech.sphinx import wire
from voice_agent.speech.sphinx.caller_language import phrases_of, wordings_of
from voice_agent.speech.sphinx.transcriber import SphinxTranscriber
from voice_agent.speech.tts_espeak import EspeakSynthesizer

ROOT = Path(__file__).parents[3]


def test_frames_are_found_wherever_the_stream_is_cut():
    stream = wire.frame(wire.PCM, 7, b"abc") + wire.frame(wire.DROP, 8)
    for cut in range(len(stream) + 1):
        frames = wire.Frames()
        found = [*frames.feed(stream[:cut]), *frames.feed(stream[cut:])]
        assert found == [(wire.PCM, 7, b"abc"), (wire.DROP, 8, b"")]


def test_a_hypothesis_survives_the_wire():
    words = (HeardWord("big", 0.1, 0.4, 0.9), HeardWord("data", 0.4, 0.9, 0.8))
    hypothesis = Hypothesis("big data", words, 0.85, 1.2, "big date of")
    assert wire.unpack_hypothesis(wire.pack_hypothesis(hypothesis)) == hypothesis


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sphinx")


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (shutil.Error([("mdef", "cache/mdef", "[Errno 28] No space left")]), "No space left"),
    ],
)
async def test_a_language_that_cannot_be_kept_names_its_place_and_what_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, why: str
):
    def prepare(*_: object) -> None:
        raise error

    monkeypatch.setattr(sphinx_engine.caller_language, "prepare", prepare)
    transcriber = SphinxTranscriber(sample().company, (), tmp_path, workers=1)
    with pytest.raises(EngineUnavailable) as refused:
        await transcriber.load()
    told = str(refused.value)
    assert f"some 15 MB, cannot be kept in {tmp_path}: " in told and told.endswith(why)


AMPLE_S = 60.0
"""For what is not to be late: twelve decoders are loaded in one process, on a crowded machine."""


def engine(cache: Path, workers: int) -> SphinxTranscriber:
    """A recogniser of the sample, whose language is shipped and need not be made."""
    loaded = sample()
    return SphinxTranscriber(
        loaded.company, phrases_of(loaded.articles), cache, workers=workers, deadline_s=AMPLE_S,
        wordings=wordings_of(loaded),
    )  # fmt: skip


@pytest.fixture
async def sphinx(cache: Path):
    transcriber = engine(cache, workers=1)
    await transcriber.load()
    yield transcriber
    await transcriber.aclose()


@pytest.fixture
async def spoken() -> Pcm:
    voice = EspeakSynthesizer()
    await voice.load()
    chunks = await voiced(voice, "we are a software company with five hundred people")
    await voice.aclose()
    return np.concatenate([line(0.3), *chunks, line(0.3)])


def push(utterance, pcm: Pcm) -> None:
    for at in range(0, len(pcm), 160):
        utterance.push(pcm[at : at + 160])


def gone(pid: int, within_s: float = 10.0) -> bool:
    """Whether the process ends in time; no polling."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], within_s)[0])
    finally:
        os.close(handle)


@pytest.mark.engine
async def test_settling_in_between_does_not_change_what_is_heard(sphinx, spoken):
    # Both on a decoder of their own: one that has heard others may break a tie another way.
    whole, pieces = sphinx.open("a"), sphinx.open("b")
    push(whole, spoken)
    at_once = await whole.settle()
    third = len(spoken) // 3 // 160 * 160
    for at in (0, third, 2 * third):
        push(pieces, spoken[at : at + third] if at < 2 * third else spoken[at:])
        last = await pieces.settle()
    whole.close()
    pieces.close()
    assert at_once.text == last.text
    assert "five hundred" in at_once.text
    assert 0.0 < at_once.confidence <= 1.0


@pytest.mark.engine
async def test_words_are_known_while_the_caller_speaks(sphinx, spoken):
    utterance = sphinx.open("a")
    push(utterance, spoken[: len(spoken) * 3 // 4])
    with anyio.fail_after(10):
        while not utterance.partial().words:  # noqa: ASYNC110
            await anyio.lowlevel.checkpoint()
    utterance.close()


@pytest.mark.engine
async def test_a_dead_worker_fails_its_utterances_and_is_replaced(sphinx, spoken):
    utterance = sphinx.open("a")
    push(utterance, spoken)
    victim = sphinx.pids[0]
    os.kill(victim, signal.SIGKILL)
    with anyio.fail_after(5), pytest.raises(TranscriptionFailed, match="died"):
        await utterance.settle()
    utterance.close()
    assert sphinx.pids != [victim]
    later = sphinx.open("a")
    push(later, spoken)
    assert (await later.settle()).words
    later.close()


@pytest.mark.engine
async def test_a_worker_that_hangs_is_replaced_after_two_deadlines(sphinx, spoken):
    victim = sphinx.pids[0]
    os.kill(victim, signal.SIGSTOP)
    sphinx.deadline_s = 0.05
    utterance = sphinx.open("a")
    push(utterance, spoken)
    for _ in range(2):
        with pytest.raises(TranscriptionFailed):
            await utterance.settle()
    assert gone(victim)
    utterance.close()
    sphinx.deadline_s = AMPLE_S
    later = sphinx.open("a")
    push(later, spoken)
    assert (await later.settle()).words


@pytest.mark.engine
async def test_utterances_beyond_the_decoders_wait_with_their_audio(sphinx, spoken):
    holding = [sphinx.open("greedy") for _ in range(sphinx_engine.DECODERS_PER_WORKER)]
    again, waiting = sphinx.open("greedy"), sphinx.open("modest")
    push(again, spoken)
    push(waiting, spoken)
    sphinx.deadline_s = 0.05
    with pytest.raises(TranscriptionFailed):
        await waiting.settle()
    sphinx.deadline_s = AMPLE_S
    holding[0].close()
    assert (await waiting.settle()).words, "the call that holds nothing comes first"
    waiting.close()
    assert (await again.settle()).words


@pytest.mark.engine
async def test_a_full_queue_refuses_at_once(sphinx, spoken):
    room = sphinx_engine.DECODERS_PER_WORKER * (1 + sphinx_engine.WAITING_PER_DECODER)
    held = [sphinx.open("a") for _ in range(room)]
    refused = sphinx.open("b")
    push(refused, spoken)
    with pytest.raises(TranscriptionFailed, match="too many"):
        await refused.settle()
    for utterance in (*held, refused):
        utterance.close()


@pytest.mark.engine
async def test_an_utterance_without_end_fails_instead_of_growing(sphinx):
    utterance = sphinx.open("a")
    utterance.push(np.zeros(8000 * 121, np.int16))
    with pytest.raises(TranscriptionFailed, match="longer"):
        await utterance.settle()
    utterance.close()


@pytest.mark.engine
async def test_a_cache_that_cannot_be_written_makes_the_engine_unavailable(tmp_path):
    (tmp_path / "file").touch()
    transcriber = SphinxTranscriber(sample().company, [], tmp_path / "file")
    with pytest.raises(EngineUnavailable, match="cannot be kept"):
        await transcriber.load()


@pytest.mark.engine
async def test_closing_leaves_no_process(cache):
    transcriber = engine(cache, workers=2)
    await transcriber.load()
    pids = transcriber.pids
    open_still = transcriber.open("a")
    await transcriber.aclose()
    assert len(pids) == 2 and all(gone(pid) for pid in pids)
    with pytest.raises(TranscriptionFailed):
        await open_still.settle()


SERVER = """
import anyio, sys
from pathlib import Path
from tests.speech.sphinx.test_transcriber import engine

async def main():
    sphinx = engine(Path(sys.argv[1]), workers=2)
    await sphinx.load()
    print(*sphinx.pids, flush=True)
    await anyio.sleep_forever()

anyio.run(main)
"""


@pytest.mark.engine
def test_a_killed_server_leaves_no_worker_behind(cache):
    command = [sys.executable, "-c", SERVER, str(cache)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        pids = [int(pid) for pid in server.stdout.readline().split()]
        server.kill()
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


DIGITS = "zero one two three four five six seven eight nine".split()


def dictated(speaker: str) -> list[tuple[list[str], Pcm]]:
    """All digits a speaker recorded, shuffled into four telephone numbers of ten."""
    paths = sorted(AUDIO.joinpath("digits").glob("*.wav"))
    own = [
        (DIGITS[int(path.name[0])], at_level(pcm, -22))
        for path, pcm in zip(paths, clips("digits"), strict=True)
        if f"_{speaker}_" in path.name
    ]
    random.Random(3).shuffle(own)
    tens = [own[at : at + 10] for at in range(0, len(own), 10)]
    return [
        (
            [digit for digit, _ in ten],
            np.concatenate([p for _, pcm in ten for p in (line(0.1), pcm)]),
        )
        for ten in tens
    ]


@recorded
@pytest.mark.engine
@pytest.mark.parametrize(("speaker", "at_most"), [("jackson", 30), ("lucas", 10), ("theo", 12)])
async def test_digits_of_real_voices_are_understood_once_the_voice_is_known(
    sphinx, speaker, at_most
):
    wrong = 0
    for digits, pcm in dictated(speaker):
        utterance = sphinx.open(speaker)
        push(utterance, np.concatenate([line(0.2), pcm, line(0.3)]))
        heard = (await utterance.settle()).text.replace("oh", "zero").split()
        utterance.close()
        wrong += edits(digits, heard)
    assert wrong <= at_most, "of forty digits"


@recorded
@pytest.mark.engine
async def test_light_noise_does_not_hide_the_words(sphinx, spoken):
    noise = np.resize(clips("noise")[0], len(spoken))
    utterance = sphinx.open("a")
    push(utterance, mixed(at_level(spoken, -20), at_level(noise, -45)))
    heard = await utterance.settle()
    utterance.close()
    assert "five hundred" in heard.text
