"""An in-memory `core.ports.Notify`."""

from core.errors import NotifyFailed
from core.ports import Matter
from knowledge.profile import Rep, Steward


class Notified:
    """Keeps who was notified of what; the first `fails` notices fail."""

    def __init__(self, fails: int = 0) -> None:
        self.matters: list[tuple[str, Matter]] = []
        self.fails = fails

    async def tell(self, person: Rep | Steward, matter: Matter) -> None:
        if self.fails:
            self.fails -= 1
            raise NotifyFailed("away")
        self.matters.append((person.id, matter))

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Each person, with the notice's kind."""
        return [(who, matter.kind) for who, matter in self.matters]

    @property
    def inbox(self) -> dict[tuple[str, str], Matter]:
        """The notices by person and key, without repetition."""
        kept: dict[tuple[str, str], Matter] = {}
        for who, matter in self.matters:
            kept.setdefault((who, matter.key), matter)
        return kept
