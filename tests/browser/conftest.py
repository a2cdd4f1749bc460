"""The chat in a real browser: a server with a slow model, and a site of another origin."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium
from tests.browser.sites import Site, company_with, site
from tests.fakes.openai_server import Delays, OpenAIServer
from tests.fakes.ports import free_port
from tests.hostile.process import ForkedServer, ServerProcess, environment


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def engines() -> Iterator[OpenAIServer]:
    """A model that says a passage's first sentence and then goes on and on with the next, so that
    every answer has a middle."""

    def worded(body: dict[str, object]) -> str:
        messages = body["messages"]
        assert isinstance(messages, list)
        if not messages[-1]["content"].startswith("{"):
            return "Hello."  # to a server testing whether it is there
        (passage, *_) = [*json.loads(messages[-1]["content"])["passages"], "I see."]
        return f"{passage.split('. ')[0].rstrip('.')}. And{' on' * 900}."

    delays = Delays(first_token_s=0.05, tokens_per_s=200)
    with OpenAIServer(reply=worded, delays=delays) as stub:
        yield stub


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture(scope="module")
def settings(
    elsewhere: Site, engines: OpenAIServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Settings of a server whose chat is on `elsewhere`, and that restarts at the same address."""
    folder: Path = tmp_path_factory.mktemp("server")
    company = company_with(elsewhere.origin, folder / "company")
    return environment(
        folder / "var", engines.base_url, COMPANY=str(company), PORT=str(free_port()),
        LLM="openai", LLM_BASE_URL=engines.base_url, LLM_READING="false",
    )  # fmt: skip


@pytest.fixture(scope="module")
def running(settings: dict[str, str], elsewhere: Site) -> Iterator[ServerProcess]:
    """The server; a test that kills it restarts it."""
    with ForkedServer(settings, Path(settings["VOICE_AGENT_VAR"]).parent) as server:
        elsewhere.server = server.url
        yield server
