"""The models to fetch: which files each consists of, where they are kept, which are missing.

In the models folder a Whisper model is a folder `whisper/NAME`, a Piper voice two files in `piper`,
and a sentence embedding model a folder `sentences/NAME`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from voice_agent.config import Settings
from voice_agent.errors import ConfigError

FETCH = "voice-agent models fetch"
"""The command that fetches what is missing."""
PIPER_REPO = "rhasspy/piper-voices"
_VOICE = re.compile(r"([a-z]{2,3})_([A-Z]{2,3})-([^-/]+)-([^-/]+)")
"""Language family, region, name and quality."""
_WHISPER_FILES = (
    "config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*",
)  # fmt: skip
_SENTENCE_FILES = ("onnx/model.onnx", "tokenizer.json", "1_Pooling/config.json")
_SENTENCE_NEEDS = ("model.onnx", "tokenizer.json", "config.json")
WHISPER_NEEDS = ("model.bin", "config.json", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class Model:
    """One model on a hub: files of `repo` that match `patterns`, kept flat in `folder`."""

    engine: str
    name: str
    repo: str
    patterns: tuple[str, ...]
    needs: tuple[str, ...]
    """Files the model cannot do without."""
    folder: Path

    def wants(self, path: str) -> bool:
        """Whether a file of the repository belongs to the model."""
        return any(fnmatch(path, pattern) for pattern in self.patterns)

    def place(self, path: str) -> Path:
        """Where a file of the repository is kept."""
        return self.folder / path.rsplit("/", 1)[-1]

    @property
    def missing(self) -> tuple[str, ...]:
        """Needed files that are not there."""
        return tuple(name for name in self.needs if not (self.folder / name).is_file())


def whisper(name: str, models: Path) -> Model:
    """A Whisper model by its short name or repository. Raises: ConfigError."""
    if "/" in name:
        repo = name
    else:
        from faster_whisper.utils import _MODELS

        repo = _MODELS.get(name, "")
        if not repo:
            known = ", ".join(_MODELS)
            raise ConfigError(f"there is no Whisper model {name!r}: one of {known}, or owner/name")
    folder = models / "whisper" / _flat(repo)
    return Model("whisper", name, repo, _WHISPER_FILES, WHISPER_NEEDS, folder)


def sentence(repo: str, models: Path) -> Model:
    """A sentence model by its repository. Raises: ConfigError."""
    folder = models / "sentences" / _flat(repo)
    return Model("sentences", repo, repo, _SENTENCE_FILES, _SENTENCE_NEEDS, folder)


def _flat(repo: str) -> str:
    """A repository's name as a folder name. Raises: ConfigError."""
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo):
        raise ConfigError(f"{repo!r} is no model of a hub: write owner/name")
    return repo.replace("/", "--")


def piper(name: str, models: Path) -> Model:
    """A Piper voice by its name, `en_US-lessac-medium`. Raises: ConfigError."""
    found = _VOICE.fullmatch(name)
    if found is None:
        raise ConfigError(f"{name!r} is no Piper voice: its name is like en_US-lessac-medium")
    family, region, voice, quality = found.groups()
    base = f"{family}/{family}_{region}/{voice}/{quality}/{name}.onnx"
    files = (base, f"{base}.json")
    needs = tuple(path.rsplit("/", 1)[-1] for path in files)
    return Model("piper", name, PIPER_REPO, files, needs, models / "piper")


def named(settings: Settings) -> Sequence[Model]:
    """The models named in the settings that this server would use. Raises: ConfigError."""
    found, models = list[Model](), settings.models_folder
    if settings.stt in ("auto", "whisper") and not is_path(settings.whisper_model):
        found.append(whisper(settings.whisper_model, models))
    voice = settings.piper_voice
    if settings.tts in ("auto", "piper") and voice and not is_path(voice):
        found.append(piper(voice, models))
    meant = settings.embeddings == "local" or (
        settings.embeddings == "auto" and not settings.embeddings_base_url
    )
    if meant and not is_path(settings.sentence_model):
        found.append(sentence(settings.sentence_model, models))
    return found


def is_path(name: str) -> bool:
    """Whether a setting names local files rather than a model on a hub."""
    return name.endswith(".onnx") or name.startswith((".", "/", "~")) or Path(name).exists()


def voice_file(setting: str, models: Path) -> Path:
    """The .onnx file of a voice given by name or path. Raises: ConfigError."""
    if is_path(setting):
        return Path(setting).expanduser()
    return models / "piper" / f"{piper(setting, models).name}.onnx"
