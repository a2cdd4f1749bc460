"""Whatever people do, in whatever order: nothing is live that nobody else has approved."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.article_text import content_hash, front_of, split_article, with_keys
from knowledge.errors import CompanyInvalid
from knowledge.governance.lifecycle import Refused
from knowledge.governance.office import Office
from knowledge.governance.trail import TrailEntry, last_live, published
from knowledge.governance.verify import verify
from knowledge.load import load
from tests.knowledge.lumo import desk, write_company

PEOPLE = st.sampled_from(("ada", "ben", "eva") * 3 + ("mallory",))
NAMES = st.sampled_from(("lamp", "bulb", "shade"))
NUMBERS = st.integers(1, 4)
NOISE = st.tuples(
    st.sampled_from(
        ("create", "edit", "submit", "approve", "publish", "reject", "retire", "rollback",
         "emergency", "restore", "forge", "tamper")
    ),
    NAMES, PEOPLE, NUMBERS,
).map(lambda step: [step])  # fmt: skip
WAY = st.tuples(
    NAMES,
    st.lists(PEOPLE, min_size=7, max_size=7),
    st.sampled_from(("", "edit", "edit", "forge", "reject")),
    st.integers(2, 4),
).map(lambda w: _way(*w))
"""The usual way of a version with something put in at one place, by whoever."""
STEPS = st.lists(st.one_of(WAY, WAY, NOISE), min_size=1, max_size=6).map(
    lambda parts: [step for part in parts for step in part]
)


def _way(
    name: str, people: list[str], disturbance: str, at: int
) -> list[tuple[str, str, str, int]]:
    kinds = ["create", "edit", "submit", "approve", "publish"]
    if disturbance:
        kinds.insert(at, disturbance)
    return [(kind, name, who, 1) for kind, who in zip(kinds, people, strict=False)]


def take(office: Office, step: tuple[str, str, str, int]) -> None:
    """One step; people refused by the rules shrug and go on."""
    kind, article, who, n = step
    folder = office.vault.folder
    draft, live = folder / "drafts" / f"{article}.md", folder / "articles" / f"{article}.md"
    other = live if live.exists() else folder / "articles" / "lamp.md"
    acts: dict[str, Callable[[], object]] = {
        "create": lambda: office.create(article, who, lambda record: record.live or _renamed(other, article)),  # noqa: E501
        "edit": lambda: _append(draft, n),
        "submit": lambda: office.submit(article, who),
        "approve": lambda: office.approve(article, who),
        "publish": lambda: office.publish(article, who),
        "reject": lambda: office.reject(article, who, "no"),
        "retire": lambda: office.retire(article, who, "gone"),
        "rollback": lambda: office.roll_back(article, who, n),
        "emergency": lambda: office.roll_back(article, who, n, "fire"),
        "restore": lambda: office.restore(article, who),
        "forge": lambda: _forge(draft),
        "tamper": lambda: _append(live, n),
    }  # fmt: skip
    try:
        acts[kind]()
    except (Refused, CompanyInvalid):
        pass


def _renamed(path: Path, article: str) -> str:
    return with_keys(path.read_text() if path.exists() else "---\n---\nText.", id=article)


def _append(path: Path, n: int) -> None:
    if path.exists():
        path.write_text(f"{path.read_text()}\nIt weighs {n} pounds.\n")


def _forge(draft: Path) -> None:
    if draft.exists():
        draft.write_text(with_keys(draft.read_text(), status="approved", approved_by="eva"))


PASSING = ("status", "approved_by", "version", "author", "valid_from", "review_by", "source")
"""What a later restatement of a version may change."""


def statement(text: str) -> tuple[dict[str, object], str]:
    """What an article states: equal for a version and its later restatement."""
    parts = split_article(text)
    front = {key: value for key, value in front_of(text).items() if key not in PASSING}
    return front, (parts[1] if parts else text).strip()


def approved_by_another(
    entry: TrailEntry, entries: tuple[TrailEntry, ...], texts: dict[str, str]
) -> bool:
    """Whether what an entry made live had been approved by someone who did not write it."""
    if entry.action == "adopted":
        return True
    before = [e for e in entries if e.seq < entry.seq]
    if entry.action == "published-emergency":
        same = statement(texts[entry.content])
        was_live = [e for e in published(before).values() if e.content in texts]
        return any(statement(texts[e.content]) == same for e in was_live)
    wrote = {
        e.actor for e in before
        if e.version == entry.version and e.action in ("created", "submitted", "rolled-back")
    }  # fmt: skip
    return any(
        e.action == "approved" and e.content == entry.content and e.actor not in wrote
        for e in before
    )


@settings(max_examples=35, deadline=None)
@given(STEPS)
def test_no_sequence_of_acts_makes_live_what_nobody_else_approved(steps):
    with tempfile.TemporaryDirectory() as place:
        folder = write_company(Path(place) / "lumo")
        office = desk(folder)
        office.adopt("eva")
        ever: dict[str, str] = {}
        for step in steps:
            take(office, step)
            for path in folder.glob("history/*/*.md"):
                ever.setdefault(content_hash(path.read_text()), path.read_text())
        trail = office.vault.trail()
        assert verify(office.vault).faults == ()
        assert "mallory" not in {e.actor for e in trail.entries}
        for name in ("lamp", "bulb", "shade"):
            entries = trail.of(name)
            for entry in published(entries).values():
                assert entry.content in ever, "every version that was live is kept"
                assert approved_by_another(entry, entries, ever)
        _only_the_approved_is_spoken(folder, office)


def _only_the_approved_is_spoken(folder: Path, office: Office) -> None:
    try:
        loaded = load(folder)
    except CompanyInvalid as error:
        assert "restore" in str(error) or "nobody approved" in str(error)
        return
    for article in loaded.articles:
        live = last_live(office.vault.trail().of(article.id))
        text = (folder / article.source).read_text()
        if article.status == "published":
            assert live is not None and live.content == content_hash(text)
