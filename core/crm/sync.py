"""`CrmSync`: a conversation's records in a CRM, once each, and never over a person's edits.

Each group of records is read, compared with what we last wrote, written, and recorded; a pending
write is recorded first, so that one whose answer was lost is later recognised as ours. No two
conversations write one record at a time, on whatever server: each would take the other's value for
a person's edit.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any

import anyio

from core.clock import Clock, utc_now
from core.crm.entry import CrmEntry, known, shown, without_left
from core.crm.merge import Change, change, note_lines
from core.crm.plan import alike_of, kept_note, plan
from core.crm.records import KINDS, Kind, NotWritten, Record, Ref, Stored, Write
from core.errors import CrmFailed, StoreFailed
from core.links import Links
from core.ports import Crm
from core.store import crm_sync as rows
from core.store.crm_keys import keys_of, overtaken
from core.store.crm_sync_tables import CrmSyncRow
from core.store.forgotten import among
from core.store.store import Store
from knowledge.sections.crm import Crm as Profile

log = logging.getLogger(__name__)
LANE = "crm"
BELONGED_TO: tuple[Kind, ...] = ("account", "contact")
WAITS = NotWritten(
    "waits-for-contact", "a lead belongs to a contact, which is not there", "Retry the contact."
)
WAITS_S = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Pauses before looking again whether another conversation's write of the same records is over."""
LATER_S = 10.0
Counts = Callable[[Mapping[str, int]], None]
"""Called with the number of records in each state, after each conversation."""


@dataclass(frozen=True, slots=True)
class CrmSync:
    """Writes conversations to one CRM."""

    crm: Crm
    store: Store
    clock: Clock = utc_now
    profile: Profile = field(default_factory=Profile)
    links: Links = Links()
    counted: Counts = lambda _: None
    _writers: set[str] = field(default_factory=set)
    """The writes in progress here."""
    _numbers: Iterator[int] = field(default_factory=count)

    async def write(self, document: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Write the records of one call document to the CRM; returns them.

        Each: {"object", "key", "id", "status"}, with `error` and `remedy` if permanently refused.
        Raises: CrmFailed, when some could not be written now and must be retried.
        """
        writer, run = f"{self.store.server}/{next(self._numbers)}", None
        self._writers.add(writer)
        try:
            run = await self._begin(document, writer)
            return await self._write(run)
        finally:
            self._writers.discard(writer)  # first: an end that is not stored must block nobody
            if run is not None and run.rows:
                release = partial(rows.release, writer=writer, ids=list(run.rows))
                with anyio.CancelScope(shield=True):
                    await self.store.write(LANE, release)

    async def _write(self, run: "_Run") -> list[dict[str, Any]]:
        try:
            for kind in KINDS[:-1]:
                await self._kind(run, kind, [r for r in run.records if r.kind == kind])
            if run.notes:
                note = kept_note(run.document, run.notes, run.whom)
                await self._open(run, [note])
                await self._kind(run, "note", [note])
        except CrmFailed as error:
            await self._failed(run, error)
            raise
        finally:
            await self.recount()
        if run.waiting:
            after_s = max(r.after_s for r in run.waiting)
            raise CrmFailed(run.waiting[0].message, after_s=after_s)
        return run.made

    async def recount(self) -> None:
        """Report the number of records in each state."""
        try:
            self.counted(await self.store.query(lambda c: rows.counts(c, self.crm.name)))
        except StoreFailed as error:
            log.warning("records are not counted: %s", error)

    async def given_up(self, conversation_id: str, error: Exception) -> list[dict[str, Any]]:
        """Record that a conversation's records are no longer retried; returns those affected."""
        remedy = getattr(error, "remedy", "") or "See that the CRM can be reached, then retry."

        def work(c: Any) -> list[dict[str, Any]]:
            mine = rows.of_conversation(c, self.crm.name, conversation_id)
            left = [row for row in mine if row.state in rows.UNSETTLED]
            for row in left:
                row.state, row.updated_at = "dead", self.clock()
                row.message, row.remedy = row.message or str(error), row.remedy or remedy
                row.code = row.code or CrmFailed.code
            rows.save(c, left)
            return [shown(row, "failed") for row in left]

        made = await self.store.write(LANE, work)
        await self.recount()
        return made

    async def _begin(self, document: Mapping[str, Any], writer: str) -> "_Run":
        """Take the records for this write, once nobody else has one. Raises: CrmFailed."""
        for pause in (*WAITS_S, None):
            run = await self._taken(document, writer)
            if run is not None:
                return run
            if pause is not None:
                await anyio.sleep(pause)
        raise CrmFailed("another conversation's write of the same records lasts", after_s=LATER_S)

    async def _taken(self, document: Mapping[str, Any], writer: str) -> "_Run | None":
        living = await self.store.servers.living()

        def writes(other: str) -> bool:
            server = other.rpartition("/")[0]
            return other in self._writers if server == self.store.server else server in living

        at, spoken = self.clock(), datetime.fromisoformat(document["started_at"])

        def work(c: Any) -> _Run | None:
            if among(c, [document["id"]]):
                return _Run(document, spoken, writer, [], {})  # nothing erased may come back
            keys = keys_of(c, document, at, self.crm.name)
            nobodies = self.crm.name == "embedded"
            mine = rows.of_conversation(c, self.crm.name, document["id"])
            led = any(row.kind == "lead" and row.remote_id for row in mine)
            planned = plan(document, keys, self.links, self.profile, nobodies=nobodies, led=led)
            if overtaken(c, document):
                planned = [r for r in planned if r.kind != "meeting"]
            known = rows.begin(
                c, self.crm.name, planned, document["id"], spoken, at, writer, writes
            )
            if known is None:
                return None
            rows.unplan(c, self.crm.name, document["id"], list(known), writes)
            return _Run(document, spoken, writer, planned, known)

        return await self.store.write(LANE, work)

    async def _open(self, run: "_Run", records: Sequence[Record]) -> None:
        """Create rows for unforeseen records."""
        at = self.clock()

        def work(c: Any) -> dict[str, CrmSyncRow] | None:
            return rows.begin(
                c, self.crm.name, records, run.conversation, run.spoken, at, run.writer,
                lambda other: False,
            )  # fmt: skip

        made = await self.store.write(LANE, work)
        run.rows.update(made or {})  # nobody else writes this note

    async def _kind(self, run: "_Run", kind: Kind, records: Sequence[Record]) -> None:
        """Write all records of one kind; a permanent refusal does not stop the other kinds.

        Raises: CrmFailed, if a retry is needed.
        """
        try:
            if records:
                await self._group(run, kind, records)
        except CrmFailed as error:
            if error.retryable:
                raise
            left = [run.row(self.crm.name, record) for record in records]
            await self._mark(left, error)
            run.made += [shown(row, "failed") for row in left]

    async def _group(self, run: "_Run", kind: Kind, records: Sequence[Record]) -> None:
        """Records of one kind: read, compared, written, verified and recorded."""
        for record in records:
            row = run.row(self.crm.name, record)
            row.tries, row.tried_at = row.tries + 1, self.clock()
        stored = await self.crm.read(kind, [self._ref(run, r) for r in records])
        entries = [self._entry(run, r, stored.get(r.key)) for r in records]
        todo = [e for e in entries if e.write is not None]
        for entry in todo:
            entry.foretell()
        await self._save(entries)
        writes = [e.write for e in todo if e.write is not None]
        results = await self.crm.upsert(kind, writes) if writes else ()
        for entry, result in zip(todo, results, strict=True):
            entry.result = result
        await self._verify_owners(kind, [e for e in todo if e.wrote_owner])
        for entry in entries:
            self._settle(run, entry)
        await self._save(entries)

    def _ref(self, run: "_Run", record: Record) -> Ref:
        row = run.row(self.crm.name, record)
        alike = {} if row.remote_id else alike_of(record, run.document, self.crm.name)
        return Ref(record.key, row.remote_id, alike, record.variant)

    def _entry(self, run: "_Run", record: Record, stored: Stored | None) -> CrmEntry:
        row = run.row(self.crm.name, record)
        gone = stored is None and bool(row.remote_id)
        if gone and row.synced_at and row.spoken_at == run.spoken:
            return CrmEntry(record, row, None, Change({}), gone=True)
        if gone:  # somebody deleted it, but there is new information
            row.remote_id, row.fields, row.links = "", {}, {}
        record = without_left(record, row)
        older = row.synced_at is not None and row.spoken_at > run.spoken
        entry = CrmEntry(
            record, row, stored, change(record, stored, known(row), older=older), older
        )
        links = {k: run.ids[k] for k in record.links if k in run.ids}
        if record.kind == "lead" and "contact" not in links:
            entry.result = WAITS
            return entry
        linked = any(row.links.get(k) != v for k, v in links.items())
        theirs, adopts = (stored.id, not stored.key) if stored else ("", False)
        if stored is None or entry.change.write or linked or adopts:
            entry.write = Write(
                record.kind, record.key, entry.change.write, theirs, links, record.variant, adopts
            )
            entry.links = links
        return entry

    async def _verify_owners(self, kind: Kind, wrote: Sequence[CrmEntry]) -> None:
        """Read back the owners we wrote; if another one stands, write once more and report it."""
        for again in (True, False):
            if not wrote:
                return
            refs = [Ref(e.record.key, e.written.id, {}, e.record.variant) for e in wrote]
            stored = await self.crm.read(kind, refs)
            wrote = [e for e in wrote if not e.owner_stands(stored.get(e.record.key))]
            if again and wrote:
                await self.crm.upsert(kind, [e.only_owner() for e in wrote])
        for entry in wrote:
            entry.owner_refused = True

    def _settle(self, run: "_Run", entry: CrmEntry) -> None:
        """Record one record's result: in its row, in the return value, and in the note."""
        row, at = entry.row, self.clock()
        if isinstance(entry.result, NotWritten):
            entry.refused(at)
            if entry.result.retryable:
                run.waiting.append(entry.result)
            run.made.append(shown(row, "failed"))
            return
        entry.settled(at)
        if not entry.older:
            row.spoken_at = run.spoken
        if row.remote_id and not entry.gone:
            run.ids[entry.record.kind] = row.remote_id
            if entry.record.kind in BELONGED_TO:
                run.whom[entry.record.kind] = entry.record.key
        run.notes += note_lines(entry.record, entry.change)
        run.made.append(shown(row, entry.status))

    async def _failed(self, run: "_Run", error: CrmFailed) -> None:
        """The CRM is down or refuses us: record it on every record not yet done."""
        done = {(r["object"], r["key"]) for r in run.made}
        await self._mark(
            [row for row in run.rows.values() if (row.kind, row.key) not in done], error
        )

    async def _mark(self, left: Sequence[CrmSyncRow], error: CrmFailed) -> None:
        """Record why these were not written."""
        for row in left:
            row.state = "retrying" if error.retryable else "dead"
            row.code, row.message, row.remedy = error.code, str(error), error.remedy
            row.updated_at = self.clock()
        try:
            await self.store.write(LANE, lambda c: rows.save(c, left))
        except StoreFailed as failed:
            log.warning("what the CRM refused is not noted: %s", failed)

    async def _save(self, entries: Sequence[CrmEntry]) -> None:
        await self.store.write(LANE, lambda c: rows.save(c, [e.row for e in entries]))


@dataclass(slots=True)
class _Run:
    """One conversation's write."""

    document: Mapping[str, Any]
    spoken: datetime
    writer: str
    records: Sequence[Record]
    rows: dict[str, CrmSyncRow]
    ids: dict[Kind, str] = field(default_factory=dict)
    """CRM ids of the records that others belong to."""
    whom: dict[Kind, str] = field(default_factory=dict)
    """Their keys, for the note."""
    notes: list[str] = field(default_factory=list)
    waiting: list[NotWritten] = field(default_factory=list)
    made: list[dict[str, Any]] = field(default_factory=list)

    @property
    def conversation(self) -> str:
        return str(self.document["id"])

    def row(self, system: str, record: Record) -> CrmSyncRow:
        return self.rows[rows.row_id(system, record.kind, record.key)]
