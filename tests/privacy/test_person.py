"""A person gets everything stored about them, or is forgotten in every file, with proof."""

import base64
import io
import json
import re
import signal
import sys
import wave
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from core.store.callback_tables import CallbackRow
from core.store.erasing import Erasure
from core.store.mail_tables import MailInRow, MailOutRow
from core.store.store import Store
from tests.core.talk import sample
from tests.fakes import stores
from tests.fakes.a_call import AT
from tests.privacy.a_person import WORDS, a_call, days, found_in
from voice_agent.api.contacts import routes as contacts
from voice_agent.audio.archive import Archive
from voice_agent.audio.sealed import Keys, new_key
from voice_agent.cli import main
from voice_agent.privacy.certificate import Certifier, signer, verified
from voice_agent.privacy.export import Exporter
from voice_agent.privacy.routes import Privacy
from voice_agent.workflows.erasure import Eraser

pytestmark = pytest.mark.real_clock
LATER = AT + days(1)
NOT_EXPORTED = {
    "account_alias": "names a company",
    "calendar_entry": "a meeting as it is in bookings.json",
    "card": "computed from the conversation, like its lines",
    "card_criterion": "",
    "card_flag": "",
    "transcript": "",
    "conversation_standing": "",
    "crm_account": "a company",
    "identifier": "the values in person.json",
    "notice_delivery": "where a notice went",
    "person_erasure": "the erasure itself",
    "recording_peaks": "computed from the recording",
}
"""What erasure touches besides."""


def clock() -> datetime:
    return LATER


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "recordings", Keys.of(new_key()))


@pytest.fixture
async def api(store: Store, archive: Archive, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    company = sample().company
    exporter = Exporter(store, archive, lambda: company, clock, tmp_path)
    certify = Certifier(lambda: company, signer(b"secret"))
    privacy = Privacy(store, exporter, lambda: company, clock, certify)
    eraser = Eraser(store, archive, clock)
    app = Starlette(
        routes=[*privacy.routes("t0ken"), *contacts(store, "t0ken", eraser, clock, company)]
    )
    headers = {"authorization": "Bearer t0ken"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://agent/api/v1", headers=headers
    ) as client:
        yield client


async def test_an_export_holds_everything_and_leaves_nothing_behind(
    store: Store, archive: Archive, api: httpx.AsyncClient, tmp_path: Path
):
    person = await a_call(store, archive)
    await a_call(store, archive, "c2")
    raw = b"From: jane@acme.com\n\nhi from Jane"
    await store.mails.receive(MailInRow(key="m1", raw=raw, received_at=AT, conversation_id="c1"))
    before = files(tmp_path)
    given = await api.get(f"/contacts/{person}/export")
    assert given.status_code == 200 and given.headers["content-type"] == "application/zip"
    assert files(tmp_path) == before
    with zipfile.ZipFile(io.BytesIO(given.content)) as made:
        assert made.testzip() is None
        names, read = set(made.namelist()), made.read
        assert {"conversations/c1.json", "conversations/c2.wav", "mails/in/0001.eml"} <= names
        told = json.loads(read("conversations/c1.json"))
        assert any("jane doe" in line["text"] for line in told["transcript"])
        assert json.loads(read("person.json"))["id"] == person
        assert json.loads(read("consent.json"))[0]["words"] == "announced"
        assert read("mails/in/0001.eml") == raw
        with wave.open(io.BytesIO(read("conversations/c1.wav"))) as sound:
            assert sound.getnframes() == 8000
        listed = json.loads(read("manifest.json"))["sha256"]
        assert set(listed) == names - {"manifest.json"}


async def test_an_export_has_whatever_erasure_forgets(
    store: Store, archive: Archive, api: httpx.AsyncClient
):
    person = await a_call(store, archive)
    archive.path("c1").rename(archive.path("CA-c1"))  # as earlier versions named it
    loose = MailOutRow(
        id="m2", kind="notice", recipient="jane@acme.com", subject="Your call", text="Jane",
        letter={}, created_at=AT,
    )  # fmt: skip
    reply = MailOutRow(**{**loose.model_dump(), "id": "m1", "conversation_id": "c1"})
    promised = CallbackRow(
        id="p1", conversation_id="c1", company="tideline", number="+14155550123", said="at three",
        start_at=AT, end_at=AT, owner="sam", requested_at=AT, updated_at=AT,
    )  # fmt: skip
    for table, row in ((MailOutRow, loose), (MailOutRow, reply), (CallbackRow, promised)):
        made = sa.insert(table.__table__).values(row.model_dump())
        await store.write("t", lambda c, made=made: c.execute(made).rowcount)
    seen: list[str] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    given = await api.get(f"/contacts/{person}/export")
    exported = {t for sql in seen for t in re.findall(r"(?:FROM|JOIN) (\w+)", sql)}
    with zipfile.ZipFile(io.BytesIO(given.content)) as zipped:
        names = set(zipped.namelist())
        read = {name: zipped.read(name) for name in names}
    assert "conversations/c1.wav" in names
    assert {m["id"] for m in json.loads(read["mails/out.json"])} == {"m1", "m2"}
    assert json.loads(read["callbacks.json"])["callbacks"][0]["said"] == "at three"
    readme = read["README.txt"].decode()
    assert not [n for n in names if "/" not in n and n not in readme and n != "README.txt"]
    seen.clear()
    assert (await api.delete(f"/contacts/{person}")).json()["status"] == "erased"
    forgets = {t for sql in seen for t in re.findall(r"^(?:UPDATE|DELETE FROM) (\w+)", sql)}
    assert forgets - exported - set(NOT_EXPORTED) == set()


async def test_nobody_is_exported_and_nobody_without_a_token_exports(api: httpx.AsyncClient):
    assert (await api.get("/contacts/none/export")).status_code == 404
    assert (await api.get("/contacts/x/export", headers={"authorization": ""})).status_code == 401
    assert (await api.get("/contacts/none/erasure")).status_code == 404


async def test_a_forgotten_person_stands_in_no_file_and_there_is_a_certificate(tmp_path: Path):
    store = Store(stores.sqlite(tmp_path / "voice_agent.db"), server="one")
    archive = Archive(tmp_path / "recordings")
    person = await a_call(store, archive)
    assert {word for _, word in found_in(tmp_path)} >= {"Jane", "Acme", "jane@acme.com"}
    done = await Eraser(store, archive, clock).erase(person, "the privacy desk")
    assert isinstance(done, Erasure) and done.done and archive.names() == []
    assert found_in(tmp_path) == []  # not in the journal nor in free pages either
    await store.aclose()
    assert found_in(tmp_path) == []


async def test_the_certificate_says_what_was_erased_and_cannot_be_altered(
    store: Store, archive: Archive, api: httpx.AsyncClient
):
    person = await a_call(store, archive)
    gone = await api.delete(f"/contacts/{person}?by=desk")
    assert gone.json()["status"] == "erased"
    made: dict[str, Any] = (await api.get(f"/contacts/{person}/erasure")).json()
    assert verified(made) and made["requested_by"] == "desk" and made["erased"]["recordings"] == 1
    text = json.dumps(made).lower()
    assert not [word for word in WORDS if word.lower() in text]
    assert (await api.get(f"/contacts/{person}/erasure")).json() == made
    assert not verified({**made, "conversations": 0})
    assert not verified({**made, "signature": made["signature"][::-1]})
    other = signer(b"other").public_key().public_bytes_raw()
    assert not verified(made, base64.urlsafe_b64encode(other).decode())


async def test_a_hold_forbids_forgetting_and_is_listed(
    store: Store, archive: Archive, api: httpx.AsyncClient
):
    person = await a_call(store, archive)
    body = {"kind": "person", "target": person, "why": "a lawsuit", "by": "kim"}
    hold = (await api.post("/holds", json=body)).json()
    refused = await api.delete(f"/contacts/{person}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "under-legal-hold")
    assert hold["id"] in refused.json()["error"]["message"]
    assert (await api.get("/holds?standing=yes")).status_code == 422
    assert [h["id"] for h in (await api.get("/holds?standing=true")).json()["holds"]] == [
        hold["id"]
    ]
    assert (await api.post(f"/holds/{hold['id']}/release", json={"by": "kim"})).status_code == 200
    assert (await api.delete(f"/contacts/{person}")).status_code == 200
    for bad in ({}, {**body, "kind": "company"}, {**body, "why": ""}, {**body, "by": 7}):
        assert (await api.post("/holds", json=bad)).status_code == 422
    assert (await api.post("/holds", json={**body, "target": "none"})).status_code == 404
    assert (await api.post("/holds/none/release", json={"by": "x"})).status_code == 404


DYING = """
import os, signal, sys, anyio
from pathlib import Path
from core.store import erasing
from core.store.store import Store
from tests.privacy.test_person import clock
from voice_agent.audio.archive import Archive
from voice_agent.workflows import erasure

url, folder, person, after = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])

async def main():
    store = Store(url, server="dying")
    write, left = store.write, [after]
    async def dying(lane, work):
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return await write(lane, work)
    store.write = dying
    await erasure.Eraser(store, Archive(folder), clock).erase(person, "desk")

anyio.run(main)
"""


@pytest.mark.parametrize("after", [2])
async def test_forgetting_killed_in_the_middle_is_complete_after_the_next_start(
    tmp_path: Path, after: int
):
    url = stores.sqlite(tmp_path / "voice_agent.db")
    store, archive = Store(url, server="one"), Archive(tmp_path / "recordings")
    person = await a_call(store, archive)
    await a_call(store, archive, "c2")
    await store.aclose()
    command = [sys.executable, "-c", DYING, url, str(archive.folder), person, str(after)]
    died = await anyio.run_process(command, check=False)
    assert died.returncode == -signal.SIGKILL
    store = Store(url, server="two")
    assert await Eraser(store, archive, clock).resume() == 0
    await store.aclose()
    assert archive.names() == [] and found_in(tmp_path) == []


def test_the_commands_export_forget_and_prove(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    async def made() -> str:
        store = Store(stores.sqlite(tmp_path / "voice_agent.db"), server="one")
        person = await a_call(store, Archive(tmp_path / "recordings"))
        await store.aclose()
        return person

    person, var = anyio.run(made), ["--var", str(tmp_path)]
    out = tmp_path / "jane.zip"
    assert main(["person", "export", person, "--out", str(out), *var]) == 0
    assert zipfile.is_zipfile(out)
    out.unlink()
    capsys.readouterr()
    assert main(["person", "erase", person, "--by", "desk", *var]) == 0
    (tmp_path / "certificate.json").write_text(capsys.readouterr().out)
    assert main(["person", "verify", str(tmp_path / "certificate.json")]) == 0
    assert found_in(tmp_path) == []
    assert main(["person", "erase", "nobody", "--by", "desk", *var]) == 1
    assert main(["person", "verify", str(tmp_path / "none.json")]) == 1
