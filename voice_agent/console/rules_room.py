"""Criteria, routing and hours: edited in forms or as text, tried on past conversations, published.

Every act goes through the rule book (`knowledge.rules.book`), in the name of the account's person:
managers edit and preview, administrators publish. Published rules come into use like articles.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.responses import RedirectResponse, Response

from core.presence import closed_days
from knowledge.keys import Key, keys, section_at
from knowledge.profile import Company
from knowledge.rules.amend import amended
from knowledge.rules.book import RuleBook, Standing, difference
from knowledge.rules.sections import (
    SECTIONS,
    first_line,
    in_section,
    read_section,
    section,
    sections_of,
)
from voice_agent.console.access import HOME
from voice_agent.console.doors import Door, Nav, Room, Visit
from voice_agent.console.frame import Frame
from voice_agent.console.knowledge_room import in_thread, person_of
from voice_agent.console.rules_form import PAGES, acted, filled
from voice_agent.console.rules_hours import filled_hours, shown
from voice_agent.console.rules_preview import Trial, judged
from voice_agent.console.rules_view import by_field, cards
from voice_agent.http import Refused

RULES = f"{HOME}/criteria"
LARGEST = 600 * 1024
TEXTS = tuple(name for name in SECTIONS if name != "team")
"""Sections edited as text. Of the team only the form's fields are rules."""


class RulesRoom:
    """The room's routes. `folder` is the company's."""

    def __init__(self, frame: Frame, folder: Path) -> None:
        self._frame = frame
        self._folder = folder
        self._trial = Trial(frame, folder)

    def room(self) -> Room:
        """Everything needs a manager, publishing an administrator."""
        text, kept = f"{RULES}/text/{{section}}", f"{RULES}/history/{{version}}"

        def post(path: str, handler: Any, role: Any = "manager") -> Door:
            return Door(path, handler, role, ("POST",), LARGEST)

        return Room(
            doors=(
                Door(RULES, self._form("criteria"), "manager"),
                post(RULES, self._save("criteria")),
                Door(f"{RULES}/routing", self._form("routing"), "manager"),
                post(f"{RULES}/routing", self._save("routing")),
                Door(f"{RULES}/hours", self._hours, "manager"),
                post(f"{RULES}/hours", self._save_hours),
                Door(text, self._text, "manager"),
                post(text, self._save_text),
                Door(f"{RULES}/preview", self._trial.page, "manager"),
                post(f"{RULES}/publish", self._publish, "admin"),
                post(f"{RULES}/discard", self._discard),
                Door(f"{RULES}/history", self._history, "manager"),
                Door(kept, self._version, "manager"),
                post(kept, self._bring_back, "admin"),
            ),
            nav=(Nav("Criteria", RULES, "manager", "c"),),
        )

    # --- forms -------------------------------------------------------------------------------

    def _form(self, page: str) -> Callable[[Visit], Any]:
        async def show(visit: Visit) -> Response:
            wanted = visit.query.get("open", "")[:80]

            def read() -> dict[str, Any]:
                standing, _, problems = judged(RuleBook(self._folder, visit.at))
                data, wrong = sections_of(standing.proposed), by_field(problems)
                targets = data.get("target_accounts")
                return {
                    "standing": standing, "problems": problems, "wrong": wrong, "page": page,
                    "lists": {n: cards(n, data, wrong, wanted) for n in PAGES[page]},
                    "readable": [n for n in PAGES[page] if isinstance(data.get(n) or [], list)],
                    "targets": targets if isinstance(targets, list) else [],
                }  # fmt: skip

            given = await in_thread(read)
            return self._frame.page(visit, f"rules_{page}.html", room=RULES, **given)

        return show

    def _save(self, page: str) -> Callable[[Visit], Any]:
        async def save(visit: Visit) -> Response:
            act, opened = visit.form.get("act", ""), visit.form.get("open", "")[:80]

            def fill(data: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
                wanted = filled(data, visit.pairs(), PAGES[page])
                return wanted, acted(wanted, act) if ":" in act else opened

            return await self._saved(visit, page, fill)

        return save

    async def _hours(self, visit: Visit) -> Response:
        """The hours and absences of the company and of each person."""
        company, opened = self._frame.company().company, visit.query.get("open", "")[:80]

        def read() -> dict[str, Any]:
            standing, _, problems = judged(RuleBook(self._folder, visit.at))
            data, wrong = sections_of(standing.proposed), by_field(problems)
            who = shown(data, company.timezone, wrong, opened)
            return {"standing": standing, "problems": problems, "who": who}

        given = await in_thread(read)
        days = closed_days(company, visit.at)
        return self._frame.page(visit, "rules_hours.html", room=RULES, closed=days, **given)

    async def _save_hours(self, visit: Visit) -> Response:
        opened = visit.form.get("open", "")[:80]

        def fill(data: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
            return filled_hours(data, dict(visit.pairs())), opened

        return await self._saved(visit, "hours", fill)

    async def _saved(
        self, visit: Visit, page: str,
        fill: Callable[[Mapping[str, Any]], tuple[dict[str, Any], str]],
    ) -> Response:  # fmt: skip
        """Write a form's values to the draft's sections; then redirect."""
        actor, act, seen = person_of(visit), visit.form.get("act", ""), visit.form.get("seen", "")

        def work() -> str:
            book = RuleBook(self._folder, visit.at)
            proposed = book.unchanged(seen).proposed
            data = sections_of(proposed)
            wanted, where = fill(data)
            new = {
                name: amended(section(proposed, name), name, value)
                for name, value in wanted.items()
                if value != (data.get(name) or [])
            }
            if new:
                book.save(actor, new, seen)
            return where

        where = await in_thread(work)
        await self._frame.audited(visit.did("rules draft", f"rules:{page}"))
        if act == "preview":
            return RedirectResponse(f"{RULES}/preview", 303)
        address = RULES if page == "criteria" else f"{RULES}/{page}"
        return RedirectResponse(f"{address}?open={where}#{where}" if where else address, 303)

    # --- text --------------------------------------------------------------------------------

    async def _text(self, visit: Visit) -> Response:
        name = _known(visit.path["section"])

        def read() -> dict[str, Any]:
            standing, _, problems = judged(RuleBook(self._folder, visit.at))
            proposed = standing.proposed
            begins = first_line(proposed, name)
            mine = [p for p in problems if p.key.partition(".")[0] == name]
            return {
                "standing": standing, "name": name, "text": section(proposed, name),
                "problems": [in_section(p, begins) for p in mine],
                "elsewhere": len(problems) - len(mine),
            }  # fmt: skip

        return self._text_page(visit, 200, **await in_thread(read))

    async def _save_text(self, visit: Visit) -> Response:
        name, actor = _known(visit.path["section"]), person_of(visit)
        text = visit.form.get("text", "").replace("\r\n", "\n").rstrip("\n") + "\n"
        seen = visit.form.get("seen", "")
        problems = await in_thread(lambda: read_section(name, text).problems)
        if problems:
            standing = await in_thread(RuleBook(self._folder, visit.at).standing)
            return self._text_page(
                visit, 422, standing=standing, name=name, text=text, problems=problems, elsewhere=0
            )
        await in_thread(lambda: RuleBook(self._folder, visit.at).save(actor, {name: text}, seen))
        await self._frame.audited(visit.did("rules draft", f"rules:{name}"))
        after = "preview" if visit.form.get("act") == "preview" else f"text/{name}"
        return RedirectResponse(f"{RULES}/{after}", 303)

    def _text_page(self, visit: Visit, status: int, **given: Any) -> Response:
        return self._frame.page(
            visit, "rules_text.html", status, room=RULES, texts=TEXTS,
            keys=_keys(given["name"]), **given,
        )  # fmt: skip

    # --- in force ----------------------------------------------------------------------------

    async def _publish(self, visit: Visit) -> Response:
        actor, why = person_of(visit), visit.form.get("why", "").strip()[:1000]
        seen = visit.form.get("seen", "")
        done = await in_thread(lambda: RuleBook(self._folder, visit.at).publish(actor, why, seen))
        await self._frame.audited(visit.did(
            "rules publish", f"rules:{done.version}", why=why, before=done.before, after=done.after
        ))  # fmt: skip
        return RedirectResponse(f"{RULES}/history/{done.version}", 303)

    async def _discard(self, visit: Visit) -> Response:
        actor, seen = person_of(visit), visit.form.get("seen", "")
        await in_thread(lambda: RuleBook(self._folder, visit.at).discard(actor, seen))
        await self._frame.audited(visit.did("rules discard", "rules:draft"))
        return RedirectResponse(RULES, 303)

    async def _history(self, visit: Visit) -> Response:
        book = RuleBook(self._folder, visit.at)

        def read() -> tuple[Standing, Any, bool]:
            return book.standing(), book.versions(), book.office.adopted

        standing, versions, adopted = await in_thread(read)
        return self._frame.page(
            visit, "rules_history.html", room=RULES, standing=standing, versions=versions,
            adopted=adopted, in_use=self._frame.company().criteria_version,
        )  # fmt: skip

    async def _version(self, visit: Visit) -> Response:
        number = _number(visit.path["version"])

        def read() -> dict[str, Any]:
            book = RuleBook(self._folder, visit.at)
            versions, standing, text = book.versions(), book.standing(), book.text_of(number)
            entry = next((e for e in versions if e.version == number), None)
            known = [e.version for e in versions if e.version < number]
            before = book.text_of(known[0]) if known else None
            return {
                "standing": standing, "entry": entry, "number": number,
                "latest": versions[0].version if versions else 0,
                "changes": difference(before, text) if before is not None else None,
                "from_now": difference(standing.profile, text),
            }  # fmt: skip

        return self._frame.page(visit, "rules_version.html", room=RULES, **await in_thread(read))

    async def _bring_back(self, visit: Visit) -> Response:
        actor, number = person_of(visit), _number(visit.path["version"])
        why, seen = visit.form.get("why", "").strip()[:1000], visit.form.get("seen", "")
        book = RuleBook(self._folder, visit.at)
        done = await in_thread(lambda: book.bring_back(actor, number, why, seen))
        await self._frame.audited(visit.did(
            "rules roll back", f"rules:{done.version}", to=number, why=why, before=done.before,
            after=done.after,
        ))  # fmt: skip
        return RedirectResponse(f"{RULES}/history/{done.version}", 303)


def _known(name: str) -> str:
    if name not in TEXTS:
        raise Refused(404, "no-section", "There is no such section of rules.")
    return name


def _number(version: str) -> int:
    if not version.isdecimal() or len(version) > 6:
        raise Refused(404, "no-version", "There is no such version of the rules.")
    return int(version)


def _keys(name: str) -> list[Key]:
    """Every key of a section, with its meaning."""
    model = section_at(Company, (name, 0) if name not in ("hours", "vocabulary") else (name,))
    return [*keys(model)] if model is not None else []
