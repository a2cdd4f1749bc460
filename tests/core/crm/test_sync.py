"""Conversations of one person that are written to the CRM at the same time, on whatever server."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
import sqlalchemy as sa

from core.crm import sync
from core.crm.records import Kind, NotWritten, Record, Ref, Stored, Write, Written
from core.crm.sync import CrmSync
from core.errors import CrmFailed, StoreFailed
from core.facts.corrections import SignalCorrected
from core.projections.document import document
from core.store import crm_sync as rows
from core.store.crm_sync_tables import CrmSyncRow
from core.store.erasing import Erasure
from core.store.store import Store
from core.store.tables import ContactRow
from tests.contracts.test_crm import called, told
from tests.fakes.a_call import AT, facts
from voice_agent.adapters.crm_embedded import EmbeddedCrm
from voice_agent.audio.archive import Archive
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock


class Slow(EmbeddedCrm):
    """A CRM whose write of a contact lasts until it may end."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, lambda: AT)
        self.begun, self.may_end = anyio.Event(), anyio.Event()

    async def upsert(self, kind: Kind, writes: Sequence[Write]) -> Sequence[Written | NotWritten]:
        done = await super().upsert(kind, writes)
        if kind == "contact":
            self.begun.set()
            await self.may_end.wait()
        return done


def named(last: str) -> dict[str, Any]:
    """The document of a call whose buyer's name was heard as Doe, and maybe corrected."""
    which, logged, made = called()
    if last == "Doe":
        return made
    right = SignalCorrected("k1", "s2", "name", "Jane Doe", f"Jane {last}", "sam")
    return document(which, [*logged, replace(logged[-1], seq=len(logged) + 1, fact=right)])


async def contact(store: Store) -> CrmSyncRow:
    found = await store.query(lambda c: rows.page(c, rows.SyncFilters(kind="contact"), 9, None))
    (row,) = found
    return row


async def test_two_writes_of_a_person_at_once_take_no_value_of_ours_for_a_persons(both: Store):
    crm = Slow(both)
    await told(SimpleNamespace(store=both))
    records = CrmSync(crm, both, lambda: AT)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(records.write, named("Doe"))
        await crm.begun.wait()
        tasks.start_soon(records.write, named("Dow"))
        await anyio.sleep(0.1)
        crm.may_end.set()
    await records.write(named("Dee"))
    row = await contact(both)
    assert row.fields["last_name"]["theirs"] == "Dee"
    assert (row.state, row.writer) == ("synced", "")


async def test_what_another_server_writes_is_left_to_it_until_it_is_done_or_dead(
    url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sync, "WAITS_S", (0.01,))
    one, two = Store(url, server="one"), Store(url, server="two")
    for store in (one, two):
        await store.servers.beat(AT)
    await told(SimpleNamespace(store=one))
    crm = Slow(one)
    other = CrmSync(EmbeddedCrm(two, lambda: AT), two, lambda: AT)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(CrmSync(crm, one, lambda: AT).write, named("Doe"))
        await crm.begun.wait()
        with pytest.raises(CrmFailed) as refused:
            await other.write(named("Dow"))
        assert refused.value.retryable
        crm.may_end.set()
    await other.write(named("Dow"))
    left = sa.update(CrmSyncRow.__table__).values(writer="one/9")
    await one.write("crm", lambda c: c.execute(left).rowcount)
    await one.servers.sign_off(AT)
    await other.write(named("Dee"))
    row = await contact(two)
    assert (row.state, row.fields["last_name"]["theirs"]) == ("synced", "Dee")
    await one.aclose()
    await two.aclose()


async def test_a_write_whose_end_could_not_be_stored_keeps_nobody_from_its_records(
    both: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sync, "WAITS_S", (0.01,))
    await told(SimpleNamespace(store=both))
    records = CrmSync(EmbeddedCrm(both, lambda: AT), both, lambda: AT)

    def away(*_: object, **__: object) -> None:
        raise StoreFailed("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(rows, "release", away)
        with pytest.raises(StoreFailed):
            await records.write(named("Doe"))
    await records.write(named("Dow"))
    row = await contact(both)
    assert (row.state, row.writer) == ("synced", "")


class Down(EmbeddedCrm):
    """A CRM that is away for its first read."""

    up = False

    async def read(self, kind: Kind, refs: Sequence[Ref]) -> Mapping[str, Stored]:
        if not self.up:
            raise CrmFailed("away")
        return await super().read(kind, refs)


async def test_records_that_a_merge_made_another_persons_do_not_wait_for_ever(both: Store):
    await both.log.append("c0", AT, facts("CA-c0", "+14155550199")[:1])
    await told(SimpleNamespace(store=both))
    crm = Down(both, lambda: AT)
    records = CrmSync(crm, both, lambda: AT)
    _, _, made = called()
    with pytest.raises(CrmFailed):
        await records.write(made)
    kept, own = [await both.people.person_of(which) for which in ("c0", "c1")]
    assert kept and own and kept != own
    await both.people.merge(kept, own, "the same", "ann", AT)
    crm.up = True
    await records.write(made)
    assert (await both.query(lambda c: rows.counts(c, "embedded")))["retrying"] == 0
    assert (await contact(both)).key == kept


async def test_a_record_another_write_has_taken_is_let_go_of_only_once_that_is_dead(both: Store):
    record = Record("contact", "p1", {})

    def left(c: sa.Connection) -> list[int]:
        rows.begin(c, "embedded", [record], "c1", AT, AT, "one/1", lambda _: True)
        counted = []
        for lives in (True, False):
            rows.unplan(c, "embedded", "c1", [], lambda _, lives=lives: lives)
            counted.append(rows.counts(c, "embedded")["pending"])
        return counted

    assert await both.write("crm", left) == [1, 0]


async def test_nothing_comes_back_of_a_person_who_is_forgotten_while_a_write_goes_on(
    both: Store, tmp_path: Path
):
    await both.servers.beat(AT)
    await told(SimpleNamespace(store=both))
    await both.conversations.mark_wrapped("c1", AT)
    person = await both.people.person_of("c1")
    assert person is not None
    crm, eraser = Slow(both), Eraser(both, Archive(tmp_path), lambda: AT)

    async def written() -> None:
        with suppress(CrmFailed):  # the company it belongs to is gone
            await CrmSync(crm, both, lambda: AT).write(named("Doe"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(written)
        await crm.begun.wait()
        begun = await eraser.erase(person)
        assert isinstance(begun, Erasure) and not begun.done
        crm.may_end.set()
    assert await eraser.resume() == 0
    contacts = sa.select(sa.func.count()).select_from(ContactRow.__table__)
    assert await both.query(lambda c: c.execute(contacts).scalar_one()) == 0
    kept = sa.select(CrmSyncRow.__table__.c.fields).where(CrmSyncRow.__table__.c.kind == "contact")
    assert await both.query(lambda c: c.execute(kept).scalars().all()) == [{}]
