"""The two company folders, loaded once; and a small one to modify freely."""

from pathlib import Path

import pytest

from knowledge.answer import KnowledgeBase
from knowledge.governance.office import Office
from knowledge.load import Loaded, load
from tests.knowledge.lumo import desk, write_company

ROOT = Path(__file__).parents[2]
TIDELINE = ROOT / "knowledge" / "company"
CORVANE = ROOT / "tests" / "companies" / "corvane"


@pytest.fixture(scope="session")
def tideline() -> Loaded:
    return load(TIDELINE)


@pytest.fixture(scope="session")
def corvane() -> Loaded:
    return load(CORVANE)


@pytest.fixture(scope="session")
def base(tideline: Loaded) -> KnowledgeBase:
    return KnowledgeBase(tideline)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A hand-written company folder, without a trail."""
    return write_company(tmp_path / "lumo")


@pytest.fixture
def office(folder: Path) -> Office:
    """The same folder with its trail begun."""
    office = desk(folder)
    office.adopt("eva")
    return office
