"""`RuleBook(folder, now)`: rules drafted, published, versioned and restored.

Rules are criteria, routing, hours and vocabulary (`sections`).

Files and trail are shared with the articles: an action locks the folder and does everything, or
raises and changes nothing. An editor states what they saw, so that two cannot undo each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import unified_diff
from pathlib import Path

from knowledge.article_text import content_hash
from knowledge.errors import Problem
from knowledge.governance.lifecycle import Refused
from knowledge.governance.office import Office
from knowledge.governance.trail import RULES, Action, Trail, TrailEntry
from knowledge.governance.vault import PROFILE, Change, Vault, VaultFailed, profile_of
from knowledge.load import Loaded, assemble, criteria_version, look, read_company
from knowledge.profile import Company
from knowledge.rules.amend import CannotAmend, amended
from knowledge.rules.draft import DRAFT, RuleDraft, read_draft
from knowledge.rules.sections import (
    EMPTY,
    OF_TEAM,
    SECTIONS,
    NotSections,
    mark,
    plain,
    read_section,
    section,
    spans,
)

MOST_CHARS = 400_000
"""A larger section cannot be a list of rules."""
_OUTSIDE = "as it was found: the file was edited by hand"
_FIRST = "as it was before the first change here"


@dataclass(frozen=True, slots=True)
class Standing:
    """The current rules and their draft."""

    profile: str
    """The current `company.yaml`."""
    draft: RuleDraft | None
    seen: str
    """A token the editor returns; it changes with every change."""

    @property
    def proposed(self) -> str:
        """`company.yaml` with the draft. Raises: NotSections."""
        return self.draft.over(self.profile) if self.draft else self.profile


@dataclass(frozen=True, slots=True)
class Published:
    """What was published."""

    version: int
    before: str
    """The criteria version that was in force before."""
    after: str


class RuleBook:
    """A company's criteria and routing, and the people who change them."""

    def __init__(self, folder: Path, now: datetime, vault: Vault | None = None) -> None:
        self.office = Office(folder, now, vault)
        self.vault = self.office.vault
        self._now = now

    # --- looking -----------------------------------------------------------------------------

    def standing(self) -> Standing:
        """The rules and their draft. Raises: NotSections, VaultFailed."""
        profile = self._profile()
        text = self.vault.text(DRAFT)
        draft = read_draft(text) if text is not None else None
        return Standing(profile, draft, mark(profile + (text or "")))

    def judged(self, proposed: str) -> Loaded:
        """The whole folder with this `company.yaml`. Raises: CompanyInvalid."""
        return assemble(replace(look(self.vault), profile=proposed))

    def company(self, text: str) -> Company | None:
        """The profile in a text, if it is usable by itself."""
        return read_company(text, [])[0]

    def versions(self) -> list[TrailEntry]:
        """All kept versions, newest first."""
        return [*reversed(_kept(self.vault.trail()))]

    def text_of(self, version: int) -> str:
        """The `company.yaml` of a version. Raises: Refused."""
        text = self.vault.text(profile_of(version))
        if text is None:
            raise Refused(f"there is no version {version} of the rules")
        return text

    # --- acting ------------------------------------------------------------------------------

    def save(self, actor: str, new: Mapping[str, str], seen: str) -> None:
        """Save sections to the draft. Raises: Refused, NotSections."""
        with self.vault.writing():
            self.office.known_person(actor)
            standing = self.unchanged(seen)
            for name, text in new.items():
                _must_read(name, text)
            draft = (standing.draft or RuleDraft()).with_changed(
                standing.profile, new, actor, self._stamp()
            )
            self.vault.commit(
                Change((), {DRAFT: draft.text()}) if draft.sections else Change((), {}, (DRAFT,))
            )

    def discard(self, actor: str, seen: str) -> None:
        """Drop the draft. Raises: Refused."""
        with self.vault.writing():
            self.office.known_person(actor)
            if mark(self._profile() + (self.vault.text(DRAFT) or "")) != seen:
                raise Refused(_MEANWHILE)
            self.vault.commit(Change((), {}, (DRAFT,)))

    def publish(self, actor: str, why: str, seen: str) -> Published:
        """Publish the draft. Raises: Refused, CompanyInvalid, NotSections."""
        with self.vault.writing():
            self.office.known_person(actor)
            standing = self.unchanged(seen)
            draft = standing.draft
            if draft is None:
                raise Refused("there is no draft to publish")
            if overtaken := draft.overtaken(standing.profile):
                raise Refused(
                    f"{', '.join(overtaken)} changed in {PROFILE} since the draft was begun: "
                    "discard the draft, and make the change again over what stands there now"
                )
            company = self.company(standing.profile)
            if company is not None and company.review.rules_by_two and actor in draft.by:
                raise Refused(
                    "who had a hand in a change cannot publish it (`review.rules_by_two`): "
                    f"have someone other than {', '.join(draft.by)} publish it"
                )
            return self._put(actor, standing.profile, standing.proposed, why, (DRAFT,))

    def bring_back(self, actor: str, version: int, why: str, seen: str) -> Published:
        """Restore the rules of an earlier version; a draft stays as it is.

        Only the rules: other changes to the file since then stay. Raises: Refused, CompanyInvalid.
        """
        with self.vault.writing():
            self.office.known_person(actor)
            standing = self.unchanged(seen)
            text = _with_rules_of(standing.profile, self.text_of(version))
            if text == standing.profile:
                raise Refused(f"the rules are those of version {version} already")
            return self._put(actor, standing.profile, text, f"back to version {version}: {why}")

    def _put(
        self, actor: str, old: str, new: str, why: str, removes: tuple[str, ...] = ()
    ) -> Published:
        if not why.strip():
            raise Refused("say why the rules change: it stands in their history")
        trail = self.office.whole_trail()
        loaded = self.judged(new)
        change = Change((), {PROFILE: new}, removes)
        last = _kept(trail)[-1:]
        number = last[0].version if last else 0
        if not last or last[0].content != content_hash(old):
            number += 1
            note = _OUTSIDE if last else _FIRST
            trail, change = self._noted(trail, change, actor, "rules-found", number, old, note)
        number += 1
        _, change = self._noted(trail, change, actor, "rules-published", number, new, why.strip())
        self.vault.commit(change)
        company = self.company(old)
        before = criteria_version(company) if company is not None else ""
        return Published(number, before, loaded.criteria_version)

    def _noted(
        self, trail: Trail, change: Change, actor: str, action: Action, version: int, text: str,
        why: str,
    ) -> tuple[Trail, Change]:  # fmt: skip
        entry = trail.follow(self._now, actor, action, PROFILE, version, content_hash(text), why)
        writes = {**change.writes, profile_of(version): text}
        return trail.then(entry), Change((*change.entries, entry), writes, change.removes)

    def unchanged(self, seen: str) -> Standing:
        """The rules, if they are as the editor saw them. Raises: Refused, NotSections."""
        standing = self.standing()
        if standing.seen != seen:
            raise Refused(_MEANWHILE)
        return standing

    def _profile(self) -> str:
        profile = self.vault.text(PROFILE)
        if profile is None:
            raise VaultFailed(f"{self.vault.folder / PROFILE} is not there")
        return profile

    def _stamp(self) -> str:
        return self._now.isoformat(timespec="seconds")


_MEANWHILE = (
    "somebody changed the rules meanwhile: your browser's back button shows what you wrote; "
    "open the page anew to see theirs, and make your change over it"
)


def difference(old: str, new: str) -> list[str]:
    """The differences, as lines that begin with `+`, `-`, a blank, or `@@` for a new part."""
    lines = unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    return [*lines][2:]


def _kept(trail: Trail) -> tuple[TrailEntry, ...]:
    return tuple(entry for entry in trail.of(PROFILE) if entry.action in RULES)


def _must_read(name: str, text: str) -> None:
    """Raises: NotSections with what is wrong in a section's text."""
    if name not in SECTIONS:
        raise NotSections(f"`{name}` cannot be changed here: edit {PROFILE} and restart")
    if len(text) > MOST_CHARS:
        raise NotSections(f"`{name}` is too long: at most {MOST_CHARS:,} characters")
    problems: list[Problem] = read_section(name, text).problems
    if problems:
        raise NotSections("\n".join(str(problem) for problem in problems))


def _with_rules_of(profile: str, earlier: str) -> str:
    """The profile with an earlier one's rules."""
    was = {name: earlier[a:b] for name, (a, b) in spans(earlier).items()}
    stands = spans(profile)
    new = {name: was.get(name, "") for name in SECTIONS if name != "team"}
    for name, text in new.items():
        if not text and name in stands:
            new[name] = f"{name}: {EMPTY.get(name, '[]')}\n"
    text = RuleDraft(sections={n: t for n, t in new.items() if t}).over(profile)
    team = section(profile, "team")
    now, before = plain("team", team), plain("team", was.get("team", ""))
    try:
        return RuleDraft(sections={"team": amended(team, "team", team_of(now, before))}).over(text)
    except CannotAmend as error:
        raise Refused(str(error)) from error


def team_of(now: object, rules: object) -> object:
    """The current team, with each person's routing keys taken from another one."""
    if not isinstance(now, list) or not isinstance(rules, list):
        return now
    known = {rep.get("id"): rep for rep in rules if isinstance(rep, dict)}
    made = []
    for rep in now:
        other = known.get(rep.get("id")) if isinstance(rep, dict) else None
        if other is not None:
            rep = {k: v for k, v in rep.items() if k not in OF_TEAM or k in other}
            rep |= {k: other[k] for k in OF_TEAM if k in other}
        made.append(rep)
    return made
