"""Console pictures for README and docs/: `python -m tests.browser.pictures [FOLDER] [NAME …]`.

The conversations shown were held with the engine and stored as a server stores them; times, sound,
ratings, second looks and deals are invented. The live call is a real one, to a server of its own.
Run it again when a page has changed; with names after the folder, only those pictures.
"""

import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, ViewportSize

from core.engine import Engine
from core.evaluation.load import EVALS, load_evals
from core.evaluation.run import hold
from core.events import (
    ConsentRecorded,
    ConversationEnded,
    ConversationStarted,
    DisclosureHeard,
    Fact,
    MeetingRecorded,
    Noted,
    RecordingSaved,
    TurnTimed,
    UtteranceRecorded,
    VerdictReached,
)
from core.facts.claims import DealTold, HandoffRated, MeetingTold
from core.facts.standing import latest
from core.flags.rules import flagged
from core.handoff.brief import brief
from core.metrics.accuracy import FIT, LOOKED_AT
from core.scheduling.memory import MemoryDesk
from core.store import accounts, answer_checks, reviews
from core.store.card_tables import CardRow
from core.store.review_tables import AnswerCheckRow, CommentRow, OverrideRow
from core.store.store import Store
from core.talk import ConversationOpened
from core.text.talk import TextTalk
from tests.browser.chromium import chromium
from tests.browser.console_site import ConsoleSite, console_site, sign_in
from tests.browser.live_pictures import shoot_live
from tests.browser.webp import kept
from tests.console.conftest import HASH, Office
from tests.console.long_call import sound
from tests.core.talk import SAMPLE, engine, sample
from voice_agent.channels.takeover import Takeover
from voice_agent.channels.writing import Writing
from voice_agent.console.call_answers import given
from voice_agent.waveforms import Waveforms

_card = CardRow.__table__
FOLDER = Path(__file__).parents[2] / "voice_agent" / "console" / "pictures"
SIZE, TALL = ViewportSize(width=1280, height=800), ViewportSize(width=1280, height=960)
PAGES = {
    "call": "/console/calls/dana",
    "queue": "/console/queues/flagged",
    "numbers": "/console/numbers?cost=900&minutes=12",
    "chat": "/console/live/chats/chat-2",
}
SOFIA = "sofia@tideline.example"
NOW = datetime(2026, 11, 30, 19, 5, tzinfo=UTC)
"""A Monday afternoon in the sample company's zone."""
WRITTEN = (
    ("How much is the Growth plan?", "We're a forty person agency, is that enough?"),
    ("Do you connect to BigQuery?",),
    ("Where is our data stored?", "We're a retailer of 900 people in London.",
     "Can somebody send me your data processing agreement?"),
)  # fmt: skip
SAID = (
    "Hi there, can this integrate with our Snowflake data warehouse?",
    "Great. I'm Dana Whitfield from Larkspur Clinics, we're a healthcare company of about 240 "
    "people in Boston.",
    "Do you support single sign-on?",
    "And what does the Growth plan cost?",
    "We want patient outreach lists pushed from the warehouse into Salesforce by the end of March.",
    "Do you have an office in Lima?",
    "I'm the director of analytics, and there's about sixty thousand dollars a year set aside.",
    "Yes, let's book a meeting.",
    "The first one works.",
    "That's everything, thank you. Bye.",
)


def main(folder: Path, names: Sequence[str] = ()) -> None:
    """Take the named pictures, or all."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = names or (*PAGES, "live")
    with tempfile.TemporaryDirectory() as made, chromium() as browser:
        if set(wanted) & set(PAGES):
            with console_site(Path(made), before=furnished) as site:
                shoot(browser, site, folder, wanted)
        if "live" in wanted:
            shoot_live(browser, Path(made) / "var", folder, SIZE)


def shoot(browser: Browser, site: ConsoleSite, folder: Path, names: Sequence[str]) -> None:
    """Each page as a manager sees it."""
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
        page, blank = context.new_page(), context.new_page()
        sign_in(page, site.url, SOFIA)
        for name in (name for name in PAGES if name in names):
            path = PAGES[name]
            page.set_viewport_size(TALL if name == "numbers" else SIZE)
            page.goto(site.url + path)
            page.wait_for_load_state("load")
            if name == "call":  # with the sources of the first answer
                page.locator("#transcript details summary").first.click()
            page.wait_for_timeout(700)
            kept(page, blank, folder / f"{name}-{scheme}.webp")
        context.close()


class NoWrapUp:
    """Ongoing chats are not written up."""

    async def wrap_up(self, conversation_id: str, revision: int = 0) -> None: ...


# --- what is on them --------------------------------------------------------------------------


async def furnished(office: Office) -> None:
    """A month of conversations, one of them in full, and some live chats."""
    office.at = NOW
    mind = engine()
    colleagues = {}
    for name, rep, display in ((SOFIA, "sofia-alvarez", "Sofia Alvarez"),
                               ("maya", "maya-lindqvist", "Maya Lindqvist")):  # fmt: skip
        row = accounts.new_account(name, "manager", NOW, display=display, rep=rep, password=HASH)
        await office.store.write("t", partial(accounts.add, row=row))
        colleagues[name] = row.id
    await month(office.store, mind)
    await looked_at(office.store, colleagues["maya"])
    await one_call(office, mind, colleagues["maya"])
    await chats(office, mind)


async def one_call(office: Office, mind: Engine, colleague: str) -> None:
    """Dana's call, as a server stores it, and a colleague's comment at a moment of it."""
    at, company = NOW - timedelta(minutes=26), sample().company
    facts = await dana(mind, at)
    lines = [f for f in facts if isinstance(f, UtteranceRecorded)]
    ends = max(line.end_ms for line in lines)
    spans = [(int(n.speaker == "agent"), n.start_ms, n.end_ms) for n in lines]
    sound(office.archive.path("dana"), spans, ends / 1000 + 1)
    facts += [
        RecordingSaved("dana.wav", ends + 1000), ConversationEnded("booked", "caller", ends + 1000)
    ]  # fmt: skip
    notes = [Noted("handoff", brief(facts, company)), Noted("crm", {"status": "written"})]
    await office.store.log.append("dana", at, [*facts, *flagged("dana", facts, company), *notes])
    await Waveforms(office.store, office.archive, lambda: NOW).draw("dana")
    remark = CommentRow(
        id="c" * 32, conversation_id="dana", at_ms=27_000, author=colleague, mentions=[], at=NOW,
        text="Patient lists: bring the healthcare example. @sofia",
    )  # fmt: skip
    await office.store.write("t", lambda c: reviews.add_comment(c, remark))


async def chats(office: Office, mind: Engine) -> None:
    """Visitors who are typing; a colleague has the floor with one."""
    clock = lambda: office.at  # noqa: E731
    writing = Writing(mind, office.store, MemoryDesk(sample().company), NoWrapUp(), clock)
    office.floor = floor = Takeover(office.store, writing, clock)
    async with writing.running():
        for n, messages in enumerate(WRITTEN):
            opened = ConversationOpened(f"chat-{n}", "chat", "inbound", None, None, office.at)
            await writing.open(opened)
            for m, text in enumerate(messages):
                office.at += timedelta(seconds=20)
                line = await writing.say(f"chat-{n}", f"m{m}", text)
                await writing.reply(f"chat-{n}", line.said.turn)
    await floor.take("chat-2", "sofia-alvarez")
    await floor.say("chat-2", "sofia-alvarez", "s1", "Hi, Sofia here. I can send you our DPA now.")
    office.at += timedelta(seconds=20)
    office.__post_init__()  # with the chats' routes
    await writing.say("chat-2", "m9", "That would be perfect, to legal@harborgoods.example please.")


async def dana(mind: Engine, at: datetime) -> list[Fact]:
    """One call from its greeting to its goodbye."""
    company = sample().company
    began = ConversationOpened("dana", "voice", "inbound", "+16175550188", company.numbers[0], at)
    talk = TextTalk(mind, began, desk=MemoryDesk(company))
    for words in SAID:
        await talk.says(words)
    facts = [replace(f, call_sid="CA" + "d" * 32) if isinstance(f, ConversationStarted) else f
             for f in talk.facts]  # fmt: skip
    heard = [DisclosureHeard(2_600), ConsentRecorded("recording", "given", "announced", 2_600)]
    return [facts[0], *heard, *facts[1:], *timed(range(1, len(SAID) + 1))]


def timed(turns: Sequence[int], n: int = 0) -> list[Fact]:
    """How long each answer took."""
    took = {t: 240 + 37 * (t * 5 % 7) + 23 * (n % 9) for t in turns}
    return [TurnTimed(t, ms, ms - 90, 30, 20, 25, 15, True) for t, ms in took.items()]


async def month(store: Store, mind: Engine) -> None:
    """The sample's authored conversations over four weeks, some with outcomes."""
    authored = load_evals(SAMPLE / EVALS, sample()).conversations
    chance = random.Random(7)
    for n, one in enumerate(authored):
        held = await hold(one, mind)
        at = NOW - timedelta(days=int(28 * chance.random() ** 1.3), minutes=chance.randint(30, 500))
        facts = [replace(f, call_sid=f"CA{n:032}") if isinstance(f, ConversationStarted) else f
                 for f in held.facts]  # fmt: skip
        if one.channel == "voice":
            facts += timed(range(1, 6), n)
        flags = flagged(one.id, facts, sample().company)
        told = [Noted("handoff", brief([*facts, *flags], sample().company)),
                Noted("crm", {"status": "failed" if n % 23 == 5 else "written"})]  # fmt: skip
        await store.log.append(one.id, at, [*facts, *flags, *told, *came_of_it(facts, n)])


async def looked_at(store: Store, colleague: str) -> None:
    """A colleague's second looks at conversations drawn for one, and checks of their answers."""
    drawn = await store.query(lambda c: to_look_at(c, sample().company.review.second_looks))
    for n, (name, verdict) in enumerate(drawn):
        said = verdict if n % 8 != 5 else "nurture" if verdict == FIT else FIT
        look = OverrideRow(
            id=f"look-{n}", conversation_id=name, result=said, agent_result=verdict, by=colleague,
            at=NOW,
        )  # fmt: skip
        facts = [entry.fact for entry in await store.log.read(name)]
        checks = [
            AnswerCheckRow(
                id=f"check-{n}-{one.id}", conversation_id=name, question_id=one.id, gave=one.gave,
                result=one.wrong if one.gave == "deferral" and m % 4 == 1 else "right",
                by=colleague, at=NOW,
            )
            for m, one in enumerate(given(facts, {}), n)
        ]  # fmt: skip
        await store.write("t", partial(looked, look=look, checks=checks))


def to_look_at(c: sa.Connection, share: float) -> list[tuple[str, str]]:
    """The queue of second looks."""
    drawn = sa.select(_card.c.conversation_id, _card.c.verdict).where(
        _card.c.draw < share, _card.c.verdict.in_(LOOKED_AT)
    )
    return [(name, verdict) for name, verdict in c.execute(drawn.order_by(_card.c.id))]


def looked(c: sa.Connection, look: OverrideRow, checks: Sequence[AnswerCheckRow]) -> None:
    """Store a colleague's verdict on one conversation."""
    reviews.add_override(c, look)
    answer_checks.add_checks(c, checks)


def came_of_it(facts: Sequence[Fact], n: int) -> list[Fact]:
    """What reps reported afterwards, for some conversations."""
    verdict, met = latest(facts, VerdictReached), latest(facts, MeetingRecorded)
    if verdict is None or verdict.result != "qualified":
        return []
    made: list[Fact] = []
    if n % 3:
        made.append(HandoffRated("maya-lindqvist", 4 + n % 2, n % 7 == 0, "console"))
    if met is not None and n % 4:
        made.append(MeetingTold(met.booking_id, "no_show" if n % 9 == 2 else "held", "maya", "api"))
    if n % 5 < 2:
        stage = "won" if n % 2 else "open"
        amount = 1_440_000 + 360_000 * (n % 6)
        made.append(DealTold(stage, amount, "USD", "maya-lindqvist", "api"))  # type: ignore[arg-type]
    return made


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, sys.argv[2:])
