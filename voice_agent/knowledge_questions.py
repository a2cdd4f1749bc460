"""`voice-agent knowledge questions`: checks questions from other systems against the knowledge.

Unanswered questions are kept without personal data and ranked in the report of gaps with those that
callers asked. Importing an export again replaces what it brought before.
"""

import argparse
import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import anyio
import sqlalchemy as sa
from anyio import to_thread

from core.clock import utc_now
from core.errors import StoreFailed
from core.rehearsal.auditing import Audited, Auditor
from core.store.asked import LANE, check_again, forget_source, replace_source, unchecked
from core.store.store import Store
from knowledge.answer import KnowledgeBase
from knowledge.gaps import gaps
from knowledge.governance.lifecycle import Refused
from knowledge.governance.office import Office
from knowledge.importing.exports import NAMES, Record, records
from knowledge.importing.proposal import ImportFailed
from knowledge.importing.transcripts import buyers_words
from knowledge.load import Loaded, load
from knowledge.positions import did_you_mean
from voice_agent.config import Settings
from voice_agent.database import make_folder, opened
from voice_agent.errors import ConfigError

Say = Callable[[str], None]
ENDINGS = (".csv", ".json", ".jsonl", ".ndjson", ".txt")
MOST_BYTES = 200_000_000
LONGEST_FIELD = 20_000_000
"""Characters in one CSV cell: some exports put a whole conversation there."""
MOST_NAMED = 6


def questions(settings: Settings, office: Office, given: argparse.Namespace, say: Say) -> int:
    """Audit the exports and keep their unanswered questions; 1 when one could not be read."""
    if given.forget:
        return anyio.run(_forget, settings, office, given.forget, say)
    if not given.exports:
        raise Refused("say which exports: voice-agent knowledge questions FILE …")
    columns, failed = _columns(given.column), 0
    csv.field_size_limit(LONGEST_FIELD)
    loaded = load(office.vault.folder)
    auditor = Auditor(loaded, KnowledgeBase(loaded), utc_now())
    found: dict[str, Audited] = {}
    for path in _files(given.exports):
        name = given.source or path.name
        try:
            read = _records(path, columns)
        except ImportFailed as error:
            say(str(error))
            failed += 1
            continue
        if name in found:
            say(f"{path}: another export is called {name}; import it by itself with --source NAME")
            failed += 1
            continue
        found[name] = auditor.audit(read, name)
        _tell(name, found[name], loaded, say)
    if found and not given.dry_run:
        failed += anyio.run(_keep, settings, loaded, found, say)
    return 1 if failed else 0


def _columns(given: list[str]) -> dict[str, str]:
    """Field to column. Raises: Refused."""
    columns = {}
    for one in given:
        field, sign, name = one.partition("=")
        if not sign or field not in NAMES or not name.strip():
            hint = did_you_mean(field, set(NAMES)) or f"Fields are {', '.join(NAMES)}."
            raise Refused(f"--column {one}: write FIELD=COLUMN. {hint}")
        columns[field] = name.strip()
    return columns


def _files(names: list[Path]) -> Iterator[Path]:
    """The exports; of a folder, every file that may be one. Raises: Refused."""
    for path in names:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS)
        if not inside:
            raise Refused(f"{path}: no {', '.join(ENDINGS)} in this folder")
        yield from inside


def _records(path: Path, columns: dict[str, str]) -> list[Record]:
    """The records of one export. Raises: ImportFailed."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ImportFailed(f"{path}: larger than {MOST_BYTES // 1_000_000} MB; split it")
        content = path.read_bytes()
    except OSError as error:
        raise ImportFailed(f"{path}: {error.strerror or error}") from error
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if path.suffix.lower() == ".txt":
        return [Record(path.name, (buyers_words(text),))]
    return records(text, path.name, columns)


def _tell(name: str, found: Audited, loaded: Loaded, say: Say) -> None:
    """Report what an export came to, in a few lines."""
    in_vain = [one for one in found.unanswered if not one.objection]
    doubts = [one for one in found.unanswered if one.objection]
    support = f"; {found.support} more are support's" if found.support else ""
    say(f"{name}: {found.records} records, {found.questions} questions{support}")
    if found.questions:
        say(f"  answered {found.questions - len(in_vain)}, not covered {len(in_vain)} "
            f"in {len(gaps(in_vain))} gaps")  # fmt: skip
    if found.objections:
        say(f"  {found.objections} reasons of lost deals, not covered {len(doubts)} "
            f"in {len(gaps(doubts))} gaps")  # fmt: skip
        currency = loaded.company.costs.currency
        dear = sorted(found.lost.items(), key=lambda pair: -pair[1])[:MOST_NAMED]
        for article, worth in dear:
            told = f"{worth:,.0f} {currency}"
            say(f"  lost all the same, though {article} answers it: deals of {told}")
    if found.other_currency:
        say(f"  in another currency than {loaded.company.costs.currency}, and counted without "
            f"their amount: {found.other_currency} of the deals")  # fmt: skip
    if found.answered:
        most = ", ".join(f"{a} {n}" for a, n in found.answered.most_common(MOST_NAMED))
        say(f"  asked most of what is answered: {most}")


async def _keep(settings: Settings, loaded: Loaded, found: dict[str, Audited], say: Say) -> int:
    at, version = utc_now(), loaded.knowledge_version

    def work(c: sa.Connection) -> None:
        for name, one in found.items():
            replace_source(c, loaded.company, name, one.unanswered, at, version)

    try:
        make_folder(settings.var, "VAR")
        async with opened(settings.store_url) as store:
            await store.write(LANE, work)
    except (StoreFailed, ConfigError) as error:
        say(f"what was found is not kept: {error}")
        return 1
    say("voice-agent knowledge gaps ranks them with callers' unanswered questions")
    return 0


async def _forget(settings: Settings, office: Office, source: str, say: Say) -> int:
    company = office.company()
    try:
        async with opened(settings.store_url) as store:
            gone = await store.write(LANE, lambda c: forget_source(c, company, source))
    except (StoreFailed, ConfigError) as error:
        say(f"nothing is forgotten: {error}")
        return 1
    say(f"{source}: {gone} questions are forgotten" if gone else f"nothing is kept of {source}")
    return 0 if gone else 1


async def checked_again(
    store: Store, loaded: Loaded, knowledge: Callable[[], KnowledgeBase]
) -> None:
    """Drop the questions that current knowledge answers; slow once per version of it.

    Raises: StoreFailed.
    """
    company, version = loaded.company, loaded.knowledge_version
    if not await store.query(lambda c: unchecked(c, company, version)):
        return
    auditor = await to_thread.run_sync(lambda: Auditor(loaded, knowledge(), utc_now()))
    await store.write(LANE, lambda c: check_again(c, company, version, auditor.answers))
