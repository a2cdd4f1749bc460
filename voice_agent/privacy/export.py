"""Everything about a person as one ZIP: identity, conversations, audio, mails, consent.

It is built on disk, file by file, so that hours of recordings take no memory.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from anyio import from_thread, to_thread

from core.clock import Clock
from core.events import ConsentRecorded, Logged
from core.projections.document import document, instant
from core.store.contact_view import contact
from core.store.personal import rows_about
from core.store.store import Store
from knowledge.profile import Company
from voice_agent.audio.archive import Archive

README = """Everything {company} keeps about one person, made on {at}.

person.json                 who they are to us, and what is known with where it was said
conversations/ID.json       each conversation: transcript, what was understood, what was decided
conversations/ID.wav        its recording: caller left, agent right, a colleague in the middle
consent.json                what they agreed to or declined, in their words, and when
bookings.json               meetings
callbacks.json              promised calls, what became of them, and our calls
transfers.json              what was handed to a colleague with a transferred call
stops.json                  what they asked not to receive
mails/in/*.eml, mails/out.json   mails
crm.json                    records written to the CRM
nurture.json                why and until when we keep in touch
notices.json                what people of the team were told
review.json                 what people of the team wrote about the conversations
manifest.json               every file with its SHA-256
"""
FILES = {
    "bookings": ("bookings",),
    "callbacks": ("callbacks", "callback_events", "callback_attempts"),
    "transfers": ("transfers",),
    "stops": ("do_not_call", "do_not_call_changes", "mail_stops"),
    "mails/out": ("mails_out",),
    "crm": ("crm_records", "crm_sync", "crm_contacts", "crm_activities", "crm_meetings"),
    "nurture": ("nurture",),
    "notices": ("notices",),
    "review": ("comments", "verdicts", "answers", "scorecards", "shares"),
}
"""The rows of each file; a file of one kind is a list."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """Builds exports. All raise StoreFailed."""

    store: Store
    archive: Archive
    company: Callable[[], Company]
    clock: Clock
    folder: Path
    """Folder for temporary files; nothing stays there."""

    async def export(self, person: str) -> IO[bytes] | None:
        """A ZIP, open at its beginning; closing it deletes it. None for an unknown person."""
        company = self.company()
        shown = await self.store.query(lambda c: contact(c, person, company))
        rows = await self.store.query(lambda c: rows_about(c, person))
        if shown is None or rows is None:
            return None
        file = tempfile.TemporaryFile(dir=self.folder, suffix=".zip")
        try:
            await to_thread.run_sync(self._write, file, shown, rows)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def _write(self, file: IO[bytes], shown: dict[str, Any], rows: dict[str, Any]) -> None:
        sums: dict[str, str] = {}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            parts = _Parts(made, sums)
            now = instant(self.clock())
            parts.put("README.txt", README.format(company=self.company().name, at=now).encode())
            parts.put_json("person.json", shown)
            consent = []
            for conversation_id, names in rows["conversations"].items():
                logged = from_thread.run(self.store.log.read, conversation_id)
                consent += _consent(conversation_id, logged)
                told = document(conversation_id, logged, company=self.company())
                parts.put_json(f"conversations/{conversation_id}.json", told)
                opened = (self.archive.open(one) for one in names)
                recording = next((one for one in opened if one is not None), None)
                if recording is not None:
                    parts.put(f"conversations/{conversation_id}.wav", recording.blocks())
            parts.put_json("consent.json", consent)
            for n, mail in enumerate(rows["mails_in"], start=1):
                parts.put(f"mails/in/{n:04}.eml", mail["raw"])
            for name, kinds in FILES.items():
                given = {kind: rows[kind] for kind in kinds}
                parts.put_json(f"{name}.json", given if len(kinds) > 1 else given[kinds[0]])
            made.writestr("manifest.json", _json({"made_at": now, "sha256": sums}))


@dataclass(frozen=True, slots=True)
class _Parts:
    made: zipfile.ZipFile
    sums: dict[str, str]

    def put(self, name: str, content: bytes | Iterator[bytes]) -> None:
        digest = hashlib.sha256()
        with self.made.open(name, "w", force_zip64=True) as part:
            for block in (content,) if isinstance(content, bytes) else content:
                digest.update(block)
                part.write(block)
        self.sums[name] = digest.hexdigest()

    def put_json(self, name: str, value: Any) -> None:
        self.put(name, _json(value))


def _consent(conversation_id: str, logged: list[Logged]) -> list[dict[str, Any]]:
    return [
        {
            "conversation_id": conversation_id,
            "at": instant(entry.at),
            "kind": fact.kind,
            "state": fact.state,
            "words": fact.words,
            "at_ms": fact.at_ms,
        }
        for entry in logged
        if isinstance(fact := entry.fact, ConsentRecorded)
    ]


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False, default=_plain).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
