"""Small evals folders, and conversations held in tests."""

from pathlib import Path

from core.evaluation.load import Evals, load_evals
from core.evaluation.run import Held, hold
from core.evaluation.score import score
from core.evaluation.scored import Scored
from tests.core.talk import SAMPLE, engine, sample


def evals(folder: Path, **files: str) -> Evals:
    """An evals folder of these files, loaded for the sample company."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_evals(folder, sample())


async def held(folder: Path, text: str) -> Held:
    """The first conversation of a file, held."""
    return await hold(evals(folder, one=text).conversations[0], engine(SAMPLE))


async def scored(folder: Path, text: str) -> Scored:
    """The first conversation of a file, held and scored."""
    return score(await held(folder, text), sample())
