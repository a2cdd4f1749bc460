"""A company of three people and two articles, small enough to load a thousand times."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from knowledge.governance.office import Office
from knowledge.governance.vault import Disk, Vault

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
"""Already the 24th in Berlin."""

PROFILE = """
id: lumo
name: Lumo
tagline: Lumo makes lamps.
website: https://lumo.example
numbers: ["+496990009142"]
timezone: Europe/Berlin
hours: {week: {mon: [{from: "09:00", to: "17:00"}]}}
voice:
  agent_name: Jonas
  disclosure: "Hello, this is {agent}, the AI assistant of {company}."
  recording_notice: "We record this call; press {key} if you do not want that."
  greeting: "How can I help?"
team:
  - {id: ada, name: Ada A, email: ada@lumo.example, segments: [all]}
  - {id: ben, name: Ben B, email: ben@lumo.example, segments: [all]}
stewards:
  - {id: eva, name: Eva E, email: eva@lumo.example}
default_owner: ada
segments:
  - id: all
    label: Anyone
    criteria:
      - {name: budget, label: Budget, kind: number, at_least: 10, ask: ["What is your budget?"],
         why: "To name the right lamp.", topics: [lamps]}
routing:
  - {id: rest, reps: [ada], action: callback}
"""

ARTICLE = """---
id: {id}
version: 1
type: capability
title: {title}
topics: [lamps]
owner: ada
status: published
approved_by: ben
valid_from: 2026-01-01
review_by: 2030-01-01
---
{body}
"""

LAMP = ARTICLE.format(
    id="lamp", title="Garden lamp", body="The garden lamp runs for nine hours.\n"
    "> asked: how long does the garden lamp run\n"
)  # fmt: skip
BULB = ARTICLE.format(
    id="bulb", title="Bulb", body="Every bulb can be replaced by hand.\n"
    "> asked: can i replace the bulb\n"
)  # fmt: skip


class QuickDisk(Disk):
    """Does not wait for the disk: a test's machine does not lose power."""

    def sync(self, file: TextIO) -> None:
        file.flush()


def desk(folder: Path) -> Office:
    """An office on a fast disk."""
    return Office(folder, NOW, Vault(folder, QuickDisk()))


def write_company(folder: Path) -> Path:
    (folder / "articles").mkdir(parents=True)
    (folder / "company.yaml").write_text(PROFILE)
    (folder / "articles" / "lamp.md").write_text(LAMP)
    (folder / "articles" / "bulb.md").write_text(BULB)
    return folder


def adopted(folder: Path) -> Path:
    """Such a company with its trail begun."""
    desk(write_company(folder)).adopt("eva")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Change a file as somebody with an editor would."""
    path = folder / name
    text = path.read_text()
    assert old in text, text
    path.write_text(text.replace(old, new, 1))


def revise(office: Office, article: str, old: str, new: str, author: str = "ada") -> None:
    """Submit a next version with one change."""
    office.create(article, author, lambda record: record.live or "")
    edit(office.vault.folder, f"drafts/{article}.md", old, new)
    office.submit(article, author)


def put_live(office: Office, article: str, old: str, new: str) -> None:
    """Publish a next version with one change."""
    revise(office, article, old, new)
    office.approve(article, "ben")
    office.publish(article, "ada")
