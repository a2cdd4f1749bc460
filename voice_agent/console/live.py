"""Calls as they happen: read along, listen, guide the agent, speak in its place, end.

The page hears and steers through one WebSocket. Down it come audio frames, a byte that tells the
lane and then µ-law, and JSON of how the call stands; up go the person's microphone as µ-law and
JSON commands. What a call says of itself comes from its log, so a call of another server can be
read along as well.
"""

import json
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Protocol

import anyio
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.document import document
from core.store.audit import Audited
from core.store.console_tables import ConsoleAccountRow
from core.store.conversations import Filters
from core.store.tables import ConversationRow
from voice_agent.console.access import HOME
from voice_agent.console.doors import Door, Nav, Room, SocketDoor, Visit, address_of
from voice_agent.console.frame import Frame
from voice_agent.console.pages import environment
from voice_agent.errors import PeerError
from voice_agent.http import Refused
from voice_agent.sockets import close, received

LOOK_S = 0.25
"""Between looks at how the call stands."""
LANES = {"caller": b"\x00", "agent": b"\x01", "rep": b"\x02"}
LONGEST = 400
"""Characters of a line that is to be said, or of guidance."""
LARGEST_FRAME = 1600
MOST = 50
"""Calls on the list."""


class Heard(Protocol):
    """What one listener hears."""

    async def next(self) -> Sequence[tuple[str, bytes]]:
        """The frames since the last ask; none once the call is over."""


class Supervised(Protocol):
    """The people on one call."""

    rep: str | None

    @property
    def listeners(self) -> int: ...

    def listen(self) -> Any: ...

    def leave(self, listener: Any) -> None: ...

    def say(self, rep: str, text: str) -> None: ...

    def whisper(self, rep: str, words: str) -> Any: ...

    def take(self, rep: str) -> None: ...

    def give_back(self, rep: str) -> None: ...

    def speak(self, rep: str, payload: bytes) -> None: ...

    def transfer(self, rep: str, to: str) -> None: ...

    def end(self, rep: str) -> None: ...


class LiveCall(Protocol):
    """A call of this server."""

    @property
    def supervision(self) -> Supervised: ...

    @property
    def hearing_now(self) -> str:
        """What the caller is just saying, as far as it was heard."""


class LiveCalls(Protocol):
    """The calls of this server."""

    def going_on(self, conversation_id: str) -> LiveCall | None:
        """A call by its conversation; None when it has ended or is elsewhere."""


class Live:
    """The list of calls going on, and the page of one."""

    def __init__(self, frame: Frame, calls: LiveCalls) -> None:
        self._frame = frame
        self._calls = calls

    def room(self) -> Room:
        """The pages and the socket."""
        return Room(
            doors=(
                Door(f"{HOME}/live", self._list),
                Door(f"{HOME}/live/now", self._now),
                Door(f"{HOME}/live/{{id}}", self._show),
                SocketDoor(f"{HOME}/live/{{id}}/line", self._line),
            ),
            nav=(Nav("Live", f"{HOME}/live", key="l"),),
        )

    async def _list(self, visit: Visit) -> Response:
        return self._frame.page(visit, "live.html", calls=await self._going_on())

    async def _now(self, visit: Visit) -> Response:
        """The list alone, for a page that keeps itself fresh."""
        template = environment().get_template("live_list.html")
        zone = self._frame.company().company.timezone
        shown = template.render(calls=await self._going_on(), now=visit.at, zone=zone)
        return HTMLResponse(shown)

    async def _show(self, visit: Visit) -> Response:
        row = await self._row(visit.path["id"])
        if row.status != "in_progress":
            return RedirectResponse(f"{HOME}/calls/{row.id}", 303)
        company = self._frame.company().company
        return self._frame.page(
            visit, "live_call.html", row=row, team=company.team,
            served_here=self._calls.going_on(row.id) is not None,
        )  # fmt: skip

    async def _going_on(self) -> list[dict[str, Any]]:
        page = await self._frame.store.conversations.page(
            Filters(channel="voice", status="in_progress"), limit=MOST
        )
        shown = []
        for row in page.conversations:
            stands = await self._standing(row.id)
            call = self._calls.going_on(row.id)
            shown.append({
                "row": row, "last": stands["transcript"][-1:], "verdict": stands["verdict"],
                "signals": len(stands["signals"]), "flags": stands["flags"],
                "here": call is not None, "rep": call.supervision.rep if call else None,
                "listeners": call.supervision.listeners if call else 0,
            })  # fmt: skip
        return shown

    async def _row(self, conversation_id: str) -> ConversationRow:
        row = await self._frame.store.conversations.get(conversation_id)
        if row is None or row.channel != "voice":
            raise Refused(404, "unknown-call", "There is no such call.")
        return row

    async def _standing(self, conversation_id: str) -> dict[str, Any]:
        facts = await self._frame.store.log.read(conversation_id)
        company = self._frame.company().company
        told = document(conversation_id, facts, company=company)
        kept = ("transcript", "signals", "verdict", "route", "flags", "latency", "status",
                "recording_consent", "booking", "callback")  # fmt: skip
        return {name: told[name] for name in kept}

    # --- the socket ----------------------------------------------------------------------------

    async def _line(self, socket: WebSocket, account: ConsoleAccountRow) -> None:
        await socket.accept()
        conversation_id = socket.path_params["id"]
        call = self._calls.going_on(conversation_id)
        who = account.rep or account.name
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._tell, socket, conversation_id, call, tasks.cancel_scope)
                if call is not None:
                    await self._audited(socket, account, "listen", conversation_id)
                    tasks.start_soon(_hear, socket, call.supervision)
                await self._obey(socket, account, who, conversation_id, call)
                tasks.cancel_scope.cancel()
        except* (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if call is not None:
                call.supervision.give_back(who)
            await close(socket)

    async def _tell(
        self, socket: WebSocket, conversation_id: str, call: LiveCall | None,
        scope: anyio.CancelScope,
    ) -> None:  # fmt: skip
        """How the call stands, each time it changes; the end of the call ends the socket."""
        seen: dict[str, Any] = {}
        last_seq = -1
        while True:
            row = await self._row(conversation_id)
            news: dict[str, Any] = {}
            if row.last_seq != last_seq:
                last_seq = row.last_seq
                news = await self._standing(conversation_id)
            if call is not None:
                people = call.supervision
                news |= {"floor": people.rep, "listeners": people.listeners,
                         "hearing": call.hearing_now}  # fmt: skip
            changed = {name: value for name, value in news.items() if seen.get(name) != value}
            if changed:
                seen |= changed
                await socket.send_text(json.dumps(changed))
            if row.status != "in_progress":
                await socket.send_text(json.dumps({"over": True}))
                scope.cancel()
            await anyio.sleep(LOOK_S)

    async def _obey(
        self, socket: WebSocket, account: ConsoleAccountRow, who: str, conversation_id: str,
        call: LiveCall | None,
    ) -> None:  # fmt: skip
        """Take the person's microphone and commands until they leave."""
        while True:
            given = await received(socket)
            if call is None:
                continue
            if isinstance(given, bytes):
                if len(given) <= LARGEST_FRAME:
                    call.supervision.speak(who, given)
                continue
            command = _command(given)
            try:
                answer = self._done(call.supervision, who, command)
            except PeerError as error:
                answer = {"error": str(error)}
            else:
                detail = {k: v for k, v in command.items() if k != "do"}
                await self._audited(socket, account, f"live {command.get('do')}",
                                    conversation_id, detail)  # fmt: skip
            await socket.send_text(json.dumps(answer))

    def _done(self, people: Supervised, who: str, command: Mapping[str, str]) -> dict[str, Any]:
        """Carry a command out. Raises: PeerError when somebody else has the floor."""
        words = command.get("words", "").strip()[:LONGEST]
        match command.get("do"):
            case "take":
                people.take(who)
                return {"done": "You are speaking to the caller; the agent is silent."}
            case "give_back":
                people.give_back(who)
                return {"done": "The agent goes on."}
            case "say" if words:
                people.say(who, words)
                return {"done": "The agent says it."}
            case "whisper" if words:
                understood = people.whisper(who, words)
                wanted = [*understood.ask, *([understood.propose] if understood.propose else [])]
                told = ", ".join(wanted).replace("_", " ")
                return {"done": f"Understood: {told}." if told else
                        "Nothing in it that the agent could ask or propose."}  # fmt: skip
            case "transfer" if any(r.id == words for r in self._team()):
                people.transfer(who, words)
                return {"done": "The agent puts them through."}
            case "end":
                people.end(who)
                return {"done": "The agent says goodbye."}
        return {"error": "That is no command, or its words are missing."}

    def _team(self) -> Sequence[Any]:
        return self._frame.company().company.team

    def _audited(
        self, socket: WebSocket, account: ConsoleAccountRow, act: str, conversation_id: str,
        detail: Mapping[str, Any] | None = None,
    ) -> Awaitable[None]:  # fmt: skip
        line = Audited(self._frame.clock(), account.name, act, f"conversation:{conversation_id}",
                       dict(detail or {}), address_of(socket))  # fmt: skip
        return self._frame.audited(line)


def _command(text: str) -> dict[str, str]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(given, dict):
        return {}
    return {k: v for k, v in given.items() if isinstance(v, str)}


async def _hear(socket: WebSocket, people: Supervised) -> None:
    """The audio of all lanes, until the call is over."""
    listener = people.listen()
    try:
        while frames := await listener.next():
            for lane, payload in frames:
                await socket.send_bytes(LANES[lane] + payload)
    finally:
        people.leave(listener)
