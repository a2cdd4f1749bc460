"""`LiveLine`: one colleague's socket on one call, which may be on any process of the fleet.

Down come audio frames, a lane byte followed by µ-law, and JSON of the call's state, only what
changed each time; up go the person's microphone as µ-law and JSON commands. If another process has
the call, the socket is relayed to it, and it serves the page. If none can be reached, the page
follows the call from its log, `away` says why, and reaching it is retried.
"""

import json
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.errors import StoreFailed
from core.handoff.wording import label
from core.store.audit import Audited
from core.store.tables import ConversationRow
from voice_agent.console.frame import Frame
from voice_agent.console.live_ports import LiveCall, LiveCalls, Supervised
from voice_agent.console.live_standing import Standings, floor
from voice_agent.errors import PeerError
from voice_agent.peers import Guest, OutOfReach, Peers
from voice_agent.sockets import close, received

LOOK_S = 0.25
"""Interval between looks at the call's state."""
AGAIN_S = 3.0
"""Interval between tries to reach the process that has the call."""
LANES = {"caller": b"\x00", "agent": b"\x01", "rep": b"\x02"}
LONGEST = 400
"""Most characters of a line to say, or of guidance."""
LARGEST_FRAME = 1600
UNSERVED = "No server of ours has this call just now."
MEANWHILE = "It can be read along; this page tries again by itself."


class LiveLine:
    """Serves pages on calls. `peers`: the other processes, None when there are none."""

    def __init__(
        self, frame: Frame, calls: LiveCalls, standings: Standings, peers: Peers | None
    ) -> None:
        self._frame = frame
        self._calls = calls
        self._standings = standings
        self._peers = peers
        if peers is not None:
            peers.attended_by(self._for_another)

    async def serve(self, page: WebSocket, guest: Guest, row: ConversationRow) -> None:
        """Serve a page's accepted socket until it leaves or the call is over."""
        try:
            while await self._goes_on(page, row.id):
                try:
                    if (call := self._calls.going_on(row.id)) is not None:
                        await self._attend(page, guest, row.id, call)
                    elif self._peers is not None:
                        await self._peers.hand_on(page, guest, row.id)
                    why = UNSERVED
                except OutOfReach as error:
                    why = str(error)
                await self._read_along(page, row.id, why)
        except* (WebSocketDisconnect, RuntimeError):
            pass
        except* StoreFailed:  # the page reconnects by itself
            pass
        finally:
            await close(page)

    async def _goes_on(self, page: WebSocket, conversation_id: str) -> bool:
        row = await self._frame.store.conversations.get(conversation_id)
        if row is not None and row.status == "in_progress":
            return True
        await page.send_text(json.dumps({"over": True}))
        return False

    async def _for_another(self, far: WebSocket, guest: Guest, conversation_id: str) -> None:
        """Serve a page for another process, as if it had connected here."""
        if (call := self._calls.going_on(conversation_id)) is None:
            return
        try:
            await self._attend(far, guest, conversation_id, call)
        except* (WebSocketDisconnect, RuntimeError, StoreFailed):
            pass

    async def _read_along(self, page: WebSocket, conversation_id: str, why: str) -> None:
        """Send what the log says, until it is time to try reaching the call again."""
        with anyio.move_on_after(AGAIN_S):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_unheard, page)
                await self._tell(page, conversation_id, None, {"away": f"{why} {MEANWHILE}"})
                tasks.cancel_scope.cancel()

    # --- where the call is -----------------------------------------------------------------------

    async def _attend(
        self, page: WebSocket, guest: Guest, conversation_id: str, call: LiveCall
    ) -> None:
        """Serve a page on a call of this process, until either ends."""
        seat = _Seat(call.supervision, guest.name)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._tell, page, conversation_id, call, {"away": ""})
                tasks.start_soon(self._obey, page, guest, conversation_id, seat)
                await self._audited(guest, "listen", conversation_id)
                await _hear(page, call.supervision)
                tasks.cancel_scope.cancel()
        finally:
            seat.left()

    async def _tell(
        self, page: WebSocket, conversation_id: str, call: LiveCall | None, first: Mapping[str, Any]
    ) -> None:
        """Send the call's state whenever it changes, until it is over."""
        seen: dict[str, Any] = {}
        news = dict(first)
        while True:
            row = await self._frame.store.conversations.get(conversation_id)
            if row is None or row.status != "in_progress":
                return
            news |= await self._standings.of(row)
            news["floor"] = floor(news, self._frame.clock)
            if call is not None:
                people = call.supervision
                news |= {"floor": people.rep, "listeners": people.listeners,
                         "hearing": call.hearing_now}  # fmt: skip
            changed = {n: v for n, v in news.items() if n not in seen or seen[n] != v}
            if changed:
                await page.send_text(json.dumps(only_new(changed, seen)))
                seen |= changed
            await anyio.sleep(LOOK_S)

    async def _obey(
        self, page: WebSocket, guest: Guest, conversation_id: str, seat: "_Seat"
    ) -> None:
        """Take the person's microphone and commands until they leave."""
        while True:
            given = await received(page)
            if isinstance(given, bytes):
                if len(given) <= LARGEST_FRAME:
                    seat.people.speak(seat.name, given)
                continue
            command = _command(given)
            try:
                answer = self._done(seat, command)
            except PeerError as error:
                answer = {"error": str(error)}
            if "done" in answer:
                act = command["do"]  # not its words, which may be forgotten
                detail = {"to": command["words"]} if act == "transfer" else {}
                await self._audited(guest, f"live {act}", conversation_id, detail)
            await page.send_text(json.dumps(answer))

    def _done(self, seat: "_Seat", command: Mapping[str, str]) -> dict[str, Any]:
        """Carry out a command. Raises: PeerError when somebody else has the floor."""
        people, who = seat.people, seat.name
        words = command.get("words", "").strip()[:LONGEST]
        match command.get("do"):
            case "take":
                seat.take()
                return {"done": "You are speaking to the caller; the agent is silent."}
            case "give_back":
                seat.left()
                return {"done": "The agent goes on."}
            case "say" if words:
                people.say(who, words)
                return {"done": "The agent says it."}
            case "whisper" if words:
                understood = people.whisper(who, words)
                wanted = [*understood.ask, *([understood.propose] if understood.propose else [])]
                company = self._frame.company().company
                told = ", ".join(label(name, company).lower() for name in wanted)
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
        self, guest: Guest, act: str, conversation_id: str, detail: Mapping[str, Any] | None = None
    ) -> Awaitable[None]:
        at, target = self._frame.clock(), f"conversation:{conversation_id}"
        return self._frame.audited(
            Audited(at, guest.account, act, target, dict(detail or {}), guest.address)
        )


class _Seat:
    """One person at one page; it gives back what this page took, and nothing another page took."""

    def __init__(self, people: Supervised, name: str) -> None:
        self.people = people
        self.name = name
        self._took = False

    def take(self) -> None:
        """Take the floor. Raises: PeerError when somebody else has it."""
        self.people.take(self.name)
        self._took = True

    def left(self) -> None:
        """Give the floor back, if this page took it."""
        if self._took:
            self._took = False
            self.people.give_back(self.name)


def only_new(changed: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """The changes to send: of the transcript only the lines from the first that changed."""
    sent = dict(changed)
    if "transcript" in sent:
        before, now = seen.get("transcript", []), sent.pop("transcript")
        same = 0
        while same < min(len(before), len(now)) and before[same] == now[same]:
            same += 1
        sent["lines"] = {"from": same, "lines": now[same:]}
    return sent


def _command(text: str) -> dict[str, str]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(given, dict):
        return {}
    return {k: v for k, v in given.items() if isinstance(v, str)}


async def _hear(page: WebSocket, people: Supervised) -> None:
    """Send the audio of all lanes, until the call is over."""
    listener = people.listen()
    try:
        while frames := await listener.next():
            for lane, payload in frames:
                await page.send_bytes(LANES[lane] + payload)
    finally:
        people.leave(listener)


async def _unheard(page: WebSocket) -> None:
    """Notice when the page leaves; what it says goes nowhere."""
    while True:
        await received(page)
