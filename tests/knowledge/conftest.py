"""The two company folders, loaded once."""

from pathlib import Path

import pytest

from knowledge.answer import KnowledgeBase
from knowledge.load import Loaded, load

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
