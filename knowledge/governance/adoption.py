"""Starts an audit trail for a hand-written folder as it stands. Pure."""

from datetime import datetime

from knowledge.article_text import content_hash, front_of, version_of, with_keys
from knowledge.governance.lifecycle import Refused
from knowledge.governance.trail import Trail, TrailEntry
from knowledge.governance.vault import ARTICLES, DRAFTS, HISTORY, Change
from knowledge.load import Snapshot, assemble

NOTE = "as found when the trail began"


def adoption(
    snapshot: Snapshot, actor: str, now: datetime
) -> tuple[Change, list[tuple[str, int, str]]]:
    """The change that starts the trail, and for each article its version and what was done.

    Published articles are kept as they are; drafts, and articles under review, move to `drafts/`
    and start over; retired ones stay. Raises: CompanyInvalid.
    """
    assemble(snapshot)
    trail = Trail()
    entries: list[TrailEntry] = []
    writes: dict[str, str] = {}
    removes: list[str] = []
    done: list[tuple[str, int, str]] = []
    for stem, text in sorted(snapshot.articles.items()):
        front = front_of(text)
        name, version, status = str(front.get("id", stem)), version_of(text), front.get("status")
        content = content_hash(text)
        target = f"{ARTICLES}/{name}.md" if status in ("published", "retired") else ""
        if status == "published":
            entry = trail.follow(now, actor, "adopted", name, version, content, NOTE)
            writes[f"{HISTORY}/{name}/{version}.md"] = text
            done.append((name, version, "published, and kept as it is"))
        elif status == "retired":
            continue
        else:
            entry = trail.follow(now, actor, "created", name, version, content, NOTE)
            target, text = f"{DRAFTS}/{name}.md", with_keys(text, status="draft", approved_by=None)
            done.append((name, version, "a draft now; submit it when it is ready"))
        trail = trail.then(entry)
        entries.append(entry)
        if target != f"{ARTICLES}/{stem}.md":
            if target in writes or target in _there(snapshot):
                raise Refused(
                    f"{ARTICLES}/{stem}.md would become {target}, which exists; rename it"
                )
            writes[target] = text
            removes.append(f"{ARTICLES}/{stem}.md")
    return Change(tuple(entries), writes, tuple(removes)), done


def _there(snapshot: Snapshot) -> set[str]:
    live = {f"{ARTICLES}/{name}.md" for name in snapshot.articles}
    return live | {f"{DRAFTS}/{name}.md" for name in snapshot.drafts}
