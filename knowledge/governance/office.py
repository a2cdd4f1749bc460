"""`Office(folder, now)`: every action on a company's knowledge, checked, recorded and carried out.

The rules are in `lifecycle`, the files in `vault`, the trail in `trail`; this module combines them.
Each action locks the folder, checks its state, and either does everything or raises and changes
nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from knowledge.article_text import content_hash, front_of, version_of
from knowledge.errors import CompanyInvalid, Problem
from knowledge.governance import lifecycle
from knowledge.governance.adoption import adoption
from knowledge.governance.gate import Blocked, Gate, in_draft, judge
from knowledge.governance.lifecycle import Act, Record, Refused
from knowledge.governance.trail import Trail
from knowledge.governance.vault import (
    ARTICLES,
    DRAFTS,
    GOLDEN,
    HISTORY,
    PROFILE,
    TRAIL,
    Change,
    Vault,
)
from knowledge.importing.drafting import Drafted, Import, article_for, draft, origin
from knowledge.importing.proposal import Proposal
from knowledge.load import look, read_company
from knowledge.positions import did_you_mean
from knowledge.profile import Company

ARTICLE_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Done:
    """An action's result."""

    article: str
    version: int
    said: str
    gate: Gate | None = None


class Office:
    """A company's knowledge and the people who govern it."""

    def __init__(self, folder: Path, now: datetime, vault: Vault | None = None) -> None:
        self.vault = vault or Vault(folder)
        self._now = now

    # --- looking ---------------------------------------------------------------------------------

    def company(self) -> Company:
        """The profile. Raises: CompanyInvalid."""
        problems: list[Problem] = []
        company, _ = read_company(self.vault.text(PROFILE), problems)
        if company is None:
            remedy = f"Point --company at a company folder; {self.vault.folder} has none."
            missing = Problem(PROFILE, 0, "", "a readable file", "none", remedy)
            raise CompanyInvalid(problems or [missing])
        return company

    def today(self, company: Company) -> date:
        """The current day in the company's time zone."""
        return self._now.astimezone(ZoneInfo(company.timezone)).date()

    @property
    def adopted(self) -> bool:
        """Whether the folder has an audit trail."""
        return self.vault.text(TRAIL) is not None

    def record(self, article: str, trail: Trail | None = None) -> Record:
        """Everything about an article. Raises: Refused when there is nothing."""
        if not ARTICLE_ID.fullmatch(article):
            raise Refused(
                f"`{article}` is no article id: write small letters and digits, as-this-1"
            )
        trail = trail or self.vault.trail()
        kept = {
            v: text
            for v in self.vault.versions(article)
            if (text := self.vault.text(f"{HISTORY}/{article}/{v}.md"))
        }
        return Record(
            article,
            self.vault.text(f"{ARTICLES}/{article}.md"),
            self.vault.text(f"{DRAFTS}/{article}.md"),
            kept,
            trail.of(article),
        )

    def known(self, article: str) -> Record:
        """The record of an existing article. Raises: Refused with the nearest id."""
        record = self.record(article)
        if record.live is None and record.draft is None and not record.entries:
            near = did_you_mean(article, self.names())
            raise Refused(f"no article `{article}`. {near}".rstrip())
        return record

    def names(self) -> list[str]:
        """Ids of all articles and drafts, sorted."""
        return sorted({*self.vault.names(ARTICLES), *self.vault.names(DRAFTS)})

    # --- acting ----------------------------------------------------------------------------------

    def create(self, article: str, actor: str, make: Callable[[Record], str]) -> Done:
        """Create a draft of a new article or of a further version; `make` returns its text."""
        return self._act(
            article, actor, lambda r: lifecycle.create(r, actor, make(r)), "draft written", new=True
        )

    def write(self, article: str, actor: str, text: str, seen: str) -> Done:
        """Change a draft's text, as editing its file would; the next action checks it.

        `seen` is the text that was edited. Raises: Refused when somebody changed it meanwhile.
        """
        with self.vault.writing():
            self.known_person(actor)
            draft = self.known(article).draft
            if draft is None:
                raise Refused(f"`{article}` has no draft: begin one first")
            if content_hash(draft) != content_hash(seen):
                raise Refused("somebody changed this draft meanwhile: look at theirs, then edit")
            number = front_of(text).get("id")
            if number != article:
                raise Refused(f"the head must keep `id: {article}`, found {number}")
            self.vault.commit(Change((), {f"{DRAFTS}/{article}.md": text}))
        return Done(article, version_of(text), "draft saved")

    def submit(self, article: str, actor: str) -> Done:
        """Submit the draft for review, if it has no faults."""

        def act(record: Record) -> Act:
            done, today = lifecycle.submit(record, actor), self.today(self.company())
            try:
                judge(look(self.vault), article, done.draft or "", None, today)
            except CompanyInvalid as error:
                raise in_draft(error, article, record.draft or "") from error
            return done

        return self._act(article, actor, act, "in review; someone else may approve it")

    def approve(self, article: str, actor: str) -> Done:
        """Approve the draft in its present form."""
        return self._act(article, actor, lambda r: lifecycle.approve(r, actor), "approved")

    def reject(self, article: str, actor: str, reason: str) -> Done:
        """Return the draft to its author."""
        return self._act(article, actor, lambda r: lifecycle.reject(r, reason), "a draft again")

    def publish(self, article: str, actor: str, override: str = "") -> Done:
        """Publish the approved draft. Raises: Blocked when golden questions get worse."""
        today = self.today(self.company())
        gates: list[Gate] = []

        def act(record: Record) -> Act:
            done = lifecycle.publish(record, today)
            gate = self._gate(article, done, today)
            gates.append(gate)
            if gate.worse and not override.strip():
                raise Blocked(gate)
            if gate.worse:
                note = f"{override.strip()} (made worse: {'; '.join(r.ask for r in gate.worse)})"
                return lifecycle.publish(record, today, "published-override", note)
            return done

        return replace(self._act(article, actor, act, "published"), gate=gates[0])

    def retire(self, article: str, actor: str, reason: str) -> Done:
        """Take the live version out of use; reports which golden questions lose their answer."""
        said = "retired: it is no longer spoken"
        return self._spoken(article, actor, lambda r: lifecycle.retire(r, reason), said)

    def roll_back(self, article: str, actor: str, to: int, emergency: str = "") -> Done:
        """Restore an earlier version's text: for approval, or at once in an emergency."""
        today = self.today(self.company())
        if not emergency.strip():
            return self._act(
                article,
                actor,
                lambda r: lifecycle.roll_back(r, actor, to, today),
                f"with the words of version {to}, in review; someone else may approve it",
            )
        return self._spoken(
            article,
            actor,
            lambda r: lifecycle.roll_back_at_once(r, actor, to, today, emergency),
            f"with the words of version {to}, published",
        )

    def restore(self, article: str, actor: str) -> Done:
        """Restore the approved text of the live version; keeps the text it replaces as a draft."""
        return self._act(article, actor, lambda r: lifecycle.restore(r, actor), "as approved again")

    def _spoken(self, article: str, actor: str, decide: Callable[[Record], Act], said: str) -> Done:
        """An action that changes what is spoken, with what the golden questions say of it."""
        gates: list[Gate] = []

        def act(record: Record) -> Act:
            done = decide(record)
            gates.append(self._gate(article, done, self.today(self.company())))
            return done

        return replace(self._act(article, actor, act, said), gate=gates[0])

    def _gate(self, article: str, act: Act, today: date) -> Gate:
        golden = self.vault.text(GOLDEN)
        return judge(look(self.vault), article, act.live or "", golden, today)

    def _act(
        self,
        article: str,
        actor: str,
        decide: Callable[[Record], Act],
        said: str,
        *,
        new: bool = False,
    ) -> Done:
        with self.vault.writing():
            self.known_person(actor)
            trail = self.whole_trail()
            record = self.record(article, trail) if new else self.known(article)
            act = decide(record)
            entry = trail.follow(
                self._now, actor, act.action, article, act.version, act.content, act.note
            )
            self.vault.commit(change_of(article, act, Change((entry,))))
        return Done(article, act.version, said)

    def known_person(self, actor: str) -> None:
        """Raises: Refused when nobody in the company has this id."""
        company = self.company()
        if company.person(actor) is None:
            people = [p.id for p in company.people]
            near = did_you_mean(actor, people) or f"Known are {', '.join(people)}."
            raise Refused(f"`{actor}` is no rep or steward of {company.name}. {near}")

    def whole_trail(self) -> Trail:
        """The trail, for adding to it. Raises: Refused when it is missing or broken."""
        if not self.adopted:
            raise Refused(
                "this folder has no audit trail yet; begin it with "
                "`voice-agent knowledge adopt --as PERSON`"
            )
        trail = self.vault.trail()
        if trail.broken is not None:
            raise Refused(
                f"{TRAIL}:{trail.broken.line} is not what was written: {trail.broken.reason}. "
                "Restore the file from version control first"
            )
        return trail

    def take_in(self, proposals: Sequence[Proposal], actor: str, owner: str) -> list[Drafted]:
        """Create drafts from a document, all at once; publishes nothing.

        Unchanged content changes nothing; a draft that somebody has edited since is left alone.
        """
        with self.vault.writing():
            self.known_person(actor)
            self.known_person(owner)
            trail, done, change = self.whole_trail(), list[Drafted](), Change(())
            given = Import(actor, owner, self._now, self.today(self.company()))
            taken, known = set(self.names()), self._origins()
            for proposal in proposals:
                name = article_for(proposal, known, taken)
                taken.add(name)
                drafted = draft(proposal, self.record(name, trail), given)
                done.append(drafted)
                if (act := drafted.act) is not None:
                    entry = trail.follow(
                        self._now, actor, act.action, name, act.version, act.content, act.note
                    )
                    trail = trail.then(entry)
                    change = change_of(
                        name, act, Change((*change.entries, entry), change.writes, change.removes)
                    )
            if change.entries:
                self.vault.commit(change)
        return done

    def gone(self, document: str, proposals: Sequence[Proposal]) -> list[str]:
        """Articles imported earlier from parts of a document that no longer exist."""
        places = {proposal.place for proposal in proposals}
        known = self._origins().items()
        return sorted(n for p, n in known if p.split("#")[0] == document and p not in places)

    def _origins(self) -> dict[str, str]:
        """Articles by the place they were imported from."""
        found: dict[str, str] = {}
        for name in self.names():
            for part in (ARTICLES, DRAFTS):
                source = origin(self.vault.text(f"{part}/{name}.md"))
                if source.get("from"):
                    found[str(source["from"])] = name
        return found

    # --- beginning -------------------------------------------------------------------------------

    def adopt(self, actor: str) -> list[Done]:
        """Start the trail of a hand-written folder: live articles are kept, the rest become drafts.

        Raises: CompanyInvalid when the folder has faults; Refused when it already has a trail.
        """
        with self.vault.writing():
            self.known_person(actor)
            if self.adopted:
                raise Refused("this folder has an audit trail already; see `audit`")
            change, done = adoption(look(self.vault), actor, self._now)
            self.vault.commit(change)
        return [Done(name, version, said) for name, version, said in done]


def change_of(article: str, act: Act, change: Change) -> Change:
    """The change extended by an action's files."""
    writes, removes = dict(change.writes), list(change.removes)
    if act.live is not None:
        writes[f"{ARTICLES}/{article}.md"] = act.live
    if act.draft is not None:
        writes[f"{DRAFTS}/{article}.md"] = act.draft
    if act.keep is not None:
        writes[f"{HISTORY}/{article}/{act.version}.md"] = act.keep
    if act.drop_draft:
        removes.append(f"{DRAFTS}/{article}.md")
    return Change(change.entries, writes, tuple(removes))
