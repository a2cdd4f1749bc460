"""The life of an article's version: draft, in review, approved, published, retired. Pure.

    draft ──submit──▸ in review ──approve──▸ approved ──publish──▸ published ──retire──▸ retired
      ▴                   │ reject               │ reject              │ rollback
      └───────────────────┴──────────────────────┘                     ▾
                                                     a new version with the old words, in review

The trail decides a version's stage, not the `status` in its file: an approval holds only for the
content that was approved, and a later edit makes it a draft again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from knowledge.article_text import (
    NoFrontMatter,
    content_hash,
    front_of,
    version_of,
    with_keys,
)
from knowledge.entry import Status
from knowledge.errors import KnowledgeError
from knowledge.governance.trail import Action, TrailEntry, authors, last_live, published

Stage = Literal["draft", "in_review", "approved"]


class Refused(KnowledgeError):
    """The rules do not allow the action; the text says why and what to do instead."""

    code = "refused"


@dataclass(frozen=True, slots=True)
class Record:
    """One article: its files and its entries in the trail."""

    article: str
    live: str | None
    """Text of `articles/<id>.md`."""
    draft: str | None
    """Text of `drafts/<id>.md`."""
    kept: Mapping[int, str]
    """Texts of all versions ever published, by number."""
    entries: tuple[TrailEntry, ...]

    @property
    def live_version(self) -> int | None:
        """The currently published version."""
        entry = last_live(self.entries)
        return entry.version if entry else None

    @property
    def next_version(self) -> int:
        """A number not yet used for a version of this article."""
        shown = [version_of(text) for text in (self.live,) if text]
        return max([0, *shown, *self.kept, *(e.version for e in self.entries)]) + 1


@dataclass(frozen=True, slots=True)
class Act:
    """An action's result: an entry for the trail, and the article's files afterwards."""

    action: Action
    version: int
    content: str
    note: str = ""
    live: str | None = None
    """New text of the live file; None leaves it unchanged."""
    draft: str | None = None
    """New text of the draft; None leaves it unchanged."""
    keep: str | None = None
    """Text to keep permanently as this version."""
    drop_draft: bool = False


def stage(record: Record) -> Stage | None:
    """The draft's stage; None when there is no draft."""
    if record.draft is None:
        return None
    last = _last(record)
    if last is None or last.content != content_hash(record.draft):
        return "draft"
    kinds: dict[Action, Stage] = {
        "submitted": "in_review", "rolled-back": "in_review", "approved": "approved",
    }  # fmt: skip
    return kinds.get(last.action, "draft")


def approver(record: Record) -> str | None:
    """Who approved the draft in its present form."""
    last = _last(record)
    return last.actor if last and stage(record) == "approved" else None


def _last(record: Record) -> TrailEntry | None:
    version = version_of(record.draft or "")
    return next((e for e in reversed(record.entries) if e.version == version), None)


def edited_since(record: Record) -> bool:
    """Whether the draft differs from what was last submitted or approved."""
    last = _last(record)
    passed = last is not None and last.action in ("submitted", "rolled-back", "approved")
    return bool(passed and last and record.draft and last.content != content_hash(record.draft))


# --- the acts ------------------------------------------------------------------------------------


def create(record: Record, actor: str, text: str) -> Act:
    """A draft by `actor` of a new article or a further version."""
    if record.draft is not None:
        raise Refused(
            f"{record.article} already has a draft; finish it, or remove drafts/{record.article}.md"
        )
    text = as_draft(text, record.next_version, actor)
    return Act("created", record.next_version, content_hash(text), draft=text)


def as_draft(text: str, version: int, author: str) -> str:
    """A text turned into the draft of a new version."""
    return with_keys(text, version=version, author=author, status="draft", approved_by=None)


def submit(record: Record, actor: str) -> Act:
    """Submit the draft for review in its present form."""
    draft = _draft(record)
    if stage(record) != "draft":
        raise Refused(f"{record.article} is already {_said(stage(record))}; nothing changed in it")
    if (named := front_of(draft).get("id")) != record.article:
        raise Refused(
            f"drafts/{record.article}.md says `id: {named}`; write `id: {record.article}`"
        )
    if version_of(draft) != record.next_version and not _open(record, version_of(draft)):
        raise Refused(
            f"the draft says `version: {version_of(draft)}`, which was published before; "
            f"write `version: {record.next_version}`"
        )
    author = front_of(draft).get("author") or actor
    draft = with_keys(draft, author=author, status="in_review", approved_by=None)
    return Act("submitted", version_of(draft), content_hash(draft), draft=draft)


def _open(record: Record, version: int) -> bool:
    """Whether a version was started and is newer than anything published."""
    return version > max([0, *published(record.entries)])


def approve(record: Record, actor: str) -> Act:
    """Approve the draft, by someone who did not write it."""
    draft = _draft(record)
    _in_stage(record, "in_review", "submit it first")
    if actor in writers(record):
        raise Refused(
            f"{actor} wrote or submitted this version; someone else must approve it "
            "(`voice-agent knowledge approve … --as PERSON`)"
        )
    draft = with_keys(draft, status="approved", approved_by=actor)
    return Act("approved", version_of(draft), content_hash(draft), draft=draft)


def writers(record: Record) -> set[str]:
    """Everyone who may not approve the draft."""
    front = front_of(record.draft or "")
    named = {str(front["author"])} if front.get("author") else set[str]()
    return named | authors(record.entries, version_of(record.draft or ""))


def reject(record: Record, reason: str) -> Act:
    """Return the version to its author, or withdraw an approval."""
    draft = _draft(record)
    if stage(record) == "draft":
        raise Refused(f"{record.article} is a draft already; there is nothing to reject")
    draft = with_keys(draft, status="draft", approved_by=None)
    return Act("rejected", version_of(draft), content_hash(draft), _reason(reason), draft=draft)


def publish(record: Record, today: date, action: Action = "published", note: str = "") -> Act:
    """Publish the approved draft; its text is kept permanently."""
    draft = _draft(record)
    _in_stage(record, "approved", "have it approved first (`submit`, then `approve`)")
    if not _open(record, version_of(draft)):
        raise Refused(
            f"version {version_of(draft)} is older than what was published since; write "
            f"`version: {record.next_version}` and submit it again"
        )
    return _live(with_keys(draft, approved_by=approver(record)), today, action, note)


def _live(text: str, today: date, action: Action, note: str) -> Act:
    due = front_of(text).get("review_by")
    if isinstance(due, date) and due < today:
        raise Refused(f"its review was due {due.isoformat()}: set `review_by` and submit it again")
    text = with_keys(text, status="published")
    version = version_of(text)
    return Act(action, version, content_hash(text), note, live=text, keep=text, drop_draft=True)


def retire(record: Record, reason: str) -> Act:
    """Take the live version out of use; its text stays."""
    if record.live is None or record.live_version is None:
        raise Refused(f"{record.article} is not published; there is nothing to retire")
    text = with_keys(record.live, status="retired")
    return Act("retired", record.live_version, content_hash(text), _reason(reason), live=text)


def roll_back(record: Record, actor: str, to: int, today: date) -> Act:
    """Create a new version with an earlier version's text, to be approved."""
    if record.draft is not None:
        raise Refused(
            f"{record.article} has a draft; publish or remove drafts/{record.article}.md first"
        )
    text = _restated(record, actor, to, today)
    text = with_keys(text, status="in_review")
    note = f"words of version {to}"
    return Act("rolled-back", version_of(text), content_hash(text), note, draft=text)


def roll_back_at_once(record: Record, actor: str, to: int, today: date, reason: str) -> Act:
    """The same in an emergency: live at once, based on its earlier approval."""
    once = front_of(record.kept.get(to, "")).get("approved_by")
    text = with_keys(_restated(record, actor, to, today), approved_by=once)
    if once == actor:
        raise Refused(f"{actor} approved version {to}; someone else must bring it back")
    note = f"words of version {to}; {_reason(reason)}"
    act = _live(text, today, "published-emergency", note)
    return replace(act, drop_draft=False)


def _restated(record: Record, actor: str, to: int, today: date) -> str:
    if to not in record.kept:
        had = ", ".join(str(v) for v in sorted(record.kept)) or "none"
        raise Refused(f"{record.article} has no published version {to}; it has {had}")
    if to == record.live_version:
        raise Refused(f"version {to} is the one that is live")
    text = as_draft(record.kept[to], record.next_version, actor)
    return with_keys(text, valid_from=today)


def restore(record: Record, actor: str) -> Act:
    """Restore the approved text of the live version; the text it replaces becomes a draft."""
    version = record.live_version
    if version is None or version not in record.kept:
        raise Refused(f"{record.article} has no published version to put back")
    whole, found = record.kept[version], record.live
    if found is not None and content_hash(found) == content_hash(whole):
        raise Refused(f"{record.article} is as it was approved; there is nothing to restore")
    draft: str | None = None
    if found is not None:
        if record.draft is not None:
            raise Refused(
                f"{record.article} was changed and has a draft too; take from "
                f"articles/{record.article}.md what you need, remove it, and restore again"
            )
        try:
            draft = as_draft(found, record.next_version, actor)
        except NoFrontMatter:
            draft = as_draft(whole, record.next_version, actor).rstrip("\n") + f"\n\n{found}"
    note = f"version {version} put back" + ("; the change is a draft now" if draft else "")
    after = record.next_version if draft else version
    return Act("restored", after, content_hash(draft or whole), note, live=whole, draft=draft)


# --- what they share -----------------------------------------------------------------------------


def _draft(record: Record) -> str:
    if record.draft is None:
        remedy = "begin one with `voice-agent knowledge new`, or see `list`"
        raise Refused(f"{record.article} has no draft; {remedy}")
    return record.draft


def _in_stage(record: Record, wanted: Status, remedy: str) -> None:
    if edited_since(record):
        raise Refused(
            f"{record.article} was edited after it was {_passed(record)}; submit it again"
        )
    found = stage(record)
    if found != wanted:
        raise Refused(f"{record.article} is {_said(found)}, not {_said(wanted)}; {remedy}")


def _passed(record: Record) -> str:
    last = _last(record)
    return "approved" if last and last.action == "approved" else "submitted"


def _said(status: Status | None) -> str:
    words = {"in_review": "in review", "draft": "a draft", None: "without a draft"}
    return words.get(status, status or "")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("say why, with `--reason`")
    return reason.strip()
