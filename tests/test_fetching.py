"""Speech models fetched from a hub: pinned, resumed, verified; and what is said without them."""

import fcntl
import random
from pathlib import Path

import anyio
import pytest
from huggingface_hub import HfApi, hf_hub_download

from tests.fakes.model_hub import COMMIT, ModelHub, sha
from tests.fakes.tiny_sentences import make_tiny_sentences
from tests.fakes.tiny_voice import make_tiny_voice
from voice_agent.adapters.hub import Hub, Listed, WrongContent
from voice_agent.cli import main
from voice_agent.config import Settings
from voice_agent.embedding import embedder_of
from voice_agent.errors import ConfigError, EngineUnavailable
from voice_agent.model_pins import Pin, read_pins, write_pins
from voice_agent.models import named, piper, voice_file, whisper
from voice_agent.speech.choose import choose_synthesizer
from voice_agent.speech.stt_whisper import find_model

REPO = "Systran/faster-whisper-small.en"
BIG = random.Random(1).randbytes(300_000)
WHISPER = {
    "config.json": b"{}", "tokenizer.json": b'{"v": 1}', "vocabulary.txt": b"a", "model.bin": BIG,
    "README.md": b"no part of it",
}  # fmt: skip
VOICE = "en_US-tiny-low"


@pytest.fixture
def hub():
    with ModelHub({REPO: dict(WHISPER), "rhasspy/piper-voices": {}}) as made:
        yield made


@pytest.fixture
def run(hub, tmp_path, monkeypatch, capsys):
    """The command, in a folder of its own, as somebody types it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("VOICE_AGENT_VAR", str(tmp_path / "var"))

    def typed(*words: str) -> tuple[int, str]:
        code = main(["models", *words])
        return code, capsys.readouterr().out

    return typed


def lock(tmp_path: Path) -> Path:
    return tmp_path / "var" / "models" / "models.lock"


def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "models" / "whisper" / "Systran--faster-whisper-small.en"


def test_the_hubs_own_client_downloads_from_the_fake(hub, tmp_path):
    info = HfApi(endpoint=hub.url).model_info(REPO, files_metadata=True)
    assert info.sha == COMMIT and {s.rfilename for s in info.siblings or ()} == {*WHISPER}
    path = hf_hub_download(REPO, "config.json", endpoint=hub.url, cache_dir=tmp_path)
    assert Path(path).read_bytes() == b"{}"


def test_what_the_hubs_own_client_downloaded_is_found(hub, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(EngineUnavailable, match="not on this disk"):
        find_model("small.en")
    for name in WHISPER:
        had = hf_hub_download(REPO, name, endpoint=hub.url, cache_dir=tmp_path)
    assert find_model("small.en") == Path(had).parent


def test_nothing_is_fetched_without_a_pin_unless_it_is_to_be_trusted(run, hub, tmp_path):
    code, told = run("fetch", "small.en")
    assert code == 1 and "has no pin" in told and "--lock" in told and not hub.asked
    code, told = run("fetch", "small.en", "--lock")
    assert code == 0 and "trusted as they came" in told
    assert (folder(tmp_path) / "model.bin").read_bytes() == BIG
    assert not (folder(tmp_path) / "README.md").exists()
    pins = read_pins(lock(tmp_path))
    assert pins[(REPO, "model.bin")] == Pin(REPO, COMMIT, "model.bin", len(BIG), sha(BIG))
    assert find_model("small.en", tmp_path / "var" / "models") == folder(tmp_path)
    hub.asked.clear()
    assert run("fetch", "small.en")[0] == 0 and not hub.asked, "what is there stays"
    assert run("verify", "small.en") == (0, run("verify", "small.en")[1])


def test_another_machine_gets_the_same_bytes_or_none(run, hub, tmp_path):
    run("fetch", "small.en", "--lock")
    kept = tmp_path / "pins.json"
    kept.write_text(lock(tmp_path).read_text())
    (folder(tmp_path) / "model.bin").write_bytes(b"x" * len(BIG))
    code, told = run("verify", "small.en", "--pins", str(kept))
    assert code == 1 and "not as it is pinned" in told
    assert run("fetch", "small.en", "--pins", str(kept))[0] == 0, "it is mended"
    (folder(tmp_path) / "model.bin").unlink()
    hub.repos[REPO]["model.bin"] = BIG[:-1] + b"!"
    code, told = run("fetch", "small.en", "--pins", str(kept))
    assert code == 1 and "not what was expected" in told
    assert [p.name for p in folder(tmp_path).iterdir() if "bin" in p.name] == []


def test_a_download_that_breaks_off_goes_on_where_it_was(hub, tmp_path):
    hub.breaks = [100_000, 50_000]
    seen: list[int] = []
    listed, place = Listed("model.bin", len(BIG), sha(BIG)), tmp_path / "m" / "model.bin"
    with Hub(hub.url, pause=lambda _s: None) as it:
        assert it.fetch(REPO, COMMIT, listed, place, seen.append) == sha(BIG)
    assert place.read_bytes() == BIG and seen[-1] == len(BIG)
    ranges = [wanted for name, wanted in hub.asked if name == "model.bin"]
    assert ranges == ["", "bytes=100000-", "bytes=150000-"]


def test_a_hub_without_ranges_and_a_part_of_something_else_end_well(hub, tmp_path):
    place = tmp_path / "model.bin"
    listed = Listed("model.bin", len(BIG), sha(BIG))
    place.with_name("model.bin.part").write_bytes(b"?" * 1000)
    with Hub(hub.url, pause=lambda _s: None) as it:
        with pytest.raises(WrongContent):
            it.fetch(REPO, COMMIT, listed, place, lambda _n: None)
        place.with_name("model.bin.part").write_bytes(b"?" * 1000)
        hub.ranges = False
        assert it.fetch(REPO, COMMIT, listed, place, lambda _n: None) == sha(BIG)


MEANS = "sentence-transformers/all-MiniLM-L6-v2"


def test_a_sentence_model_is_fetched_and_taken_by_itself(run, hub, tmp_path):
    made = make_tiny_sentences(tmp_path / "made", ["what does it cost"])
    places = {"model.onnx": "onnx/model.onnx", "config.json": "1_Pooling/config.json",
              "tokenizer.json": "tokenizer.json"}  # fmt: skip
    files = {place: (made / name).read_bytes() for name, place in places.items()}
    hub.repos[MEANS] = {**files, "config.json": b"the network's own", "onnx/model_O4.onnx": b"x"}
    own = Settings(_env_file=None, var=tmp_path / "var")
    assert embedder_of(own) is None
    code, told = run("fetch", MEANS, "--lock")
    assert code == 0 and "sentences: sentence-transformers/all-MiniLM-L6-v2 is in" in told
    (there,) = (tmp_path / "var" / "models" / "sentences").iterdir()
    assert {p.name: p.read_bytes() for p in there.iterdir()} == {
        name: files[place] for name, place in places.items()
    }
    assert run("verify", MEANS)[0] == 0
    embedder = embedder_of(own)
    assert embedder is not None and len(anyio.run(embedder.embed, ["what does it cost"])) == 1


def test_two_fetches_at_once_are_one_and_a_refusal(run, tmp_path):
    (tmp_path / "var" / "models").mkdir(parents=True)
    with (tmp_path / "var" / "models" / ".fetching").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        code, told = run("fetch", "small.en", "--lock")
    assert code == 1 and "another fetch" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [(("fetch", "no-such-size"), "there is no Whisper model"),
     (("fetch", "owner/nowhere", "--lock"), "is the name right?"),
     (("fetch", "en_US-a b"), "is no"), (("fetch", "../../etc/x"), "no model of a hub")],
)  # fmt: skip
def test_a_wrong_name_is_told(run, words, said):
    code, told = run(*words)
    assert code == 1 and said in told


def test_a_hub_that_is_away_is_told_of_and_a_broken_lock_file_too(run, hub, tmp_path, monkeypatch):
    monkeypatch.setattr("voice_agent.adapters.hub.TRIES", 1)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert run("fetch", "small.en", "--lock")[0] == 1
    lock(tmp_path).write_text('{"files": [{"repo": "x"}]}')
    assert "no lock file" in run("fetch", "small.en")[1]
    write_pins(lock(tmp_path), [Pin(REPO, "main", "model.bin", 1, "0" * 64)])
    assert "has no commit" in run("fetch", "small.en")[1]


@pytest.mark.real_clock
async def test_a_voice_is_named_fetched_and_spoken_with(hub, tmp_path):
    made = make_tiny_voice(tmp_path)
    base = f"en/en_US/tiny/low/{VOICE}.onnx"
    hub.repos["rhasspy/piper-voices"] = {
        base: made.read_bytes(), f"{base}.json": made.with_name(made.name + ".json").read_bytes(),
    }  # fmt: skip
    settings = Settings(_env_file=None, var=tmp_path / "var", tts="piper", piper_voice=VOICE)
    with pytest.raises(EngineUnavailable, match="voice-agent models fetch"):
        await choose_synthesizer(settings)
    assert [m.name for m in named(settings) if m.engine == "piper"] == [VOICE]
    model = piper(VOICE, settings.models_folder)
    with Hub(hub.url) as it:
        _, listed = it.listing(model.repo)
        for one in listed:
            it.fetch(model.repo, COMMIT, one, model.place(one.path), lambda _n: None)
    chosen = await choose_synthesizer(settings)
    assert chosen.engine.name == "piper"
    await chosen.engine.aclose()


def test_settings_that_name_files_ask_for_nothing(tmp_path):
    (tmp_path / "x.onnx").write_bytes(b"")
    own = Settings(
        _env_file=None, var=tmp_path, piper_voice=str(tmp_path / "x.onnx"), stt="sphinx",
        embeddings="words",
    )  # fmt: skip
    assert named(own) == [] and voice_file(own.piper_voice, tmp_path) == tmp_path / "x.onnx"
    with pytest.raises(ConfigError):
        whisper("huge.en", tmp_path)
