"""People and leads: everything known of a buyer, over all channels, with where they said it."""

from collections.abc import Awaitable, Callable, Iterator
from typing import IO, Any, Protocol

import sqlalchemy as sa
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

from core.caller_id import e164
from core.fields import Fields
from core.store import audit, cards, do_not_call
from core.store.contact_view import contact
from core.store.contacts import UnknownPerson
from core.store.erasing import Erasure
from core.store.holding import Hold
from core.store.paging import BadCursor
from core.store.people_list import people
from core.store.personal import certified
from voice_agent.console.access import HOME
from voice_agent.console.call_corrections import shown
from voice_agent.console.call_names import Titles
from voice_agent.console.doors import Door, Nav, Room, Visit
from voice_agent.console.frame import LANE, Frame
from voice_agent.console.pages import unnamed
from voice_agent.handoffs import Handoffs
from voice_agent.http import Refused

PEOPLE = f"{HOME}/people"
Erase = Callable[[str, str], Awaitable[Erasure | Hold | None]]
Export = Callable[[str], Awaitable[IO[bytes] | None]]
BLOCK = 64 * 1024


class Certify(Protocol):
    """Signs the certificate of a completed erasure."""

    def __call__(
        self, erasure: Erasure, elsewhere: list[dict[str, Any]], taken_back: dict[str, int], /
    ) -> dict[str, Any]:
        """The certificate."""


class People:
    """The routes of people. Without `erase`, `export` or `certify` those are not offered."""

    def __init__(
        self, frame: Frame, handoffs: Handoffs, erase: Erase | None, export: Export | None,
        certify: Certify | None,
    ) -> None:  # fmt: skip
        self._frame = frame
        self._handoffs = handoffs
        self._erase = erase
        self._export = export
        self._certify = certify

    def room(self) -> Room:
        """Merging and do-not-call need a manager, forgetting and exporting an admin."""
        one = f"{PEOPLE}/{{id}}"
        return Room(
            doors=(
                Door(PEOPLE, self._list),
                Door(one, self._show),
                Door(f"{one}/merge", self._merge, "manager", ("POST",)),
                Door(f"{one}/unmerge", self._unmerge, "manager", ("POST",)),
                Door(f"{one}/do-not-call", self._bar, "rep", ("POST",)),
                Door(f"{one}/call-again", self._unbar, "manager", ("POST",)),
                Door(f"{one}/erase", self._forget, "admin", ("POST",)),
                Door(f"{one}/export", self._hand_out, "admin"),
                Door(f"{one}/certificate", self._prove, "admin"),
            ),
            nav=(Nav("People", PEOPLE, key="p"),),
        )

    async def _list(self, visit: Visit) -> Response:
        words = visit.query.get("q", "").strip()[:200]
        cursor = visit.query.get("cursor", "")[:200]
        try:
            page = await self._frame.store.query(lambda c: people(c, words, cursor=cursor))
        except BadCursor as error:
            raise Refused(422, "bad-cursor", "This place in the list is none of ours.") from error
        kept = {"q": words} if words else {}
        return self._frame.page(
            visit, "people.html", page=page, words=words, kept=kept, cursor=cursor
        )

    async def _show(self, visit: Visit) -> Response:
        person, company = visit.path["id"], self._frame.company().company

        def read(c: sa.Connection) -> dict[str, Any] | None:
            made = contact(c, person, company)
            if made is None:
                return None
            numbers = [i["value"] for i in made["identifiers"] if i["kind"] == "phone"]
            ids = [one["conversation_id"] for one in made["timeline"]]
            return {
                "person": made,
                "numbers": {n: do_not_call.barred(c, n) for n in dict.fromkeys(numbers)},
                "cards": {card.conversation_id: card for card in cards.every(c, ids)},
            }

        found = await self._frame.store.query(read)
        if found is None:
            return await self._gone(visit, person)
        if found["person"]["id"] != person:
            return RedirectResponse(f"{PEOPLE}/{found['person']['id']}", 303)
        signals = found["person"]["signals"]
        firms = [s["value"] for s in signals if s["criterion"] == "company"]
        return self._frame.page(
            visit, "person.html", unnamed=_unnamed(found["person"]),
            firm=found["person"]["account"] or (firms or [""])[-1],
            fields=Fields(company), shown=shown, can_erase=self._erase is not None,
            can_export=self._export is not None,
            reps={rep.id: rep.name for rep in company.team},
            titles=Titles(self._frame.company()), **found,
        )  # fmt: skip

    async def _gone(self, visit: Visit, person: str) -> Response:
        """What became of a forgotten person. Raises: Refused for one who never was."""
        found = await self._frame.store.query(lambda c: certified(c, person))
        if found is None:
            raise _unknown()
        erasure, elsewhere, taken_back = found
        return self._frame.page(
            visit, "forgotten.html", 410, erasure=erasure, elsewhere=elsewhere,
            taken_back=taken_back, person=person, can_certify=self._certify is not None,
        )  # fmt: skip

    async def _merge(self, visit: Visit) -> Response:
        """Merge another person into this one."""
        kept, absorbed = visit.path["id"], visit.form.get("absorb", "").strip().rpartition("/")[2]
        why = visit.form.get("why", "").strip()[:200]
        if not absorbed or not why:
            raise Refused(422, "bad-merge", "Name the other person's page or id, and say why.")
        try:
            made = await self._frame.store.people.merge(
                kept, absorbed, why, visit.account.name, visit.at
            )
        except UnknownPerson as error:
            raise _unknown() from error
        if made is None:
            raise Refused(409, "already-one", "They are one person already.")
        return await self._did(visit, "merge", kept, absorbed=absorbed)

    async def _unmerge(self, visit: Visit) -> Response:
        """Unmerge a person."""
        person = visit.form.get("person", "")
        try:
            parted = await self._frame.store.people.unmerge(person, visit.account.name, visit.at)
        except UnknownPerson as error:
            raise _unknown() from error
        if not parted:
            raise Refused(409, "not-merged", "They stand for themselves already.")
        return await self._did(visit, "unmerge", visit.path["id"], parted=person)

    async def _bar(self, visit: Visit) -> Response:
        """Add a number to the do-not-call list, and cancel the calls promised to it."""
        number = e164(visit.form.get("number", ""))
        if number is None:
            raise Refused(422, "bad-number", "That is no telephone number.")
        line = visit.did("do not call", f"person:{visit.path['id']}")
        by = visit.account.name
        await self._handoffs.bar(number, visit.at, how="console", by=by, line=line)
        return RedirectResponse(f"{PEOPLE}/{visit.path['id']}", 303)

    async def _unbar(self, visit: Visit) -> Response:
        """Remove a number from the do-not-call list."""
        number = visit.form.get("number", "")
        line = visit.did("call again", f"person:{visit.path['id']}")

        def work(c: sa.Connection) -> None:
            if do_not_call.remove(c, number, visit.at, how="console", by=visit.account.name):
                audit.record(c, line)

        await self._frame.store.write(LANE, work)
        return RedirectResponse(f"{PEOPLE}/{visit.path['id']}", 303)

    async def _forget(self, visit: Visit) -> Response:
        """Forget a person everywhere; a confirmation word has to be typed."""
        person = visit.path["id"]
        if self._erase is None or visit.form.get("sure", "").strip().lower() != "forget":
            raise Refused(422, "not-sure", "Type “forget” to have this person forgotten.")
        done = await self._erase(person, visit.account.name)
        if isinstance(done, Hold):
            raise Refused(409, "under-legal-hold", f"{done.by} holds it: {done.why}.")
        if done is None:
            raise _unknown()
        await self._frame.audited(visit.did("erase", f"person:{person}", done=done.done))
        return RedirectResponse(f"{PEOPLE}/{person}", 303)

    async def _hand_out(self, visit: Visit) -> Response:
        """Everything stored about a person, as a ZIP."""
        person = visit.path["id"]
        file = await self._export(person) if self._export else None
        if file is None:
            raise _unknown()
        await self._frame.audited(visit.did("export person", f"person:{person}"))
        headers = {"Content-Disposition": f'attachment; filename="person-{person}.zip"'}
        return StreamingResponse(_blocks(file), media_type="application/zip", headers=headers)

    async def _prove(self, visit: Visit) -> Response:
        """The signed certificate of a person's erasure, once it is done."""
        person = visit.path["id"]
        found = await self._frame.store.query(lambda c: certified(c, person))
        if found is None or self._certify is None:
            raise _unknown()
        if not found[0].done:
            raise Refused(409, "erasure-pending", "It goes on yet: come back when it is done.")
        await self._frame.audited(visit.did("certify erasure", f"person:{person}"))
        name = f"erasure-{found[0].id}.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return JSONResponse(self._certify(*found), headers=headers)

    async def _did(self, visit: Visit, act: str, person: str, **detail: Any) -> Response:
        await self._frame.audited(visit.did(act, f"person:{person}", **detail))
        return RedirectResponse(f"{PEOPLE}/{person}", 303)


def _unnamed(person: dict[str, Any]) -> str:
    """What somebody who gave no name is called, as where they are listed."""
    known = {i["kind"]: i["value"] for i in reversed(person["identifiers"])}
    channel = person["timeline"][0]["channel"] if person["timeline"] else "voice"
    return unnamed(known.get("phone") or known.get("email"), channel)


def _unknown() -> Refused:
    return Refused(404, "unknown-person", "There is no such person.")


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block
