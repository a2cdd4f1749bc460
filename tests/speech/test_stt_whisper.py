"""Whisper's real loading and decoding, on a miniature model."""

import shutil
import threading
from pathlib import Path

import anyio
import numpy as np
import pytest

from tests.core.talk import sample
from tests.fakes.mini_whisper import PHRASE, make
from tests.speech.sounds import line, murmur
from voice_agent.audio.pcm import RATE_HZ, Pcm
from voice_agent.errors import EngineUnavailable, TranscriptionFailed
from voice_agent.speech.guards import GuardTuning, Voiced
from voice_agent.speech.stt_whisper import (
    STEP_S,
    TOGETHER,
    WhisperTranscriber,
    find_model,
    together,
)

pytestmark = pytest.mark.real_clock
COMPANY = sample().company


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("whisper"))


@pytest.fixture
async def whisper(folder: Path):
    transcriber = WhisperTranscriber(COMPANY, model=str(folder), deadline_s=20.0)
    await transcriber.load()
    yield transcriber
    await transcriber.aclose()


def babble(for_s: float) -> Pcm:
    """Voiced sound with a short lead-in of line."""
    count = int(for_s / 0.45) + 1
    return np.concatenate([line(0.2), *[murmur() for _ in range(count)]])[: int(for_s * RATE_HZ)]


async def test_the_words_come_with_their_times_and_confidence(whisper: WhisperTranscriber):
    utterance = whisper.open("call")
    utterance.push(babble(1.5))
    heard = await utterance.settle()
    assert heard.text == PHRASE
    assert [word.text for word in heard.words] == PHRASE.split()
    assert heard.words[0].start_s < heard.words[1].end_s <= 1.6
    assert heard.words[0].confidence > 0.9
    assert heard.upto_s == pytest.approx(1.5)


async def test_it_decodes_while_the_utterance_goes_on(whisper: WhisperTranscriber):
    utterance = whisper.open("call")
    utterance.push(babble(STEP_S + 0.2))
    await whisper.pool.run("another", "", lambda: None, 20.0)  # waits its turn behind the decode
    assert utterance.partial().text == PHRASE


async def test_silence_after_a_settled_transcript_needs_no_decoding(whisper: WhisperTranscriber):
    utterance = whisper.open("call")
    utterance.push(babble(0.6))
    first = await utterance.settle()
    done = whisper.pool.counts.done
    utterance.push(line(0.5))
    again = await utterance.settle()
    assert (again.text, again.words) == (first.text, first.words)
    assert again.upto_s == pytest.approx(1.1)
    assert whisper.pool.counts.done == done


async def test_a_quiet_utterance_is_not_shown_to_the_model(whisper: WhisperTranscriber):
    utterance = whisper.open("call")
    utterance.push(line(2.0, -66.0))
    assert (await utterance.settle()).text == ""


async def test_a_text_the_engine_doubts_is_left_out(folder: Path):
    strict = GuardTuning(hopeless_log_probability=0.1)
    whisper = WhisperTranscriber(COMPANY, model=str(folder), deadline_s=20.0, tuning=strict)
    await whisper.load()
    utterance = whisper.open("call")
    utterance.push(babble(1.0))
    assert (await utterance.settle()).text == ""
    await whisper.aclose()


async def test_a_caption_of_a_video_is_left_out(tmp_path: Path):
    whisper = WhisperTranscriber(
        COMPANY, model=str(make(tmp_path, "thanks for watching")), deadline_s=20.0
    )
    await whisper.load()
    utterance = whisper.open("call")
    utterance.push(babble(1.0))
    assert (await utterance.settle()).text == ""
    await whisper.aclose()


async def test_a_long_utterance_keeps_its_beginning(whisper: WhisperTranscriber):
    utterance = whisper.open("call")
    total = 0.0
    for _ in range(3):
        utterance.push(babble(9.0))
        total += 9.0
        heard = await utterance.settle()
        assert heard.upto_s == pytest.approx(total)
    assert heard.text.startswith(PHRASE.split()[0])
    ends = [word.end_s for word in heard.words]
    assert ends == sorted(ends)


async def test_several_calls_are_served(whisper: WhisperTranscriber):
    texts: list[str] = []

    async def caller(call_id: str) -> None:
        utterance = whisper.open(call_id)
        utterance.push(babble(0.6))
        texts.append((await utterance.settle()).text)
        utterance.close()

    async with anyio.create_task_group() as tasks:
        for n in range(4):
            tasks.start_soon(caller, f"call{n}")
    assert texts == [PHRASE] * 4


async def test_utterances_of_a_batch_are_heard_as_they_are_alone(whisper: WhisperTranscriber):
    sounds = [Voiced(babble(long_s), at, long_s, -20.0) for long_s, at in
              ((0.9, 0.0), (3.1, 0.5), (1.7, 12.0))]  # fmt: skip
    alone = [whisper.decode([sound])[0] for sound in sounds]
    together_ = whisper.decode(sounds)
    assert [heard.text for heard in together_] == [PHRASE] * 3
    for one, other in zip(alone, together_, strict=True):
        assert [w.text for w in one.words] == [w.text for w in other.words]
        for word, same in zip(one.words, other.words, strict=True):
            assert same.start_s == pytest.approx(word.start_s, abs=0.021)
            assert same.end_s == pytest.approx(word.end_s, abs=0.021)
            assert same.confidence == pytest.approx(word.confidence, abs=0.01)


async def test_calls_that_wait_are_decoded_together(whisper: WhisperTranscriber):
    whisper.pool.together = 4
    free, held = threading.Event(), threading.Event()

    def hold() -> None:
        held.set()
        free.wait(20.0)

    whisper.pool.offer("first", "", hold, lambda *_: None, 20.0)
    held.wait(20.0)
    texts: list[str] = []

    async def caller(call_id: str) -> None:
        utterance = whisper.open(call_id)
        utterance.push(babble(0.6))
        texts.append((await utterance.settle()).text)

    async with anyio.create_task_group() as tasks:
        for n in range(4):
            tasks.start_soon(caller, f"call{n}")
        with anyio.move_on_after(20.0):
            while whisper.pool.waiting < 4:  # noqa: ASYNC110 - the pool tells nobody
                await anyio.sleep(0.01)
        free.set()
    assert texts == [PHRASE] * 4 and whisper.pool.counts.together == 4


@pytest.mark.parametrize(("one_s", "batch_s", "count"), [(0.1, 0.15, TOGETHER), (0.1, 0.25, 1)])
def test_a_batch_is_made_only_where_it_is_faster(one_s, batch_s, count):
    assert together(one_s, batch_s) == count


async def test_a_model_that_is_not_on_this_disk_is_said_at_once_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with anyio.fail_after(10), pytest.raises(EngineUnavailable, match="not on this disk.*WHISPER"):
        await WhisperTranscriber(COMPANY, model="base.en").load()


def test_a_name_whisper_does_not_have_is_unavailable():
    with pytest.raises(EngineUnavailable):
        find_model("no-such-size")


def test_a_folder_without_its_tokenizer_is_unavailable(folder: Path, tmp_path: Path):
    for name in ("model.bin", "config.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    with pytest.raises(EngineUnavailable, match=r"tokenizer\.json"):
        find_model(str(tmp_path))


async def test_a_broken_model_file_is_unavailable(folder: Path, tmp_path: Path):
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.bin").write_bytes(b"not a model")
    with pytest.raises(EngineUnavailable):
        await WhisperTranscriber(COMPANY, model=str(tmp_path)).load()


async def test_after_closing_nothing_is_decoded(folder: Path):
    whisper = WhisperTranscriber(COMPANY, model=str(folder), deadline_s=20.0)
    await whisper.load()
    utterance = whisper.open("call")
    await whisper.aclose()
    utterance.push(babble(2.0))
    with pytest.raises(TranscriptionFailed):
        await utterance.settle()
