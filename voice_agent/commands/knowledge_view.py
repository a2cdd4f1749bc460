"""What `voice-agent knowledge` shows of a company's articles; only `new` writes anything."""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from core.clock import utc_now
from knowledge.article_file import parse_article
from knowledge.article_text import UNWRITTEN, front_of, new_front, version_of
from knowledge.errors import CompanyInvalid
from knowledge.golden import ask_all, read_golden
from knowledge.governance import lifecycle
from knowledge.governance.compare import compare
from knowledge.governance.gate import Gate, judge, would_be
from knowledge.governance.lifecycle import Record, Refused
from knowledge.governance.office import Office
from knowledge.governance.trail import TrailEntry, published
from knowledge.governance.vault import DRAFTS, GOLDEN
from knowledge.governance.verify import verify
from knowledge.lint import lint
from knowledge.lint_wordings import astray
from knowledge.load import assemble, load, look
from voice_agent.knowledge_gaps import next_act

Say = Callable[[str], None]


def listing(office: Office, given: argparse.Namespace, say: Say) -> int:
    """Every article, one per line."""
    trail = office.vault.trail()
    rows = [("article", "type", "live", "draft", "owner", "review by")]
    for name in office.names():
        record = office.record(name, trail)
        front = front_of(record.live or record.draft or "")
        status = str(front.get("status", "?")) if record.live else ""
        draft = lifecycle.stage(record) or ""
        topics = [str(topic).lower() for topic in front.get("topics") or ()]
        if given.status and given.status not in (status, draft):
            continue
        if given.owner and front.get("owner") != given.owner:
            continue
        if given.topic and given.topic.lower() not in topics:
            continue
        live = f"{version_of(record.live)} {status}" if record.live else "–"
        coming = f"{version_of(record.draft)} {draft}" if record.draft else ""
        rows.append((name, str(front.get("type", "?")), live, coming,
                     str(front.get("owner", "?")), str(front.get("review_by", "?"))))  # fmt: skip
    for line in columns(rows):
        say(line)
    say(f"\n{len(rows) - 1} articles" + ("" if office.adopted else _NOT_ADOPTED))
    return 0


_NOT_ADOPTED = "; no audit trail yet: `voice-agent knowledge adopt --as PERSON` begins it"


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as lines with aligned columns."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()


def text_of(record: Record, which: str) -> str:
    """A version's text by number, `live` or `draft`. Raises: Refused."""
    text = {"live": record.live, "draft": record.draft}.get(which)
    if text is None and which.isdecimal():
        text = record.kept.get(int(which))
        for other in (record.live, record.draft):
            if text is None and other is not None and version_of(other) == int(which):
                text = other
    if text is None:
        has = [*(str(v) for v in sorted(record.kept)), *(["live"] if record.live else [])]
        has += ["draft"] if record.draft else []
        raise Refused(f"{record.article} has no version `{which}`; it has {', '.join(has)}")
    return text


def show(office: Office, given: argparse.Namespace, say: Say) -> int:
    """One version in readable form."""
    record = office.known(given.article)
    which = given.version or ("live" if record.live is not None else "draft")
    text = text_of(record, which)
    file, problems = parse_article(text, given.article)
    if file is None:
        raise CompanyInvalid(problems)
    article = file.article
    where = lifecycle.stage(record) if which == "draft" else article.status
    say(f"{article.title}  ({article.id}, version {article.version}, {where})")
    by = f", approved by {article.approved_by}" if article.approved_by else ""
    wrote = f", written by {article.author}" if article.author else ""
    say(f"  {article.type}, {article.policy}; owner {article.owner}{wrote}{by}")
    say(f"  in force {article.valid_from} to {article.review_by}")
    for label, values in (("topics", article.topics), ("synonyms", article.synonyms),
                          ("related", article.related)):  # fmt: skip
        if values:
            say(f"  {label}: {', '.join(values)}")
    for name, value in article.facts:
        say(f"  {name} = {value}")
    if source := front_of(text).get("source"):
        say(f"  from {source.get('from')}, imported {source.get('imported_at')}")
    for passage in article.passages:
        say(f"\n{passage.citation}  {passage.text}")
        if passage.spoken != passage.text:
            say(f"    spoken: {passage.spoken}")
        for asked in passage.asked:
            say(f"    asked:  {asked}")
    return 0


def diff(office: Office, given: argparse.Namespace, say: Say) -> int:
    """The differences between two versions."""
    record = office.known(given.article)
    lines = compare(text_of(record, given.old), text_of(record, given.new))
    for line in lines or ["nothing differs"]:
        say(line)
    return 0


def history(office: Office, given: argparse.Namespace, say: Say) -> int:
    """An article's versions and the acts on it."""
    record = office.known(given.article)
    live = record.live_version
    for version, entry in sorted(published(record.entries).items()):
        mark = "  ← live" if version == live else ""
        say(f"version {version}, published {entry.at[:10]}{mark}")
    if record.draft is not None:
        say(f"version {version_of(record.draft)}, {lifecycle.stage(record)}")
    for line in _entries(record.entries):
        say(line)
    if not record.entries:
        say("nothing recorded" + _NOT_ADOPTED)
    return 0


def _entries(entries: Sequence[TrailEntry]) -> Iterator[str]:
    for e in entries:
        note = f"  {e.note}" if e.note else ""
        when = e.at[:16].replace("T", " ")
        yield f"{e.seq:>5}  {when}  {e.actor}  {e.action}  {e.article}@{e.version}{note}"


def audit(office: Office, given: argparse.Namespace, say: Say) -> int:
    """The trail's last entries, or whether the trail is intact."""
    if not office.adopted:
        say("no audit trail" + _NOT_ADOPTED)
        return 1
    if given.verify or given.head:
        found = verify(office.vault, given.head)
        for fault in found.faults:
            say(fault)
        if not found.faults:
            say(f"in order: {found.lines} lines, {found.kept} kept versions; head {found.head}")
        return 1 if found.faults else 0
    trail = office.vault.trail()
    chosen = [e for e in trail.entries if given.article in (None, e.article)]
    for line in _entries(chosen[-given.last :] if given.last > 0 else []):
        say(line)
    if trail.broken:
        say(f"line {trail.broken.line} is not what was written: {trail.broken.reason}")
    return 1 if trail.broken else 0


def gate_lines(gate: Gate | None) -> Iterator[str]:
    """The golden questions' result for a version, in words."""
    if gate is None:
        return
    if not gate.asked:
        yield "no golden questions: write some in golden.yaml, so that nothing gets worse unnoticed"
        return
    right = gate.asked - len(gate.wrong)
    yield f"golden questions: {right} of {gate.asked} right, {gate.better} better than before"
    for result in gate.wrong:
        yield f"  {'worse' if result in gate.worse else 'still wrong'}: {result}"


def edit_check(office: Office, given: argparse.Namespace, say: Say) -> int:
    """Whether a draft could be published as it is, golden questions included."""
    record = office.known(given.article)
    text = text_of(record, "draft")
    today = office.today(office.company())
    gate = judge(look(office.vault), given.article, text, office.vault.text(GOLDEN), today)
    say(f"{given.article} version {version_of(text)}: nothing is wrong with the file")
    for line in gate_lines(gate):
        say(line)
    loaded = assemble(would_be(look(office.vault), given.article, text))
    for finding in lint(loaded, today):
        if given.article in (finding.article, *re.findall(r"[\w-]+", finding.note)):
            say(f"{finding.kind}: {finding.note}")
    return 1 if gate.worse else 0


def linted(office: Office, given: argparse.Namespace, say: Say) -> int:
    """What needs a steward's attention."""
    loaded, today = load(office.vault.folder), office.today(office.company())
    findings = [*lint(loaded, today), *astray(loaded, today)]
    findings = [f for f in findings if f.kind not in given.ignore]
    rows = [(f.kind, f.article, f.note) for f in findings]
    for line in columns(rows) if rows else ():
        say(line)
    say(f"\n{len(findings)} findings" if findings else "nothing to remark")
    return 1 if findings else 0


def golden(office: Office, _given: argparse.Namespace, say: Say) -> int:
    """The golden questions' current results."""
    questions = read_golden(office.vault.text(GOLDEN))
    today = office.today(office.company())
    results = ask_all(assemble(look(office.vault)), questions, today)
    wrong = [result for result in results if not result.right]
    for result in wrong:
        say(f"{result}: {result.remedy}")
    say(f"{len(results) - len(wrong)} of {len(results)} golden questions are right")
    if not results:
        say("write some in golden.yaml, so that nothing gets worse unnoticed")
    return 1 if wrong else 0


def new(office: Office, given: argparse.Namespace, say: Say) -> int:
    """Create a draft to edit."""
    today = utc_now().date()

    def make(record: Record) -> str:
        if record.live is not None:
            return record.live
        return _blank(given, today)

    done = office.create(given.article, given.actor, make)
    place = office.vault.folder / DRAFTS / f"{given.article}.md"
    say(f"{place} is version {done.version}: edit it, then")
    say(next_act("submit", given.article, given))
    return 0


def _blank(given: argparse.Namespace, today: date) -> str:
    title = given.title or given.article.replace("-", " ").capitalize()
    owner = given.owner or given.actor
    front = new_front(given.article, given.type, title, owner, today)
    return (
        front
        + f"""\
# One to three sentences that answer on their own; a blank line begins the next passage. Below each,
# a line "> asked: …" for every way in which a buyer may ask for it.
{UNWRITTEN}
"""
    )
