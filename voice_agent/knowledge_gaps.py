"""`voice-agent knowledge gaps`: questions nobody could answer, and a draft article from one."""

import argparse
import shlex
from collections.abc import Callable
from datetime import date, datetime, timedelta

import anyio

from core.clock import utc_now
from core.errors import StoreFailed
from core.store.store import Store
from core.store.unanswered import unanswered
from knowledge.answer import KnowledgeBase
from knowledge.article_text import UNWRITTEN, asked_in, new_front
from knowledge.entry import ArticleType, NoAnswer
from knowledge.gaps import Gap, Unanswered, gaps, still_open
from knowledge.governance.lifecycle import Record, Refused
from knowledge.governance.office import Done, Office
from knowledge.governance.vault import DRAFTS
from knowledge.importing.proposal import id_of
from knowledge.load import load
from voice_agent.config import Settings
from voice_agent.knowledge_questions import checked_again
from voice_agent.knowledge_wordings import MOST_WORDINGS, teach

Say = Callable[[str], None]


def report(settings: Settings, office: Office, given: argparse.Namespace, say: Say) -> int:
    """List the gaps, or begin the draft for one. Exit code 1 when there is no such gap."""
    url = settings.store_url
    if not settings.database_url and not (settings.var / "voice_agent.db").exists():
        say(f"no conversations yet: there is no database at {settings.var / 'voice_agent.db'}")
        return 0
    since = utc_now() - timedelta(days=given.days) if given.days else None
    try:
        found = gaps(anyio.run(_read, url, office, since))
    except StoreFailed as error:
        say(f"the database cannot be read: {error}; check VOICE_AGENT_DATABASE_URL")
        return 1
    if given.action == "draft":
        return _draft(office, found, given, say)
    if given.action == "answered":
        return _answered(office, found, given, say)
    return _list(office, found, given.last, say)


async def _read(url: str, office: Office, since: datetime | None) -> list[Unanswered]:
    store = await anyio.to_thread.run_sync(Store, url)
    try:
        loaded = load(office.vault.folder)
        await checked_again(store, loaded, lambda: KnowledgeBase(loaded))
        asked = await store.query(unanswered(loaded.company, since))
        return still_open(asked, loaded.articles, office.today(loaded.company))
    finally:
        await store.aclose()


def _list(office: Office, found: list[Gap], most: int, say: Say) -> int:
    if not found:
        say("no gaps: every question of the stored conversations was answered")
        return 0
    company = office.company()
    base, today = KnowledgeBase(load(office.vault.folder)), office.today(company)
    begun = in_work(office)
    valued = any(s.value is not None for s in company.segments) or any(g.objection for g in found)
    for n, gap in enumerate(found[:most], start=1):
        near = ", ".join(_near(base, gap.wording, today)) or "none"
        worth = f" · worth {gap.worth:,.0f}" if valued else ""
        times = f"asked {_counted(gap.count, 'time')} by {_counted(gap.callers, 'caller')}"
        say(f"{n:3}  {gap.wording}")
        say(f"     {times}, last {gap.last.date()}{worth} · owner {gap.owner}{_from(gap)}")
        say(f"     {gap.reason}; nearest: {near}")
        if draft := begun.get(plain(gap.wording)):
            say(f"     in the draft of {draft}")
    if len(found) > most:
        say(f"{len(found) - most} more; --last {len(found)} shows all")
    say("voice-agent knowledge gaps draft N --as PERSON begins an article that answers number N;")
    say("gaps answered N --by ARTICLE#PASSAGE --as PERSON adds its wordings to one that does")
    return 0


def _from(gap: Gap) -> str:
    """Where it was asked, unless only of the agent."""
    told = [f"{source or 'the agent'} {n}" for source, n in gap.sources]
    lost = " · lost deals" if gap.objection else ""
    return f"{lost} · from {', '.join(told)}" if any(s for s, _ in gap.sources) else ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _near(base: KnowledgeBase, wording: str, today: date) -> tuple[str, ...]:
    answer = base.answer(wording, day=today)
    return answer.near if isinstance(answer, NoAnswer) else (f"{answer.article.id} (answers now)",)


def _answered(office: Office, found: list[Gap], given: argparse.Namespace, say: Say) -> int:
    gap = _chosen(found, given)
    if not given.by:
        raise Refused("say which article: voice-agent knowledge gaps answered N --by ARTICLE#1")
    done = teach(office, gap.wordings, given.by, given.actor)
    say(f"{done.article} version {done.version}: {done.said}")
    say(f"then {next_act('submit', done.article, given)}")
    return 0


def next_act(act: str, article: str, given: argparse.Namespace) -> str:
    """The command that comes next, in the same company folder."""
    company = getattr(given, "company", None)
    folder = f" --company {shlex.quote(str(company))}" if company else ""
    return f"voice-agent knowledge {act} {article}{folder} --as {given.actor}"


def _chosen(found: list[Gap], given: argparse.Namespace) -> Gap:
    """The gap a command is about. Raises: Refused."""
    number: int | None = given.number
    if number is None or not given.actor:
        raise Refused(f"say which and who: voice-agent knowledge gaps {given.action} N --as PERSON")
    if not 1 <= number <= len(found):
        raise Refused(f"there is no gap {number}; `knowledge gaps` lists {len(found)}")
    return found[number - 1]


def _draft(office: Office, found: list[Gap], given: argparse.Namespace, say: Say) -> int:
    gap = _chosen(found, given)
    if (begun := in_work(office).get(plain(gap.wording))) and not given.id:
        raise Refused(
            f"the draft of `{begun}` has that question already: {office.vault.folder}/{DRAFTS}/"
            f"{begun}.md; --id begins another article all the same"
        )
    done = begin(office, gap, given.actor, given.id)
    article = done.article
    place = office.vault.folder / DRAFTS / f"{article}.md"
    say(f"{place} is version {done.version}, with {len(gap.wordings)} wordings: write the answer,")
    say(f"then {next_act('submit', article, given)}")
    return 0


def begin(office: Office, gap: Gap, actor: str, name: str | None = None) -> Done:
    """Begin the article that answers a gap. Raises: Refused."""
    article = name or id_of(gap.wording, set(office.names()))
    text = _text(gap, article, actor, office.today(office.company()))

    def make(record: Record) -> str:
        if record.live is not None or record.draft is not None:
            raise Refused(f"`{article}` exists; choose another with --id")
        return text

    return office.create(article, actor, make)


def in_work(office: Office) -> dict[str, str]:
    """The article in whose draft each wording stands that no article lists yet, by wording."""
    found = {}
    for name in office.vault.names(DRAFTS):
        text = office.vault.text(f"{DRAFTS}/{name}.md") or ""
        found.update({plain(wording): name for wording in asked_in(text)})
    return found


def plain(wording: str) -> str:
    """A wording as drafts list it, whatever its case and marks."""
    return " ".join(wording.split()).rstrip(" ?.!").lower()


def _sources(gap: Gap) -> str:
    named = ", ".join(f"{source} ({n})" for source, n in gap.sources if source)
    return f"\n# Found in {named}" if named else ""


def _text(gap: Gap, article: str, owner: str, today: date) -> str:
    asked = "\n".join(f"> asked: {' '.join(w.split())}" for w in gap.wordings[:MOST_WORDINGS])
    title = gap.wording.strip().rstrip("?")
    kind: ArticleType = "objection" if gap.objection else "capability"
    front = new_front(article, kind, title[:1].upper() + title[1:], owner, today)
    return (
        front
        + f"""\
# Asked {_counted(gap.count, "time")} by {_counted(gap.callers, "caller")}, last {gap.last.date()}
# Deferred because: {" ".join(gap.reason.split())}{_sources(gap)}
{UNWRITTEN}
{asked}
"""
    )
