"""Live calls: the list over all servers, and one call's page.

`LiveLine` is the page's socket.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.websockets import WebSocket

from core.facts.standing import CONTACT_FIELDS
from core.flags.kinds import KINDS, kind_of
from core.handoff.wording import label
from core.store.console_tables import ConsoleAccountRow
from core.store.conversations import Filters
from core.store.tables import ConversationRow
from knowledge.profile import Company
from voice_agent.console.access import HOME
from voice_agent.console.doors import Door, Nav, Room, SocketDoor, Visit, address_of
from voice_agent.console.frame import Frame, zone_of
from voice_agent.console.live_line import LiveLine
from voice_agent.console.live_ports import LiveCalls
from voice_agent.console.live_standing import Standings, floor
from voice_agent.console.pages import environment
from voice_agent.http import Refused
from voice_agent.peers import Guest, Peers

MOST = 50
"""Most calls on the list."""
UNKNOWN = 4404
"""Close code of a line to a call that does not exist."""


class Live:
    """The list of live calls, and one call's page. `calls`: those of this process."""

    def __init__(self, frame: Frame, calls: LiveCalls, peers: Peers | None = None) -> None:
        self._frame = frame
        self._standings = Standings(frame)
        self._line = LiveLine(frame, calls, self._standings, peers)

    def room(self) -> Room:
        """The pages and the socket."""
        return Room(
            doors=(
                Door(f"{HOME}/live", self._list),
                Door(f"{HOME}/live/now", self._now),
                Door(f"{HOME}/live/{{id}}", self._show),
                SocketDoor(f"{HOME}/live/{{id}}/line", self._attend),
            ),
            nav=(Nav("Live", f"{HOME}/live", key="l"),),
        )

    async def _list(self, visit: Visit) -> Response:
        return self._frame.page(visit, "live.html", calls=await self._going_on(), kind_of=kind_of)

    async def _now(self, visit: Visit) -> Response:
        """The list alone, for a page that refreshes itself."""
        template = environment().get_template("live_list.html")
        company = self._frame.company().company
        zone = zone_of(visit.account, company.timezone, company.team)
        shown = template.render(
            calls=await self._going_on(), company=company, zone=zone, kind_of=kind_of
        )
        return HTMLResponse(shown)

    async def _show(self, visit: Visit) -> Response:
        row = await self._row(visit.path["id"])
        if row is None:
            raise Refused(404, "unknown-call", "There is no such call.")
        if row.status != "in_progress":
            return RedirectResponse(f"{HOME}/calls/{row.id}", 303)
        company = self._frame.company().company
        return self._frame.page(
            visit, "live_call.html", row=row, team=company.team, names=names_of(company)
        )

    async def _going_on(self) -> list[dict[str, Any]]:
        page = await self._frame.store.conversations.page(
            Filters(channel="voice", status="in_progress"), limit=MOST
        )
        shown = []
        for row in page.conversations:
            stands = await self._standings.of(row)
            shown.append({
                "row": row, "name": said_of("name", stands["signals"]),
                "last": stands["transcript"][-2:], "verdict": stands["verdict"],
                "flags": stands["flags"], "rep": floor(stands, self._frame.clock),
            })  # fmt: skip
        return shown

    async def _row(self, conversation_id: str) -> ConversationRow | None:
        row = await self._frame.store.conversations.get(conversation_id)
        return row if row is not None and row.channel == "voice" else None

    async def _attend(self, page: WebSocket, account: ConsoleAccountRow) -> None:
        row = await self._row(page.path_params["id"])
        await page.accept()
        if row is None:
            await page.close(UNKNOWN)
            return
        guest = Guest(account.name, account.rep or account.name, address_of(page))
        await self._line.serve(page, guest, row)


def names_of(company: Company) -> dict[str, dict[str, str]]:
    """Display names of team members and signals, by id."""
    criteria = {c.name for c in company.criteria}
    return {
        "people": {one.id: one.name for one in company.people},
        "criteria": {name: label(name, company) for name in sorted({*criteria, *CONTACT_FIELDS})},
        "flags": {name: kind.label for name, kind in KINDS.items()},
    }


def said_of(criterion: str, signals: Sequence[Mapping[str, Any]]) -> str:
    """The buyer's last words about it; empty when there are none."""
    stand = [s["value"] for s in signals if s["criterion"] == criterion and not s["superseded_by"]]
    return str(stand[-1]) if stand else ""
