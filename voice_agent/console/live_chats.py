"""Live website chats: read along, write in the agent's place, give the floor back.

Everything goes through the database, so it does not matter which server has the buyer's page. Each
page polls once a second for additions, and posts what its user writes; the same forms work without
scripts.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from core.crm.known import CUSTOMER
from core.events import FloorTaken, Logged, UtteranceRecorded
from core.handoff.wording import label
from core.projections.document import standing
from core.store.tables import ConversationRow
from knowledge.profile import Company
from voice_agent.allowance import Allowance
from voice_agent.console.access import HOME, new_token
from voice_agent.console.doors import Door, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.pages import environment
from voice_agent.http import Refused

CHATS = f"{HOME}/live/chats"
LONGEST = 2_000
"""Most characters of one message."""
WAITS_LONG = timedelta(minutes=1)


class ChatFloor(Protocol):
    """What a rep may do in a chat. `take` and `say` return who has the floor now; None: it is over.

    All raise StoreFailed.
    """

    async def take(self, conversation_id: str, rep: str) -> str | None: ...

    async def say(
        self, conversation_id: str, rep: str, message_id: str, text: str
    ) -> str | None: ...

    async def give_back(self, conversation_id: str, rep: str) -> bool: ...

    async def typing(self, conversation_id: str, rep: str) -> None: ...


class LiveChats:
    """The list of live chats, and one chat's page."""

    def __init__(self, frame: Frame, floor: ChatFloor) -> None:
        self._frame = frame
        self._floor = floor
        self._pace = Allowance(burst=20, every_s=0.5)

    def room(self) -> Room:
        """The routes, beside those of calls. To be placed before those of `/live/{id}`."""
        one = f"{CHATS}/{{id}}"
        return Room(
            doors=(
                Door(CHATS, self._list),
                Door(f"{CHATS}/now", self._list_now),
                Door(one, self._show),
                Door(f"{one}/now", self._now),
                *(
                    Door(f"{one}/{act}", handler, methods=("POST",))
                    for act, handler in (
                        ("take", self._take),
                        ("say", self._say),
                        ("give-back", self._give_back),
                        ("typing", self._typing),
                    )  # fmt: skip
                ),
            )
        )

    # --- reading -----------------------------------------------------------------------------

    async def _list(self, visit: Visit) -> Response:
        return self._frame.page(visit, "live_chats.html", **await self._listed(visit))

    async def _list_now(self, visit: Visit) -> Response:
        """The list alone, for a page that refreshes itself."""
        template = environment().get_template("live_chat_list.html")
        return HTMLResponse(template.render(await self._listed(visit)))

    async def _listed(self, visit: Visit) -> dict[str, Any]:
        company = self._frame.company().company
        chats = await self._frame.store.floors.running(visit.at)
        shown = [
            {
                "chat": one,
                "rep": _name(company, one.floor.rep) if one.floor else "",
                "who": _speaker(one.last, company) if one.last else "",
                "late": one.waits and visit.at - one.touched_at > WAITS_LONG,
            }
            for one in chats
        ]
        return {"chats": shown, "now": visit.at, "zone": company.timezone}

    async def _show(self, visit: Visit) -> Response:
        row = await self._row(visit)
        if row.status != "in_progress":
            return RedirectResponse(f"{HOME}/calls/{row.id}", 303)
        await self._frame.audited(visit.did("read along", f"conversation:{row.id}"))
        stands = await self._stands(visit, row, 0)
        return self._frame.page(
            visit, "live_chat.html", row=row, stands=stands, message=new_token(),
            me=_name(self._frame.company().company, visit.account.rep or ""),
            held="held" in visit.query,
        )  # fmt: skip

    async def _now(self, visit: Visit) -> Response:
        """What is new after a line's number; nothing when the page is up to date."""
        row = await self._row(visit)
        after, seq = (_number(visit.query.get(name, "")) for name in ("after", "seq"))
        if row.last_seq == seq and row.status == "in_progress":
            return Response(status_code=204)
        return JSONResponse(await self._stands(visit, row, after))

    async def _stands(self, visit: Visit, row: ConversationRow, after: int) -> dict[str, Any]:
        store, company = self._frame.store, self._frame.company().company
        facts = await store.log.read(row.id)
        told = standing(row.id, facts, company)
        floor = await store.floors.floor(row.id, visit.at)
        return {
            "seq": facts[-1].seq if facts else 0,
            "over": row.status != "in_progress",
            "lines": [_line(entry, company) for entry in facts
                      if entry.seq > after and isinstance(entry.fact, UtteranceRecorded)],
            "floor": _floor(floor, company, visit),
            "verdict": {"result": told["verdict"]["result"],
                        "missing": [label(n, company) for n in told["verdict"]["missing"]]},
            "signals": _signals(told, company),
        }  # fmt: skip

    async def _row(self, visit: Visit) -> ConversationRow:
        row = await self._frame.store.conversations.get(visit.path["id"])
        if row is None or row.channel != "chat":
            raise Refused(404, "unknown-chat", "There is no such chat.")
        return row

    # --- writing -----------------------------------------------------------------------------

    async def _take(self, visit: Visit) -> Response:
        has = await self._floor.take(visit.path["id"], self._rep(visit))
        return await self._settled(visit, "take chat", has)

    async def _say(self, visit: Visit) -> Response:
        rep, given = self._rep(visit), _given(visit)
        text, message = given.get("text", "").strip(), given.get("message", "")
        if not 0 < len(text) <= LONGEST:
            raise Refused(422, "bad-text", f"A message has 1 to {LONGEST} characters.")
        if not 8 <= len(message) <= 64 or not message.isascii():
            raise Refused(422, "bad-message", "The page was too old. Reload it and try again.")
        if (wait_s := self._pace.take(visit.account.id, visit.at.timestamp())) > 0:
            raise Refused(429, "too-fast", f"Try again in {round(wait_s) + 1} seconds.")
        has = await self._floor.say(visit.path["id"], rep, message, text)
        return await self._settled(visit, "say in chat", has)

    async def _give_back(self, visit: Visit) -> Response:
        rep = self._rep(visit)
        if await self._floor.give_back(visit.path["id"], rep):
            await self._frame.audited(
                visit.did("give chat back", f"conversation:{visit.path['id']}")
            )
        return _answered(visit)

    async def _typing(self, visit: Visit) -> Response:
        await self._floor.typing(visit.path["id"], self._rep(visit))
        return _answered(visit)

    async def _settled(self, visit: Visit, act: str, has: str | None) -> Response:
        """The response to a request for the floor. Raises: Refused when they did not get it."""
        if has is None:
            raise Refused(409, "chat-over", "This chat is over.")
        if has != visit.account.rep:
            name = _name(self._frame.company().company, has)
            raise Refused(409, "floor-held", f"{name} is writing with this buyer. Ask them first.")
        await self._frame.audited(visit.did(act, f"conversation:{visit.path['id']}"))
        return _answered(visit)

    def _rep(self, visit: Visit) -> str:
        """The name the buyer sees. Raises: Refused."""
        rep = visit.account.rep
        if not rep or self._frame.company().company.person(rep) is None:
            raise Refused(
                403, "no-rep",
                "The buyer sees who writes, and your account is nobody of the team. "
                "An admin can say who you are on the Accounts page.",
            )  # fmt: skip
        return rep


def _signals(told: Mapping[str, Any], company: Company) -> list[dict[str, str]]:
    """What is known of the buyer, including a customer known only from the CRM."""
    live = [s for s in told["signals"] if s["superseded_by"] is None]
    shown = [{"criterion": label(s["criterion"], company), "value": s["value"]} for s in live]
    if told["customer"] and not any(s["criterion"] == CUSTOMER for s in live):
        shown.insert(0, {"criterion": label(CUSTOMER, company), "value": "yes, by the CRM"})
    return shown


def _answered(visit: Visit) -> Response:
    """For a script that it is done, for a form the page again."""
    if visit.request.headers.get("content-type", "").startswith("application/json"):
        return JSONResponse({"done": True})
    return RedirectResponse(f"{CHATS}/{visit.path['id']}", 303)


def _given(visit: Visit) -> dict[str, str]:
    if visit.request.headers.get("content-type", "").startswith("application/json"):
        return {k: v.replace("\x00", "") for k, v in visit.json().items() if isinstance(v, str)}
    return dict(visit.form)


def _line(entry: Logged, company: Company) -> dict[str, Any]:
    said = entry.fact
    assert isinstance(said, UtteranceRecorded), "only lines are shown"
    return {
        "seq": entry.seq, "at": entry.at.isoformat(timespec="seconds"), "speaker": said.speaker,
        "who": _speaker(said, company), "text": said.text, "citations": list(said.citations),
    }  # fmt: skip


def _floor(floor: FloorTaken | None, company: Company, visit: Visit) -> dict[str, Any] | None:
    if floor is None:
        return None
    left = datetime.fromisoformat(floor.until) - visit.at
    return {
        "name": _name(company, floor.rep), "mine": floor.rep == visit.account.rep,
        "left_s": max(0, round(left.total_seconds())),
    }  # fmt: skip


def _speaker(said: UtteranceRecorded, company: Company) -> str:
    if said.speaker == "rep":
        return _name(company, said.kind)
    return "buyer" if said.speaker == "caller" else "agent"


def _name(company: Company, rep: str) -> str:
    person = company.person(rep) if rep else None
    return person.name if person else rep


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
