"""`Present`: the company folder as used now; whatever needs the company asks here each time."""

from collections.abc import Mapping

from core.engine import Engine
from knowledge.load import Loaded
from knowledge.profile import Company


class Present:
    """Starts with what was loaded at start-up, and follows every renewal."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded

    def use(self, engine: Engine) -> None:
        """Use this engine's company from now on."""
        self.loaded = engine.loaded

    def company(self) -> Company:
        """The company."""
        return self.loaded.company

    def pages(self) -> Mapping[str, str]:
        """The public page of each article that has one, by article id."""
        return {article.id: article.url for article in self.loaded.articles if article.url}

    def keeps_stopped(self) -> bool:
        """Whether what was recorded before a caller stopped the recording is kept."""
        return self.loaded.company.consent.when_stopped == "keep"
