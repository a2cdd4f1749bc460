"""Where somebody who signs in arrives."""

from starlette.responses import Response

from core.store.conversations import Filters
from voice_agent.console.access import HOME
from voice_agent.console.doors import Door, Nav, Room, Visit
from voice_agent.console.frame import Frame


class Home:
    """The latest conversations."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def room(self) -> Room:
        """The page and its place."""
        return Room((Door(HOME, self._show),), (Nav("Conversations", HOME, key="h"),))

    async def _show(self, visit: Visit) -> Response:
        page = await self._frame.store.conversations.page(Filters(), limit=50)
        return self._frame.page(visit, "home.html", rows=page.conversations)
