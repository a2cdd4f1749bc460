"""One record being written to a CRM: the write, its result, and its sync row. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.crm.merge import Change, Ours
from core.crm.records import Kind, NotWritten, Record, Stored, Write, Written, digest, same
from core.store.crm_sync_tables import CrmSyncRow

ADOPTED = "adopted"
"""Link of a record that existed before us: we must not delete it."""
OWNER_REFUSED = (
    "The owner does not stay as routing chose: a workflow or an assignment rule of the CRM changes"
    " it. Exempt records of this integration from the rule, then retry."
)


@dataclass(slots=True)
class CrmEntry:
    """`result`: the CRM's answer to `write`; None if there was nothing to write."""

    record: Record
    row: CrmSyncRow
    stored: Stored | None
    change: Change
    older: bool = False
    """A later conversation has contributed to the same record."""
    gone: bool = False
    """A person deleted what this conversation had written."""
    write: Write | None = None
    links: Mapping[Kind, str] = field(default_factory=dict)
    result: Written | NotWritten | None = None
    owner_refused: bool = False

    @property
    def written(self) -> Written:
        """The result of an accepted write."""
        assert isinstance(self.result, Written)
        return self.result

    @property
    def wrote_owner(self) -> bool:
        """Whether the CRM accepted an owner we wrote."""
        return (
            self.write is not None
            and "owner" in self.write.fields
            and isinstance(self.result, Written)
            and "owner" not in self.result.left
        )

    def foretell(self) -> None:
        """Note what is about to be written, in case its answer is lost."""
        assert self.write is not None
        fields = dict(self.row.fields)
        for name, value in self.write.fields.items():
            fields[name] = {**fields.get(name, {}), "meant": digest(value)}
        self.row.fields = fields

    def owner_stands(self, stored: Stored | None) -> bool:
        """Whether the CRM has the owner we wrote."""
        return stored is not None and same(
            stored.fields.get("owner", ""), self.record.fields["owner"]
        )

    def only_owner(self) -> Write:
        """The same write with the owner only."""
        owner = {"owner": self.record.fields["owner"]}
        kind, key = self.record.kind, self.record.key
        return Write(kind, key, owner, self.written.id, variant=self.record.variant)

    @property
    def status(self) -> str:
        """The result as one word, for the call document."""
        if self.result is None:
            return "unchanged"
        return "created" if self.written.created else "updated"

    def refused(self, at: datetime) -> None:
        """Record in the row that the CRM refused the write, with what would have been written."""
        assert isinstance(self.result, NotWritten)
        row, refusal = self.row, self.result
        row.code, row.message, row.remedy = refusal.code, refusal.message, refusal.remedy
        row.state, row.updated_at = ("retrying" if refusal.retryable else "dead"), at
        self._note_fields({}, refused=True)

    def settled(self, at: datetime) -> None:
        """Record in the row that the CRM has it."""
        row = self.row
        row.code = row.message = row.remedy = ""
        row.synced_at = row.updated_at = at
        if self.gone:
            row.state, row.message = "kept", "It was deleted in the CRM, and is not made again."
            return
        left: Mapping[str, str] = {}
        if isinstance(self.result, Written):
            row.remote_id, row.url = self.result.id, self.result.url or row.url
            row.links = {**row.links, **{str(kind): key for kind, key in self.links.items()}}
            if self.write is not None and self.write.adopts:
                row.links |= {ADOPTED: self.result.id}
            left = self.result.left
        elif self.stored is not None:
            row.remote_id = self.stored.id
        self._note_fields(left)
        why = next((w for w in left.values() if w), OWNER_REFUSED if self.owner_refused else "")
        if why:
            row.state, row.code, row.message, row.remedy = "incomplete", "incomplete", why, why
        else:
            row.state = "kept" if "kept" in self.change.did.values() else "synced"

    def _note_fields(self, left: Mapping[str, str], *, refused: bool = False) -> None:
        theirs = self.stored.fields if self.stored else {}
        fields: dict[str, Any] = {n: f for n, f in self.row.fields.items()}
        for name, ours in self.record.fields.items():
            before = fields.get(name, {})
            told = name in left or refused
            did = "left" if told else self.change.did.get(name, "same")
            stands = theirs.get(name, "")
            made = {"ours": ours, "theirs": ours if did == "written" else stands, "did": did}
            if refused:
                made |= {"last": before.get("last", ""), "meant": before.get("meant", "")}
            elif told:
                made |= {"why": left[name], "left": digest(ours)}
            elif did == "written" or same(ours, stands):
                made["last"] = digest(ours)
            else:
                made["last"] = before.get("last", "")
            fields[name] = made
        self.row.fields = fields


def known(row: CrmSyncRow) -> dict[str, Ours]:
    """Which field values are ours, as far as we know."""
    return {n: Ours(f.get("last", ""), f.get("meant", "")) for n, f in row.fields.items()}


def without_left(record: Record, row: CrmSyncRow) -> Record:
    """The record without the fields the CRM has said it lacks."""
    told = {n: f["left"] for n, f in row.fields.items() if "left" in f and not f["why"]}
    fields = {n: v for n, v in record.fields.items() if told.get(n) != digest(v)}
    return replace(record, fields=fields)


def shown(row: CrmSyncRow, status: str) -> dict[str, Any]:
    """A record as listed in the call document."""
    made = {"object": row.kind, "key": row.key, "id": row.remote_id, "status": status}
    if row.url:
        made["url"] = row.url
    if row.message:
        made |= {"error": row.message, "remedy": row.remedy}
    return made
