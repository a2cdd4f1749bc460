"""`Present`: the company folder as it is used now. Who needs the company asks here each time."""

from collections.abc import Mapping

from core.engine import Engine
from knowledge.load import Loaded
from knowledge.profile import Company


class Present:
    """Begins with what was loaded at the start, and goes on with every renewal."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded

    def use(self, engine: Engine) -> None:
        """Take what this engine thinks with for the present from now on."""
        self.loaded = engine.loaded

    def company(self) -> Company:
        """The company."""
        return self.loaded.company

    def pages(self) -> Mapping[str, str]:
        """The public page of each article that has one, by the article's id."""
        return {article.id: article.url for article in self.loaded.articles if article.url}

    def keeps_stopped(self) -> bool:
        """Whether what was recorded before a caller stopped it is kept."""
        return self.loaded.company.consent.when_stopped == "keep"
